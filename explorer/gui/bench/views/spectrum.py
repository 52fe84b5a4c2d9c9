"""The power spectra of clean, noisy and denoised, in decibels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.analysis.look import FigureKind
from explorer.analysis.spectra import power_spectrum, segment_length
from explorer.data.dataset import Dataset
from explorer.gui.bench.trial import Trial
from explorer.gui.bench.views.view import SampleViewPage
from explorer.gui.plots.style import CurveStyle
from explorer.gui.plots.traces import TracePlot
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words

_REACH_DB = 70.0
"""What is shown below the strongest power, in decibels."""


class SpectrumPage(SampleViewPage):
    """Power by frequency, in Hz where the rate is known, else in cycles a step."""

    name = "spectrum"
    title = "Spectrum"
    tip = "Power by frequency of clean, noisy and denoised"
    figure: ClassVar[FigureKind | None] = "bench_spectrum"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = Words("", "small", "muted")
        self.caption.setObjectName("bench_spectrum_caption")
        self.plot = TracePlot(self)
        self.plot.grows = False  # a clean wave has no power at all at most frequencies
        self.plot.setObjectName("bench_spectrum")
        self.plot.setAccessibleName("Power by frequency")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.caption)
        column.addWidget(self.plot, 1)
        self._top: float | None = None

    @property
    def plots(self) -> list[TracePlot]:
        """The plot."""
        return [self.plot]

    def prepare(self, dataset: Dataset) -> None:
        """Forget the range: it is that of the first sample that comes."""
        self._top = None
        steps = dataset.values.shape[1]
        segment = segment_length(steps)
        how = "one periodogram" if segment == steps else f"Welch's method, segments of {segment:,} steps"
        irregular = "" if dataset.times is None else ". Times are taken for evenly spaced"
        self.caption.setText(f"Power spectral density, Hann window, {how}{irregular}.")

    def draw(self, trial: Trial, styles: Mapping[str, CurveStyle]) -> None:
        """Draw the spectra."""
        dataset = self.dataset
        assert dataset is not None  # the axes were laid out for it
        rate = rate_of(dataset)
        curves: dict[str, tuple[np.ndarray, CurveStyle]] = {}
        frequencies = np.zeros(0)
        for key, (values, style) in trial.curves(self.channel, styles).items():
            found = power_spectrum(values, rate)
            frequencies = found.frequencies
            curves[key] = found.decibels(), style
        if not curves:
            self.plot.set_curves({})
            return
        top = max(float(values.max()) for values, _ in curves.values())
        if self._top is None or abs(top - self._top) > 10:
            self._top = top
            self.plot.configure(
                frequencies,
                np.array([[top - _REACH_DB, top + 3]]),
                bottom=frequency_label(dataset),
                left=f"power (dB re 1 {dataset.unit}²/Hz)" if dataset.unit and rate else "power (dB)",
            )
        self.plot.set_curves(curves)


def rate_of(dataset: Dataset) -> float | None:
    """Return the steps a second: as told, or as evenly spaced times tell."""
    if dataset.sampling_rate or dataset.times is None or dataset.irregular or len(dataset.times) < 2:
        return dataset.sampling_rate
    return 1.0 / float(np.mean(np.diff(dataset.times)))


def frequency_label(dataset: Dataset) -> str:
    """Return what the axis of frequencies is called."""
    return "frequency (Hz)" if rate_of(dataset) else "frequency (cycles a step)"
