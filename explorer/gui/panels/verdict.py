"""How well the denoising went, in numbers and in honest words."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from explorer.gui.plots.legend import FlowLayout
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.numbers import decibel, number

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
    """Two small tables: the errors before and after, and the gains of classical filters."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own = _Table(self)
        self._own.setObjectName("scores")
        self._own.setAccessibleName("Errors of the noisy and the denoised sample")
        self._others = _Table(self)
        self._others.setObjectName("baselines")
        self._others.setAccessibleName("Gains of classical filters")
        self._others.setToolTip("What classical filters gain on the same noisy sample")
        flow = FlowLayout(self, spacing=2 * GRID)
        flow.addWidget(self._own)
        flow.addWidget(self._others)

    def show_scores(self, metrics: Mapping[str, float], baselines: Mapping[str, float]) -> None:
        """Show the metrics of a `Denoised`; nothing where they are empty."""
        self.setVisible(bool(metrics))
        if not metrics:
            return
        rows = [
            (title, [number(metrics[f"noisy_{key}"]) if f"noisy_{key}" in metrics else "", number(metrics[key])])
            for title, key in (("MSE", "mse"), ("MAE", "mae"))
            if key in metrics
        ]
        if "snr_gain_db" in metrics:
            rows.append(("SNR gain", ["", decibel(metrics["snr_gain_db"])]))
        self._own.fill(["noisy", "denoised"], ["noisy", "denoised"], rows)
        self._others.setVisible(bool(baselines))
        if baselines:
            ordered = sorted(baselines.items(), key=lambda item: -item[1])
            self._others.fill(["SNR gain"], ["muted"], [(name, [decibel(gain)]) for name, gain in ordered])
        self.updateGeometry()

    def cell(self, row: str, column: str) -> str:
        """Return what a cell says."""
        for table in (self._own, self._others):
            if (row, column) in table.cells:
                return table.cells[row, column].text()
        raise KeyError((row, column))


class _Table(QWidget):
    """Words in a grid, the numbers flush right. Cells are kept, so that a slider's every move is cheap."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(2)
        self._shape: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self.cells: dict[tuple[str, str], Words] = {}

    def fill(self, columns: list[str], colors: list[str], rows: list[tuple[str, list[str]]]) -> None:
        shape = (tuple(columns), tuple(name for name, _ in rows))
        if shape != self._shape:
            self._build(columns, colors, shape[1])
            self._shape = shape
        for name, texts in rows:
            for column, text in zip(columns, texts, strict=True):
                self.cells[name, column].setText(text)

    def _build(self, columns: list[str], colors: list[str], names: tuple[str, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.cells = {}
        right = Qt.AlignmentFlag.AlignRight
        for place, (column, color) in enumerate(zip(columns, colors, strict=True)):
            self._grid.addWidget(Words(column, "small", color, wrap=False), 0, place + 1, right)
        for line, name in enumerate(names):
            self._grid.addWidget(Words(name, "small", "muted", wrap=False), line + 1, 0)
            for place, column in enumerate(columns):
                cell = self.cells[name, column] = Words("", "number", wrap=False)
                cell.setAccessibleName(f"{name}, {column}")
                self._grid.addWidget(cell, line + 1, place + 1, right)
