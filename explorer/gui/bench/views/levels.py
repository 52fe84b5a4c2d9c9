"""Error against the strength of the noise, a line for each denoiser with its confidence band."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from explorer.analysis.bench import NOISY, Bench, Row
from explorer.analysis.confidence import Interval
from explorer.analysis.look import FigureKind
from explorer.gui.bench.lineup import Lineup
from explorer.gui.plots.lines import Line, LinesPlot
from explorer.gui.plots.style import CurveStyle, style_of
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.flow import Row as FlowRow
from explorer.gui.widgets.labels import Words
from explorer.workspace.bench_contents import measure_label, strength_label

MEASURES = ("snr_gain_db", "mse")


class LevelsPage(QWidget):
    """What a bench measured at further strengths of its corruption."""

    name = "levels"
    title = "Noise levels"
    tip = "Error of each denoiser against the strength of the noise, over the test part"
    figure: ClassVar[FigureKind | None] = "bench_levels"

    def __init__(self, lineup: Lineup, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bench_view_levels")
        self.setAccessibleName(self.title)
        self._lineup = lineup
        self._result: Bench | None = None
        self._ids: dict[str, str] = {}
        self._unit = ""
        self.measure = QComboBox(self)
        self.measure.setObjectName("bench_levels_measure")
        self.measure.setAccessibleName("Measure against the noise level")
        self.measure.setToolTip("What is drawn against the strength of the noise")
        for key in MEASURES:
            self.measure.addItem(measure_label(key), key)
        self.measure.currentIndexChanged.connect(self._draw)
        self.caption = Words("", "small", "muted")
        self.caption.setObjectName("bench_levels_caption")
        self.plot = LinesPlot(self)
        self.plot.setObjectName("bench_levels")
        self.plot.setAccessibleName("Error against the noise level")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(FlowRow(self.caption, self.measure))
        column.addWidget(self.plot, 1)
        theme().changed.connect(self._restyle)
        self._restyle()

    def show_result(self, result: Bench, ids: dict[str, str], unit: str = "") -> None:
        """Draw a bench; `ids` are the entrants of its rows by their names, `unit` is that of the data."""
        self._result, self._ids, self._unit = result, ids, unit
        self._draw()

    @property
    def key(self) -> str:
        """The measure that is drawn."""
        return str(self.measure.currentData())

    def set_visible(self, key: str, visible: bool) -> None:
        """Show or hide an entrant's line, or the noisy input's."""
        self.plot.set_visible(key, visible)

    def lines(self) -> tuple[np.ndarray, dict[str, Line]]:
        """Return the levels ``(L,)``, and the line of each entrant that was measured at them, with its band."""
        rows = [] if self._result is None else [row for row in self._result.rows if row.levels]
        if self.key == "snr_gain_db":  # the noisy input gains nothing over itself
            rows = [row for row in rows if row.name != NOISY]
        if not rows:
            return np.zeros(0), {}
        strengths = np.array([level.strength for level in rows[0].levels])
        found: dict[str, Line] = {}
        for row in rows:
            intervals = [_measure(level, self.key) for level in row.levels]
            value, low, high = (
                np.array([getattr(each, end) for each in intervals]) for end in ("value", "low", "high")
            )
            key = "noisy" if row.name == NOISY else self._ids.get(row.name, row.name)
            found[key] = Line(value, self.look(row), low, high)
        return strengths, found

    def look(self, row: Row) -> CurveStyle:
        """Return how a row is drawn: as its entrant everywhere in the bench."""
        return style_of("noisy") if row.name == NOISY else self._lineup.style(self._ids.get(row.name, row.name))

    def _draw(self, *_: object) -> None:
        result = self._result
        if result is None:
            return
        strengths, lines = self.lines()
        zero = (0.0, 0.0) if self.key == "snr_gain_db" else None
        self.plot.set_labels(strength_label(result.corruption, self._unit), measure_label(self.key, self._unit))
        self.plot.set_lines(strengths, lines, least=zero)
        where = "the test part" if result.part == "test" else "all samples, as the test part is empty"
        self.caption.setText(f"Over {where}, {len(result.indices):,} samples; bands are 95 % confidence intervals.")

    def _restyle(self) -> None:
        self.measure.setFont(theme().font("small"))


def _measure(level: object, key: str) -> Interval:
    found = getattr(level, key)
    assert isinstance(found, Interval)
    return found
