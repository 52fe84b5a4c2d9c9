"""Two numbers for each digit, by a straight projection and by a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from explorer.analysis.digits import judge_codes
from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.generated import make
from explorer.progress import Progress


@dataclass(kw_only=True, eq=False, repr=False)
class Visualisation(Experiment):
    """A map of digits that a denoising autoencoder made keeps neighbourhoods better than PCA, on digits never seen.

    8 × 8 digits, the first 1300 for training and 497 for the test; a code of two numbers; noise of 0.3 standard
    deviations, fresh in every epoch, is added while training only. Trustworthiness and continuity (12 neighbours) are
    those of the test samples; a test sample's class is told by its 5 nearest training samples on the map. The noise,
    the layers and the number of epochs were chosen on the last 300 of the training samples.
    """

    title: ClassVar[str] = "A map of digits: autoencoder against PCA"
    minutes: ClassVar[float] = 2.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("trustworthiness", ">=", 0.962),
        Target("continuity_gain_over_pca", ">=", 0.0),
        Target("knn_accuracy", ">=", 0.863),
        Target("test_mse", "<=", 0.0317),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Fit both, and judge both on the test samples."""
        from explorer.models.recipes.denoising_autoencoder import DenoisingAutoencoder
        from explorer.models.recipes.pca import PCA

        data = make("digits", split_at=1300)
        network = DenoisingAutoencoder(
            latent_dim=2, hidden=(64, 256, 128), corruption="gaussian:0.3", epochs=300, patience=0, seed=seed
        )
        values = judge_codes(network.fit(data, progress=progress), data)
        baselines = judge_codes(PCA(latent_dim=2).fit(data), data)
        values["trustworthiness_gain_over_pca"] = values["trustworthiness"] - baselines["trustworthiness"]
        values["continuity_gain_over_pca"] = values["continuity"] - baselines["continuity"]
        return Measured(values, {f"pca_{name}": value for name, value in baselines.items()})
