"""A linear autoencoder and PCA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.generated import make
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.pca import PCA
from explorer.progress import Progress

WIDTH = 8


@dataclass(kw_only=True, eq=False, repr=False)
class LinearAutoencoder(Experiment):
    """Without activations an autoencoder finds PCA's subspace, by gradients alone, and has its error.

    Its axes are others: nothing tells the directions within the subspace apart (P. Baldi and K. Hornik, Neural
    Networks 2, 1989). Digits as in the experiment ``pca``, a code of 8; angles between the two subspaces in degrees,
    beside those to a random subspace.
    """

    title: ClassVar[str] = "A linear autoencoder spans PCA's subspace"
    minutes: ClassVar[float] = 1.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("largest_angle", "<=", 1.0),
        Target("mse_over_pca", "<=", 1.001),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train the network and compare what its decoder spans."""
        data = make("digits", split_at=1300)
        network = Autoencoder(
            latent_dim=WIDTH,
            hidden=(),
            activation="linear",
            scaling="none",
            optimiser="soap",
            batch_size=len(data),  # no noise in the gradient: it goes all the way
            epochs=1500,
            learning_rate=0.01,
            patience=0,
            seed=seed,
        ).fit(data, progress=progress)
        pca = PCA(latent_dim=WIDTH).fit(data)
        zero = network.inverse_transform(np.zeros((1, WIDTH)))
        spanned = (network.inverse_transform(np.eye(WIDTH)) - zero).reshape(WIDTH, -1)
        angles = _angles(spanned, pca.components_)
        random = np.random.default_rng(seed).standard_normal(spanned.shape)
        errors = [-model.score(data.part("test")) for model in (network, pca)]
        return Measured(
            {
                "largest_angle": float(angles.max()),
                "mean_angle": float(angles.mean()),
                "test_mse": errors[0],
                "mse_over_pca": errors[0] / errors[1],
            },
            {"pca_test_mse": errors[1], "random_subspace_largest_angle": float(_angles(random, pca.components_).max())},
        )


def _angles(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the principal angles between the spaces that rows span, in degrees."""
    from scipy.linalg import subspace_angles

    return np.degrees(subspace_angles(first.T, second.T))
