"""What each denoiser leaves of the noise, and whether anything is left in it: its autocorrelation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.analysis.look import FigureKind
from explorer.analysis.spectra import autocorrelation, default_lags, white_band
from explorer.data.dataset import Dataset
from explorer.gui.bench.trial import Trial
from explorer.gui.bench.views.view import SampleViewPage
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.lags import LagsPlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.plots.traces import TracePlot
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words

_LEFT = "Residual: denoised − clean. Its autocorrelation stays in the band, 19 lags in 20, where it is white noise."
_TAKEN = (
    "No clean sample is known: noisy − denoised, what each took away. Of white noise alone, its autocorrelation stays"
    " in the band at 19 lags in 20."
)


class ResidualsPage(SampleViewPage):
    """Residuals over time above, their autocorrelations below."""

    name = "residuals"
    title = "Residuals"
    tip = "What each leaves of the noise, and its autocorrelation with the band of white noise"
    figure: ClassVar[FigureKind | None] = "bench_residuals"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = Words("", "small", "muted")
        self.caption.setObjectName("bench_residuals_caption")
        self.curves = TracePlot(self)
        self.curves.setObjectName("bench_residuals")
        self.curves.setAccessibleName("Residuals over time")
        self.lags = LagsPlot(self)
        self.lags.setObjectName("bench_autocorrelation")
        self.lags.setAccessibleName("Autocorrelation of the residuals")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.caption)
        column.addWidget(self.curves, 3)
        column.addWidget(self.lags, 2)
        self._count, self._steps = 1, 0

    @property
    def timed(self) -> list[CurvePlot]:
        """The plot of the residuals."""
        return [self.curves]

    @property
    def plots(self) -> list[TracePlot]:
        """Both plots."""
        return [self.curves, self.lags]

    def prepare(self, dataset: Dataset) -> None:
        """Lay out the times and the lags."""
        half = float(np.ptp(self._ranges[self.channel])) / 4
        self.curves.configure(
            dataset.time_axis, np.array([[-half, half]]), bottom=dataset.time_label, left=dataset.unit or "residual"
        )
        self._count = default_lags(dataset.values.shape[1])
        self._steps = 0

    def draw(self, trial: Trial, styles: Mapping[str, CurveStyle]) -> None:
        """Draw the residuals and their autocorrelations."""
        dataset = self.dataset
        assert dataset is not None  # the axes were laid out for it
        residuals = trial.residuals(self.channel, styles)
        self.caption.setText(_TAKEN if trial.clean is None else _LEFT)
        self.curves.set_curves(residuals)
        steps = int(np.isfinite(trial.noisy[:, self.channel]).sum())
        if steps != self._steps:
            self._steps = steps
            unit = "s" if dataset.sampling_rate else "steps"
            lags = np.arange(self._count + 1) / (dataset.sampling_rate or 1.0)
            self.lags.set_lags(lags, white_band(steps), bottom=f"lag ({unit})")
        self.lags.set_curves({key: (autocorrelation(r, self._count), style) for key, (r, style) in residuals.items()})
