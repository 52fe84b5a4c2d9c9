"""Dense and convolutional VAEs of digits, and the exact likelihood of a linear one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.digits import judge_codes
from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.experiments.linear_vae import jittered, probabilistic_pca
from explorer.data.dataset import Dataset
from explorer.data.split import TRAIN, VALIDATION
from explorer.models.recipes.pca import PCA
from explorer.models.recipes.vae import VAE
from explorer.parameters import Param
from explorer.progress import Part, Progress

WIDTHS = (2, 8)
NETWORKS: dict[str, dict[str, Any]] = {"dense": {"network": "dense"}, "convolutional": {"network": "convolutional"}}


@dataclass(kw_only=True, eq=False, repr=False)
class VAEDigits(Experiment):
    """Beyond probabilistic PCA: a VAE of digits whose layers bend, and one whose layers know where pixels lie.

    Digits with noise as in the experiment ``linear-vae``, of which the last 150 for training stop it. Nats per test
    sample: the ELBO, the importance-weighted bound with 64 draws, and how many units of the code are used (variance of
    their means over .01). Both nets have the recipe's own settings and 150 epochs at most; the convolutional one has
    three times as many weights, and twice as many of a dense net gain less (15.9 at k = 8, one run). Beside them the
    exact likelihood of probabilistic PCA, which no linear VAE can pass, and of both codes and PCA's the share of test
    digits whose class the five nearest training codes tell.
    """

    title: ClassVar[str] = "VAE: dense and convolutional, on digits"
    minutes: ClassVar[float] = 4.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("dense_over_ppca_k8", ">=", 5.0),
        Target("convolutional_over_dense_k8", ">=", 1.0),
        Target("dense_tightening_k8", ">=", 0.0),
        Target("convolutional_tightening_k8", ">=", 0.0),
    )

    epochs: Annotated[int, Param("Of each training, at most.", ge=1, le=10_000)] = 150

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train each net at each width, and set its bounds beside the exact likelihood of a linear one."""
        data = _with_validation(jittered())
        test = data.part("test")
        values: dict[str, float] = {}
        baselines: dict[str, float] = {}
        for i, k in enumerate(WIDTHS):
            for j, (name, options) in enumerate(NETWORKS.items()):
                part = Part(progress, (2 * i + j) / 4, 1 / 4, f"{name}, k = {k}, ")
                model = VAE(latent_dim=k, epochs=self.epochs, patience=25, seed=seed, **options).fit(
                    data, progress=part
                )
                elbo, iwae = model.elbo(test, samples=16)["elbo"], model.iwae(test, 64)
                values |= {
                    f"{name}_elbo_k{k}": elbo,
                    f"{name}_iwae64_k{k}": iwae,
                    f"{name}_tightening_k{k}": iwae - elbo,
                    f"{name}_active_units_k{k}": float(model.active_units(test)),
                }
                values[f"{name}_knn_accuracy_k{k}"] = judge_codes(model, data)["knn_accuracy"]
            likelihood, _ = probabilistic_pca(k, data)
            baselines[f"ppca_likelihood_k{k}"] = likelihood
            baselines[f"pca_knn_accuracy_k{k}"] = judge_codes(PCA(latent_dim=k).fit(data), data)["knn_accuracy"]
            values[f"dense_over_ppca_k{k}"] = values[f"dense_elbo_k{k}"] - likelihood
            values[f"convolutional_over_dense_k{k}"] = values[f"convolutional_elbo_k{k}"] - values[f"dense_elbo_k{k}"]
        return Measured(values, baselines)


def _with_validation(data: Dataset, held: int = 150) -> Dataset:
    """Return the same samples, the last for training as those for validation."""
    split = data.split.copy()
    split[np.flatnonzero(split == TRAIN)[-held:]] = VALIDATION
    return replace(data, split=split)
