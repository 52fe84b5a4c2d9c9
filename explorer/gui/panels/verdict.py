"""How well the denoising went, in numbers and in honest words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.numbers import decibel, number

_SAMPLES = ("noisy", "denoised")
_GAIN = "SNR gain"
_MEASURES = ("MSE", "MAE", _GAIN)
REMEDY = "use a wider code or another model"


def sample_verdict(gain: float, baselines: Mapping[str, float]) -> tuple[str, str]:
    """Return the palette's role and the words for one sample's SNR gain (dB) beside those of classical filters."""
    if gain != gain:
        return "muted", "The gain cannot be told: the input has no noise, or nothing of it is known"
    if gain <= -0.05:
        return "warn", f"{_decibel(-gain)} worse than its input: {REMEDY}"
    if gain < 0.05:
        return "warn", f"No better than its input: {REMEDY}"
    text = f"{_decibel(gain)} better than its input"
    best = max(baselines, key=lambda name: baselines[name], default=None)
    if best is not None and baselines[best] > gain + 0.05:
        return "warn", f"{text}, but {_decibel(baselines[best] - gain)} behind {best}"
    return "good", text


def run_verdict(metrics: Mapping[str, Mapping[str, float]]) -> tuple[str, str] | None:
    """Return the palette's role and the words for a run's gain on its test set; None where it has none.

    A model that forecasts writes other steps than it was given: it is judged beside persistence instead.
    """
    test = metrics.get("test", {})
    gain = test.get("snr_gain_db")
    if gain is None or gain != gain or "forecast_mse" in test:
        return None
    if gain <= -0.05:
        return "warn", f"Test set: {decibel(gain)}, worse than its input"
    if gain < 0.05:
        return "warn", "Test set: no better than its input"
    return "good", f"Test set: {decibel(gain)}, better than its input"


def _decibel(value: float) -> str:
    return decibel(value, sign=False)


class Scores(QWidget):
    """A small table: a row for the noisy and the denoised sample, then the gains of classical filters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scores")
        self.setAccessibleName("Errors of the noisy and the denoised sample, and gains of classical filters")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 3 // 2)
        self._grid.setVerticalSpacing(1)
        self._shape: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._cells: dict[tuple[str, str], Words] = {}

    def show_scores(self, metrics: Mapping[str, float], baselines: Mapping[str, float]) -> None:
        """Show the metrics and baselines of a `Denoised`; nothing where they are empty."""
        self.setVisible(bool(metrics))
        if not metrics:
            return
        texts: dict[tuple[str, str], str] = {}
        for measure, key in (("MSE", "mse"), ("MAE", "mae")):
            if key in metrics:
                texts["noisy", measure] = number(metrics.get(f"noisy_{key}", math.nan))
                texts["denoised", measure] = number(metrics[key])
        if "snr_gain_db" in metrics:
            texts["denoised", _GAIN] = decibel(metrics["snr_gain_db"])
        best_first = sorted(baselines, key=lambda name: -baselines[name])
        texts |= {(name, _GAIN): decibel(baselines[name]) for name in best_first}
        measures = tuple(name for name in _MEASURES if any(measure == name for _, measure in texts))
        shape = (measures, tuple(best_first))
        if shape != self._shape or set(texts) != set(self._cells):
            self._build(shape, texts)
        for place, text in texts.items():
            self._cells[place].setText(text)

    def cell(self, measure: str, row: str) -> str:
        """Return what a cell says: of "MSE", "MAE" or "SNR gain", for "noisy", "denoised" or a filter."""
        return self._cells[row, measure].text()

    def _build(self, shape: tuple[tuple[str, ...], tuple[str, ...]], places: Iterable[tuple[str, str]]) -> None:
        """Make the cells; they are kept while the rows stay, so that a slider's every move is cheap."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._shape, self._cells = shape, {}
        measures, filters = shape
        right = Qt.AlignmentFlag.AlignRight
        for place, measure in enumerate(measures):
            self._grid.addWidget(Words(measure, "small", "muted", wrap=False), 0, place + 1, right)
        rows = (*_SAMPLES, *filters)
        # A filter's name takes the room of the columns that it has no number in.
        span = max(1, len(measures))
        for line, row in enumerate(rows, 1):
            title = Words(row, "small", "denoised" if row == "denoised" else "muted", wrap=False)
            title.setToolTip("" if row in _SAMPLES else f"What the classical filter {row} gains on the same sample")
            self._grid.addWidget(title, line, 0, 1, 1 if row in _SAMPLES else span)
        for row, measure in places:
            cell = self._cells[row, measure] = Words("", "number", "text" if row in _SAMPLES else "muted", wrap=False)
            cell.setAccessibleName(f"{measure}, {row}")
            self._grid.addWidget(cell, rows.index(row) + 1, measures.index(measure) + 1, right)
        self._grid.setColumnStretch(len(measures) + 1, 1)
