"""The reference that everything on the UCR archive is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.nearest import nearest
from explorer.data.generated import make
from explorer.progress import Progress

ARCHIVE = {"GunPoint": 0.0867, "ItalyPowerDemand": 0.0447, "ArrowHead": 0.2000, "OSULeaf": 0.4793}
"""Errors of 1-NN with Euclidean distance, from the table on the archive's own page (version of 2018)."""


@dataclass(kw_only=True, eq=False, repr=False)
class Ucr1nn(Experiment):
    """The nearest training series by Euclidean distance errs on the test series just as the UCR archive says.

    So files, labels, split and distance are what others compare with. Nothing is random here. Beside it stands what
    always naming the most frequent class of the training series would err.
    """

    title: ClassVar[str] = "UCR archive: errors of the nearest neighbour"
    minutes: ClassVar[float] = 0.1
    seeds: ClassVar[tuple[int, ...]] = (0,)
    targets: ClassVar[tuple[Target, ...]] = (Target("largest_difference", "<=", 0.5e-4),)

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Classify the test series of four problems."""
        values, baselines = {}, {}
        for i, problem in enumerate(ARCHIVE):
            progress.report(i / len(ARCHIVE), problem)
            data = make("ucr", problem=problem)
            train, test = data.part("train"), data.part("test")
            assert train.labels is not None and test.labels is not None  # the archive's problems have classes
            at, _ = nearest(train.values[:, :, 0], 1, test.values[:, :, 0], progress=progress)
            values[f"error_{problem}"] = float(np.mean(train.labels[at[:, 0]] != test.labels))
            usual = np.bincount(train.labels).argmax()
            baselines[f"most_frequent_error_{problem}"] = float(np.mean(test.labels != usual))
        # The archive gives four digits.
        values["largest_difference"] = max(abs(values[f"error_{name}"] - error) for name, error in ARCHIVE.items())
        return Measured(values, baselines)
