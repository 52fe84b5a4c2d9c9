"""Spectrograms of clean, noisy and denoised beside each other, on one scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from explorer.analysis.look import FigureKind
from explorer.analysis.spectra import decibels, spectrogram
from explorer.data.dataset import Dataset
from explorer.gui.bench.trial import Trial
from explorer.gui.bench.views.spectrum import frequency_label, rate_of
from explorer.gui.bench.views.view import SampleViewPage
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.heat import HeatPlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words

MOST = 6
_RANGE_DB = 60.0


class SpectrogramPage(SampleViewPage):
    """At most six images; more do not fit beside each other, and it says so."""

    name = "spectrogram"
    title = "Spectrogram"
    tip = "Power over time and frequency, one image for each"
    figure: ClassVar[FigureKind | None] = "bench_spectrogram"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = Words("", "small", "muted")
        self.caption.setObjectName("bench_spectrogram_caption")
        self.images = [HeatPlot(self) for _ in range(MOST)]
        for place, image in enumerate(self.images):
            image.setObjectName(f"bench_spectrogram_{place}")
            image.hide()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.caption)
        column.addLayout(self._grid, 1)
        self._placed = 0
        self._levels = (0.0, 0.0)

    @property
    def timed(self) -> list[CurvePlot]:
        """All images."""
        return list(self.images)

    def prepare(self, dataset: Dataset) -> None:
        """Lay out the times and the frequencies."""
        top = (rate_of(dataset) or 1.0) / 2
        for image in self.images:
            image.set_extent(dataset.time_axis, top, bottom=dataset.time_label, left=frequency_label(dataset))
        self._levels = (0.0, 0.0)

    def draw(self, trial: Trial, styles: Mapping[str, CurveStyle]) -> None:
        """Draw an image for each."""
        dataset = self.dataset
        assert dataset is not None  # the axes were laid out for it
        curves = trial.curves(self.channel, styles)
        found = {
            key: (spectrogram(values, rate_of(dataset)), style) for key, (values, style) in list(curves.items())[:MOST]
        }
        top = max((float(decibels(each.density).max()) for each, _ in found.values()), default=0.0)
        if abs(top - self._levels[1]) > 3:  # a scale that jumps with every move cannot be read
            self._levels = (top - _RANGE_DB, top)
        self._place(len(found))
        first = float(dataset.time_axis[0])
        for image, (each, style) in zip(self.images, found.values(), strict=False):
            image.set_heat(decibels(each.density), first + each.times, each.frequencies, self._levels, style)
            image.setAccessibleName(f"Spectrogram: {style.title}")
        left = len(curves) - len(found)
        more = f" Showing {len(found)} of {len(curves)}: hide some to see the others." if left else ""
        self.caption.setText(
            f"Dark to bright: {self._levels[0]:.0f} to {self._levels[1]:.0f} dB, the same in all.{more}".replace(
                "-", "−"
            )
        )

    def _place(self, count: int) -> None:
        """Give so many images their places: one column up to two, then two."""
        if count == self._placed:
            return
        self._placed = count
        columns = 1 if count <= 2 else 2
        rows = -(-count // columns)
        for place, image in enumerate(self.images):
            self._grid.removeWidget(image)
            image.setVisible(place < count)
            if place < count:
                row, column = divmod(place, columns)
                self._grid.addWidget(image, row, column)
                image.show_times(row == rows - 1 or place + columns >= count)
