"""How well the denoising went, in numbers and in honest words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.numbers import decibel, number

_COLUMNS = ("noisy", "denoised")
_GAIN = "SNR gain"
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
    """Return the palette's role and the words for a run's gain on its test set; None where it has none."""
    gain = metrics.get("test", {}).get("snr_gain_db")
    if gain is None or gain != gain:
        return None
    if gain <= -0.05:
        return "warn", f"Test set: {decibel(gain)}, worse than its input"
    if gain < 0.05:
        return "warn", "Test set: no better than its input"
    return "good", f"Test set: {decibel(gain)}, better than its input"


def _decibel(value: float) -> str:
    return decibel(value, sign=False)


class Scores(QWidget):
    """A small table: the errors before and after, the gain, and below it the gains of classical filters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scores")
        self.setAccessibleName("Errors of the noisy and the denoised sample, and gains of classical filters")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 3 // 2)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(3, 1)
        self._rows: tuple[str, ...] = ()
        self._cells: dict[tuple[str, str], Words] = {}

    def show_scores(self, metrics: Mapping[str, float], baselines: Mapping[str, float]) -> None:
        """Show the metrics and baselines of a `Denoised`; nothing where they are empty."""
        self.setVisible(bool(metrics))
        if not metrics:
            return
        rows = [
            (title, (number(metrics.get(f"noisy_{key}", math.nan)), number(metrics[key])))
            for title, key in (("MSE", "mse"), ("MAE", "mae"))
            if key in metrics
        ]
        if "snr_gain_db" in metrics:
            rows.append((_GAIN, ("", decibel(metrics["snr_gain_db"]))))
        best_first = sorted(baselines, key=lambda name: -baselines[name])
        rows += [(name, ("", decibel(baselines[name]))) for name in best_first]
        names = tuple(name for name, _ in rows)
        if names != self._rows:
            self._build(names, set(baselines))
        for name, texts in rows:
            for column, text in zip(_COLUMNS, texts, strict=True):
                self._cells[name, column].setText(text)

    def cell(self, row: str, column: str) -> str:
        """Return what a cell says: of "MSE", "MAE", "SNR gain" or a filter; "noisy" or "denoised"."""
        return self._cells[row, column].text()

    def _build(self, names: tuple[str, ...], filters: set[str]) -> None:
        """Make the cells; they are kept while the rows stay, so that a slider's every move is cheap."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows, self._cells = names, {}
        right = Qt.AlignmentFlag.AlignRight
        for place, column in enumerate(_COLUMNS):
            self._grid.addWidget(Words(column, "small", column, wrap=False), 0, place + 1, right)
        for line, name in enumerate(names):
            color = "muted" if name in filters else "text"
            title = Words(f"  {name}" if name in filters else name, "small", "muted", wrap=False)
            title.setToolTip(f"What the classical filter {name} gains on the same sample" if name in filters else "")
            self._grid.addWidget(title, line + 1, 0, 1, 2 if name in filters else 1)
            for place, column in enumerate(_COLUMNS):
                cell = self._cells[name, column] = Words("", "number", color, wrap=False)
                cell.setAccessibleName(f"{name}, {column}")
                cell.setVisible(place == 1 or name not in filters)  # a filter's name takes the room of the empty one
                self._grid.addWidget(cell, line + 1, place + 1, right)
