"""Clean, noisy and denoised over each other, or each in a lane of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QStackedLayout, QWidget

from explorer.analysis.look import FigureKind
from explorer.data.dataset import Dataset
from explorer.gui.bench.trial import CLEAN, Trial
from explorer.gui.bench.views.view import SampleViewPage, channel_title
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.lanes import LanesPlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.plots.traces import TracePlot


class SamplePage(SampleViewPage):
    """The curves of one channel, overlaid or stacked, over linked times."""

    name = "sample"
    title = "Sample"
    tip = "Clean, noisy and denoised over each other or stacked"
    figure: ClassVar[FigureKind | None] = "bench_sample"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.overlay = TracePlot(self)
        self.overlay.setObjectName("bench_overlay")
        self.overlay.setAccessibleName("Clean, noisy and denoised over each other")
        self.lanes = LanesPlot(self)
        self.lanes.setObjectName("bench_lanes")
        self.lanes.setAccessibleName("Clean, noisy and denoised below each other")
        self._layers = QStackedLayout(self)
        self._layers.setContentsMargins(0, 0, 0, 0)
        self._layers.addWidget(self.overlay)
        self._layers.addWidget(self.lanes)
        self._last: tuple[Trial, Mapping[str, CurveStyle]] | None = None

    @property
    def stacked(self) -> bool:
        """Whether each curve has a lane of its own."""
        return self._layers.currentWidget() is self.lanes

    def set_stacked(self, stacked: bool) -> None:
        """Put each curve in a lane of its own, or all over each other."""
        self._layers.setCurrentWidget(self.lanes if stacked else self.overlay)
        if self._last is not None:
            self.show_trial(*self._last)

    @property
    def timed(self) -> list[CurvePlot]:
        """Both plots."""
        return [self.overlay, self.lanes]

    @property
    def plots(self) -> list[TracePlot]:
        """The plot that is seen."""
        return [self.lanes if self.stacked else self.overlay]

    def prepare(self, dataset: Dataset) -> None:
        """Lay out the times, and the channel's range."""
        clean = dataset.clean[:: max(1, len(dataset) // 200), :, self.channel]
        known = clean[np.isfinite(clean)]
        low, high = (known.min(), known.max()) if known.size and np.ptp(known) > 0 else self._ranges[self.channel]
        bottom = dataset.time_label
        left = channel_title(dataset, self.channel)
        self.overlay.configure(
            dataset.time_axis, self._ranges[self.channel : self.channel + 1], bottom=bottom, left=left
        )
        self.lanes.set_scale(dataset.time_axis, float(low), float(high), bottom=bottom)
        self._last = None

    def draw(self, trial: Trial, styles: Mapping[str, CurveStyle]) -> None:
        """Draw what `styles` names, in the arrangement that is chosen."""
        self._last = trial, styles
        curves = trial.curves(self.channel, styles)
        if self.stacked:
            clean = curves.get(CLEAN)
            behind = None if clean is None else (clean[0], _thin(clean[1]))
            self.lanes.set_lanes({key: each for key, each in curves.items() if key != CLEAN} or curves, behind)
        else:
            self.overlay.set_curves(curves)


def _thin(style: CurveStyle) -> CurveStyle:
    return CurveStyle(style.title, style.color, width=1.0, front=style.front)
