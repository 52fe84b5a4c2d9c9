"""Regions told from the rest of an image or a series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.segmentation import BASELINES
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.models.overlap import overlap
from explorer.parameters import Param
from explorer.progress import Part, Progress


@dataclass(kw_only=True, eq=False, repr=False)
class Segmentation(Experiment):
    """An autoencoder that writes masks finds shapes on textures and events in noise; rare kinds do not collapse.

    Images of 28 × 28 with one shape, lighter or darker than its background; 1797 images of 32 × 32 with a handwritten
    digit on such a background; series of 128 steps with up to three events of three kinds. IoU and Dice are means over
    the classes but the background, over all test samples. The baselines are an empty mask and Otsu's threshold (of the
    distance from the median where it is a series; it knows no kinds, so it is judged by where any event is). The
    prevalence of a class is its share of all pixels or steps.

    The figures to reach were set when test figures of other settings had been seen; those of the digits before any.
    """

    title: ClassVar[str] = "Segmentation of shapes and bursts"
    minutes: ClassVar[float] = 3.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("shapes_iou", ">=", 0.75),
        Target("shapes_dice", ">=", 0.85),
        Target("digits_iou_over_otsu", ">=", 0.2),
        Target("bursts_iou", ">=", 0.70),
        Target("bursts_dice", ">=", 0.82),
        Target("bursts_rarest_iou", ">=", 0.60),
    )

    n: Annotated[int, Param("Shapes, and series; 70 % of them train.", ge=10, le=200_000)] = 6000
    epochs: Annotated[int, Param("Passes over them; twice as many over the digits.", ge=1, le=1000)] = 15

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train on each set, and measure the masks of its test samples."""
        from explorer.models.recipes.segmentation_autoencoder import SegmentationAutoencoder

        values: dict[str, float] = {}
        baselines: dict[str, float] = {}
        learnt = {
            "shapes": (make("shapes", n=self.n, seed=seed), (32, 64), self.epochs),
            "digits": (make("segmented-digits", seed=seed), (32, 64), 2 * self.epochs),
            "bursts": (make("bursts", n=self.n, seed=seed), (32, 64, 64), self.epochs),
        }
        for i, (name, (data, hidden, epochs)) in enumerate(learnt.items()):
            test = data.part("test")
            model = SegmentationAutoencoder(hidden=hidden, epochs=epochs, seed=seed)
            model.fit(data, progress=Part(progress, i / len(learnt), 1 / len(learnt), f"{name}, "))
            found = model.measure(test)
            values |= {f"{name}_{measure}": found[measure] for measure in ("iou", "dice")}
            baselines |= trivial(name, test)
            if name == "bursts":
                shares = prevalence(test)
                rarest = min(shares, key=lambda kind: shares[kind])
                values["bursts_rarest_iou"] = found[f"iou {rarest}"]
                baselines["bursts_rarest_prevalence"] = shares[rarest]
        values["digits_iou_over_otsu"] = values["digits_iou"] - baselines["digits_otsu_iou"]
        return Measured(values, baselines)


def prevalence(data: Dataset) -> dict[str, float]:
    """Return the share of pixels or steps of each class but the background."""
    assert data.masks is not None
    return {name: float((data.masks == i).mean()) for i, name in enumerate(data.mask_names) if i}


def trivial(name: str, data: Dataset) -> dict[str, float]:
    """Return IoU and Dice of the methods that learn nothing, and how much of the data is not background."""
    assert data.masks is not None
    classes = len(data.mask_names)
    found = {f"{name}_prevalence": sum(prevalence(data).values())}
    for method, draw in BASELINES.items():
        masks = np.stack([draw(sample) for sample in data.values])
        # What knows no kinds is asked for the place alone, which is easier.
        kinds = classes if method == "all background" else 2
        fits = overlap(np.minimum(data.masks, kinds - 1), masks, kinds).measures()
        key = method.lower().replace(" ", "_")
        found |= {f"{name}_{key}_{measure}": fits[measure] for measure in ("iou", "dice")}
    return found
