"""What the views of one sample share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QWidget

from explorer.analysis.look import FigureKind
from explorer.data.dataset import Dataset
from explorer.gui.bench.trial import Trial
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.plots.traces import TracePlot


class SampleViewPage(QWidget):
    """A page about one sample. A subclass prepares its axes in `prepare`, and draws in `draw`."""

    name: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]
    figure: ClassVar[FigureKind | None] = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"bench_view_{self.name}")
        self.setAccessibleName(self.title)
        self.dataset: Dataset | None = None
        self.channel = 0
        self._ranges = np.array([[0.0, 1.0]])
        self._prepared: object = None

    @property
    def timed(self) -> list[CurvePlot]:
        """The plots over the sample's times."""
        return []

    @property
    def plots(self) -> list[TracePlot]:
        """The plots whose curves bear the denoisers' names."""
        return []

    def set_sample(self, dataset: Dataset, channel: int, ranges: np.ndarray) -> None:
        """Take the axes of a data set and a channel; `ranges` ``(C, 2)`` are those of its channels."""
        wanted = (dataset, channel)
        if self._prepared != wanted:
            self._prepared = wanted
            self.dataset, self.channel, self._ranges = dataset, channel, ranges
            self.prepare(dataset)

    def prepare(self, dataset: Dataset) -> None:
        """Lay out the axes for `channel` of the data."""
        raise NotImplementedError

    def draw(self, trial: Trial, styles: Mapping[str, CurveStyle]) -> None:
        """Draw what `styles` names of a sample."""
        raise NotImplementedError

    def show_trial(self, trial: Trial, styles: Mapping[str, CurveStyle]) -> None:
        """Draw a sample, outputs that wait for their successor faintly."""
        self.draw(trial, styles)
        for plot in self.plots:
            for key in plot.keys:
                plot.set_stale(key, key in trial.waiting)

    @property
    def unit(self) -> str:
        """What the values are in."""
        return "value" if self.dataset is None else self.dataset.unit or "value"


def channel_title(dataset: Dataset, channel: int) -> str:
    """Return the name of a channel where it says something, else the unit."""
    if dataset.values.shape[-1] == 1:
        return dataset.unit or "value"
    unit = f" ({dataset.unit})" if dataset.unit else ""
    return f"{dataset.channel_names[channel]}{unit}"
