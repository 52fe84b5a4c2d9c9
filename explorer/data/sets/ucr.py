"""Problems of the UCR and UEA archives, with the archive's own split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.reader import load
from explorer.data.sets._packages import package_file
from explorer.data.sets._published import published_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Ucr(GeneratedSet):
    """Labelled series of the UCR and UEA archives, divided as published (shipped with the package aeon)."""

    title: ClassVar[str] = "UCR archive"
    problem: Annotated[
        Literal["GunPoint", "ItalyPowerDemand", "ArrowHead", "OSULeaf", "BasicMotions", "JapaneseVowels"],
        Param("Which; the last two have several channels, and the last series of different lengths."),
    ] = "GunPoint"
    validation: Annotated[
        float, Param("Share of the published training part that validates.", ge=0, le=0.5, advanced=True)
    ] = 0.0

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return the published training series, followed by the test series.

        Only the share that validates depends on `rng`; by default there is none, as the archive has it. Source: H. A.
        Dau et al., The UCR time series archive, IEEE/CAA J. Automatica Sinica 6, 2019.
        """
        train, test = (
            load(package_file("aeon", "datasets", "data", self.problem, f"{self.problem}_{part}.ts"))
            for part in ("TRAIN", "TEST")
        )
        steps = max(train.values.shape[1], test.values.shape[1])
        values = np.concatenate([_padded(part.values, steps) for part in (train, test)])
        assert train.labels is not None and test.labels is not None  # all problems here have classes
        labels = np.concatenate([train.labels, test.labels])
        lengths = np.concatenate(
            [part.values.shape[1] * np.ones(len(part), int) if part.lengths is None else part.lengths
             for part in (train, test)]
        )  # fmt: skip
        seen = ~np.isnan(values)
        return Dataset(
            values=values,
            name=f"{self.problem} ({self.title})",
            labels=labels,
            class_names=train.class_names,
            channel_names=train.channel_names,
            observed=None if seen.all() else seen,
            lengths=lengths if (lengths != steps).any() else None,
            split=published_split(labels, len(train), self.validation, rng),
        )


def _padded(values: np.ndarray, steps: int) -> np.ndarray:
    return np.pad(values, ((0, 0), (0, steps - values.shape[1]), (0, 0)), constant_values=np.nan)
