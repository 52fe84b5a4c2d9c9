"""The table of what two runs reach: a row a measure, the better of each marked."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Elided, Words
from explorer.gui.widgets.numbers import number
from explorer.workspace.messages import Compared


@dataclass(frozen=True)
class Measure:
    """How a measure is called and explained, and whether it is a share, shown in percent."""

    title: str
    tip: str
    share: bool = False
    whole: bool = False


MEASURES: dict[str, Measure] = {
    "reconstruction_mse": Measure(
        "Reconstruction error", "Mean squared error of the reconstructions, in the data's units squared"
    ),
    "token_error": Measure("Wrong tokens", "Share of the tokens that the reconstructions get wrong", share=True),
    "trustworthiness": Measure(
        "Trustworthiness", "Whether neighbours among the codes are neighbours among the samples: 1 if all are"
    ),
    "continuity": Measure(
        "Continuity", "Whether neighbours among the samples stay neighbours among the codes: 1 if all do"
    ),
    "knn_accuracy": Measure(
        "k-NN accuracy", "How often the nearest codes' labels tell a sample's, cross-validated", share=True
    ),
    "linear_accuracy": Measure(
        "Linear accuracy", "How often a linear classifier of the codes tells the label, cross-validated", share=True
    ),
    "kl": Measure("KL divergence", "How far a variational code is from its prior, in nats a sample; neither is better"),
    "latent_dim": Measure("Width of the code", "How many numbers describe a sample", whole=True),
}
SIMILARITY = {
    "procrustes": ("Procrustes R²", "the share of one map that the other explains after shift, turn and scaling"),
    "cka": ("linear CKA", "whether the same pairs of samples are alike in both"),
}

_VALUE = (1, 3)
"""The columns of the two runs' values; to the right of each is that of the mark."""


def written(value: float, measure: Measure) -> str:
    """Return a measure's value as people read it; a dash where it is not defined."""
    if math.isnan(value):
        return "–"
    if measure.whole:
        return f"{value:.0f}"
    return f"{100 * value:.1f} %" if measure.share else number(value)


def winner(pair: tuple[float, float], better: str) -> int | None:
    """Return which of two values is better, 0 or 1; None where neither is, as they are shown or at all."""
    if not better or any(map(math.isnan, pair)):
        return None
    if math.isclose(*pair, rel_tol=1e-3, abs_tol=1e-9):
        return None
    return int((pair[1] < pair[0]) == (better == "lower"))


class MeasuresTable(QWidget):
    """Names the measures at the left, then the two runs' values; a better one is strong and has a mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compare_measures")
        self.setAccessibleName("Measures of the two runs")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(2)
        for side in (0, 1):
            self._grid.setColumnMinimumWidth(_VALUE[side], 18 * GRID)
            self._grid.setColumnMinimumWidth(_VALUE[side] + 1, 2 * GRID)  # for the mark: the numbers stay in line
        self._grid.setColumnStretch(_VALUE[1] + 2, 1)
        self._shown: tuple[Compared, str, str] | None = None
        theme().changed.connect(self._rebuild)

    def show_measures(self, result: Compared | None, first: str, second: str) -> None:
        """Show what was measured of the runs of these names; nothing where nothing was."""
        shown = None if result is None else (result, first, second)
        if shown is None or self._shown is None or shown[0] is not self._shown[0] or shown[1:] != self._shown[1:]:
            self._shown = shown
            self._rebuild()

    def _rebuild(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        if self._shown is None:
            return
        result, *names = self._shown
        for side, name in enumerate(names):
            head = Elided(name, "small", "muted")
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._put(head, 0, _VALUE[side])
        for row, (key, pair) in enumerate(result.measures.items(), 1):
            measure = MEASURES.get(key) or Measure(key.replace("_", " "), "")
            title = Words(measure.title, "small", wrap=False)
            title.setToolTip(measure.tip)
            self._put(title, row, 0)
            best = winner(pair, result.better.get(key, ""))
            for side in (0, 1):
                label = self._value(measure, pair[side], best == side, names[side])
                label.setObjectName(f"compare_{key}_{side}")
                self._put(label, row, _VALUE[side])
                if best == side:
                    mark = Words("✓", "small", "good", wrap=False)
                    mark.setObjectName(f"compare_{key}_{side}_better")
                    mark.setToolTip(f"{measure.title}: {names[side]} is better")
                    self._put(mark, row, _VALUE[side] + 1)

    def _put(self, widget: QWidget, row: int, column: int) -> None:
        """Add a cell, shown at once: the layout would show it at the next turn of the event loop."""
        self._grid.addWidget(widget, row, column)
        widget.show()

    def _value(self, measure: Measure, value: float, best: bool, run: str) -> QLabel:
        text = written(value, measure)
        label = Words(text, "small", "good" if best else "text", wrap=False)
        label.setAccessibleName(f"{measure.title} of {run}: {text}{', the better' if best else ''}")
        label.setToolTip(measure.tip if value == value else f"Not defined for {run}")
        label.setAlignment(Qt.AlignmentFlag.AlignRight)
        if best:
            font = label.font()
            font.setWeight(QFont.Weight.DemiBold)
            label.setFont(font)
        return label
