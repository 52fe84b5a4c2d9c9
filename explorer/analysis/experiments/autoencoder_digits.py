"""A feed-forward autoencoder on digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from explorer.analysis.digits import judge_codes
from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.generated import make
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.pca import PCA
from explorer.progress import Part, Progress

WIDTHS = (2, 8)


@dataclass(kw_only=True, eq=False, repr=False)
class AutoencoderDigits(Experiment):
    """A 64-256-128-k autoencoder restores digits with half the error of PCA's k numbers, and keeps them apart.

    Digits as in the experiment ``pca``: the first 1300 for training, 497 for the test. Weak noise on the inputs, drawn
    anew in every epoch, stands for the digits that there are not; its size and the epochs were chosen on the last 300
    of the training samples, after training on the first 1000.
    """

    title: ClassVar[str] = "Autoencoder on digits, beside PCA"
    minutes: ClassVar[float] = 3.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("test_mse_k2", "<=", 0.0317),
        Target("knn_accuracy_k2", ">=", 0.863),
        Target("trustworthiness_k2", ">=", 0.962),
        Target("test_mse_k8", "<=", 0.0120),
        Target("knn_accuracy_k8", ">=", 0.960),
    )
    noise: ClassVar[dict[int, float]] = {2: 0.3, 8: 0.1}
    epochs: ClassVar[int] = 300

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train a network of each width, and judge its codes beside PCA's."""
        data = make("digits", split_at=1300)
        values: dict[str, float] = {}
        baselines: dict[str, float] = {}
        for i, k in enumerate(WIDTHS):
            network = Autoencoder(
                latent_dim=k,
                hidden=(256, 128),
                corruption=f"gaussian:{self.noise[k]}",
                epochs=self.epochs,
                patience=0,
                seed=seed,
            )
            network.fit(data, progress=Part(progress, i / len(WIDTHS), 1 / len(WIDTHS), f"k = {k}, "))
            values |= {f"{name}_k{k}": value for name, value in judge_codes(network, data).items()}
            judged = judge_codes(PCA(latent_dim=k).fit(data), data)
            baselines |= {f"pca_{name}_k{k}": value for name, value in judged.items()}
        return Measured(values, baselines)
