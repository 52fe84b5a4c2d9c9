"""A planted dictionary, found by a sparse autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.data.sets.dictionary import planted_atoms
from explorer.progress import Progress

ATOMS = 128
SAME = 0.9
"""An atom is found if one of those learnt has at least this |cosine| with it."""


@dataclass(kw_only=True, eq=False, repr=False)
class SparseDictionary(Experiment):
    """A sparse autoencoder, whose atoms have length 1, finds a planted dictionary.

    10,000 samples in 64 dimensions, each the sum of 5 of 128 atoms with coefficients of 0.5 to 1.5, and noise of .02.
    Found is an atom whose |cosine| with some learnt atom is above .9; L0 is the number of active entries in the codes
    of test samples, the error is that against the test samples without noise. Beside it scikit-learn's dictionary
    learning (5 passes over the same training samples), whose codes are exact solutions of a lasso, one by one, where
    the autoencoder's come from one layer; PCA with 5 and 64 components; and as many random atoms.
    """

    title: ClassVar[str] = "A planted dictionary is found again"
    minutes: ClassVar[float] = 0.5
    targets: ClassVar[tuple[Target, ...]] = (
        Target("atoms_found", ">=", 0.95),
        Target("l0", "<=", 10.0),
        Target("mse_over_pca_5", "<=", 0.25),
    )
    settings_of_model: ClassVar[dict[str, Any]] = {"l1": 0.005, "epochs": 80}

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Learn the atoms of a dictionary drawn from `seed`."""
        from explorer.models.recipes.pca import PCA
        from explorer.models.recipes.sparse_autoencoder import SparseAutoencoder

        data = make("dictionary", atoms=ATOMS, active=5, signed=False, seed=seed)
        planted, test = planted_atoms(data), data.part("test")
        model = SparseAutoencoder(
            latent_dim=ATOMS, scaling="none", patience=0, seed=seed, **self.settings_of_model
        ).fit(data, progress=progress)
        errors = {k: -PCA(latent_dim=k).fit(data).score(test) for k in (5, 64)}
        mse = -model.score(test)
        random = np.random.default_rng([seed, 1]).standard_normal(planted.shape)
        return Measured(
            {
                "atoms_found": share_found(planted, model.atoms_),
                "mse": mse,
                "mse_over_pca_5": mse / errors[5],
                **model.measure(test),
            },
            {
                **_scikit_learn(data, planted, seed),
                **{f"pca_{k}_mse": error for k, error in errors.items()},
                "random_atoms_found": share_found(planted, random),
                "variance": float(test.clean.var()),
                "planted_l0": 5.0,
            },
        )


def share_found(planted: np.ndarray, learnt: np.ndarray) -> float:
    """Return the share of planted atoms ``(K, D)`` that some learnt atom is as good as parallel to."""
    lengths = np.linalg.norm(learnt, axis=1, keepdims=True)
    cosines = planted @ (learnt / np.where(lengths > 0, lengths, 1.0)).T
    return float((np.abs(cosines).max(axis=1) > SAME).mean())


def _scikit_learn(data: Dataset, planted: np.ndarray, seed: int) -> dict[str, float]:
    from sklearn.decomposition import MiniBatchDictionaryLearning

    test = data.part("test")
    learner = MiniBatchDictionaryLearning(
        len(planted),
        alpha=0.1,  # pyright: ignore[reportArgumentType] - its types are guessed from its defaults
        max_iter=5,
        batch_size=64,
        fit_algorithm="cd",
        transform_algorithm="lasso_cd",
        transform_alpha=0.1,
        transform_max_iter=50_000,
        positive_code=True,
        tol=0,
        max_no_improvement=None,  # pyright: ignore[reportArgumentType]
        random_state=seed,
    ).fit(data.part("train").values.astype(np.float64))  # in float32 its tolerance cannot be met: thousands of warnings
    codes = learner.transform(test.values.astype(np.float64))
    return {
        "scikit_learn_atoms_found": share_found(planted, learner.components_),
        "scikit_learn_l0": float((codes != 0).sum(axis=1).mean()),
        "scikit_learn_mse": float(np.mean((codes @ learner.components_ - test.clean) ** 2)),
    }
