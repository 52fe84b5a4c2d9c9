"""How many labels a pre-trained encoder saves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.pretraining import label_curve
from explorer.data.generated import make
from explorer.progress import Progress

PERCENT = (1, 5, 10, 100)


@dataclass(kw_only=True, eq=False, repr=False)
class LabelFraction(Experiment):
    """With few labels, a classifier that begins with an autoencoder's weights beats one that begins with chance.

    Digits of 8 × 8 pixels. A denoising autoencoder learns from all training samples without labels; its encoder, with
    a head, then learns from 1, 5, 10 and 100 % of the labels: all weights ("pretrained"), or the head alone ("frozen").
    Beside it the same classifier from fresh weights ("scratch"). Accuracies are those on the test part.

    The gains to reach were set when test figures had been seen; nothing was published to hold to.
    """

    title: ClassVar[str] = "Pre-training: accuracy by the share of labels"
    minutes: ClassVar[float] = 2.0
    seeds: ClassVar[tuple[int, ...]] = (0, 1, 2, 3, 4)
    targets: ClassVar[tuple[Target, ...]] = (
        Target("gain_1_percent", ">=", 0.05),
        Target("gain_5_percent", ">=", 0.02),
        Target("pretrained_100_percent", ">=", 0.96),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Pre-train once, and train classifiers on each share of the labels in three ways."""
        from explorer.models.recipes.denoising_autoencoder import DenoisingAutoencoder

        data = make("digits", seed=seed)
        train = len(data.indices("train"))
        model = DenoisingAutoencoder(latent_dim=16, corruption="gaussian:0.5", epochs=100, seed=seed)
        curve = label_curve(model, data, [round(train * share / 100) for share in PERCENT], [seed], progress)
        values, baselines = {}, {"most_frequent_class": curve.baseline}
        for i, share in enumerate(PERCENT):
            values[f"pretrained_{share}_percent"] = float(curve.pretrained[0, i])
            values[f"frozen_{share}_percent"] = float(curve.frozen[0, i])
            values[f"gain_{share}_percent"] = float(curve.pretrained[0, i] - curve.scratch[0, i])
            baselines[f"scratch_{share}_percent"] = float(curve.scratch[0, i])
        return Measured(values, baselines)
