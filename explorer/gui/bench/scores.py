"""What a bench measured, as the rows and columns of a table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from explorer.analysis.bench import BETTER, NOISY, Bench, Row
from explorer.analysis.blind import BLIND
from explorer.analysis.confidence import Interval
from explorer.gui.bench.lineup_list import swatch
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import theme
from explorer.gui.widgets.numbers import decibel, number

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
WHOLE = ("", "")
"""The breakdown that is none: all channels and classes together."""


@dataclass(frozen=True)
class Column:
    """A measure: its key in a `Row`, its title, and what it says."""

    key: str
    title: str
    tip: str


TRUE_COLUMNS = (
    Column("snr_gain_db", "SNR gain", "Gain in signal-to-noise ratio over the noisy input, with its 95 % interval"),
    Column("mse", "MSE", "Mean squared error, in the data's units squared, with its 95 % interval"),
    Column("mae", "MAE", "Mean absolute error, in the data's units"),
    Column("correlation", "Correlation", "Of each sample with its clean self, the mean over the samples"),
    Column("beat_error_ms", "R-peak error", "Mean distance of the R peaks from where they are, in milliseconds"),
    Column("beats_found", "Beats found", "Share of the true beats that are found in the denoised series"),
)
_BLIND_TITLES = {
    "residual_autocorrelation": "Residual r₁",
    "residual_white": "Residual white",
    "residual_sigma": "Removed σ",
    "estimated_sigma": "Noise σ (est.)",
    "roughness_db": "Roughness",
    "sure": "SURE",
}
BLIND_COLUMNS = tuple(
    Column(f"blind:{key}", _BLIND_TITLES.get(key, key.replace("_", " ")), f"Blind measure: {tip}")
    for key, tip in BLIND.items()
)
SECONDS = Column("seconds", "Time", "Of one sample, on this machine")


class ScoresModel(QAbstractTableModel):
    """A row a denoiser, the best first, its rank in front and the best of each measure in strong letters."""

    def __init__(self) -> None:
        super().__init__()
        self._result: Bench | None = None
        self._rows: list[Row] = []
        self._columns: list[Column] = []
        self._style: Callable[[str], CurveStyle] = lambda name: CurveStyle(name, "muted")
        self._breakdown = WHOLE
        self._best: dict[str, str] = {}
        theme().changed.connect(self._repaint)

    @property
    def rows(self) -> list[Row]:
        """The rows in the order in which they are shown."""
        return list(self._rows)

    @property
    def columns(self) -> list[Column]:
        """The measures that are shown, behind rank and name."""
        return list(self._columns)

    @property
    def winner(self) -> Row | None:
        """The denoiser of the lowest error; None where no truth is known, or doing nothing is better than all."""
        first = self._rows[0] if self._rows and self._result is not None and self._result.truth else None
        return None if first is None or first.name == NOISY else first

    def show_result(
        self, result: Bench | None, style: Callable[[str], CurveStyle], breakdown: tuple[str, str] = WHOLE
    ) -> None:
        """Show a bench whole, or of ("channel", name) or ("class", name) alone."""
        self.beginResetModel()
        self._result, self._style, self._breakdown = result, style, breakdown
        self._rows, self._columns, self._best = [], [], {}
        if result is not None:
            self._rows = list(result.rows)
            part = breakdown != WHOLE
            if not result.truth:
                self._columns = [each for each in BLIND_COLUMNS if any(self._known(row, each) for row in self._rows)]
            else:
                keys = ("snr_gain_db", "mse") if part else tuple(each.key for each in TRUE_COLUMNS)
                offered = [each for each in TRUE_COLUMNS if each.key in keys]
                self._columns = [each for each in offered if any(self._known(row, each) for row in self._rows)]
                self._rows.sort(key=lambda row: _last(self.value(row, "mse")))
                self._best = {each.key: self._best_of(each) for each in self._columns}
            if not part:
                self._columns.append(SECONDS)
        self.endResetModel()

    def _known(self, row: Row, column: Column) -> bool:
        return not math.isnan(self.value(row, column.key))

    def _best_of(self, column: Column) -> str:
        """Return the name of the row that is best by a measure; the noisy input may be."""
        known = [row for row in self._rows if self._known(row, column)]
        if not known or column.key not in BETTER:
            return ""
        pick = max if BETTER[column.key] == "higher" else min
        return pick(known, key=lambda row: self.value(row, column.key)).name

    def title(self, row: Row) -> str:
        """Return what a denoiser is called everywhere in the bench."""
        return self._style(row.name).title if row.name != NOISY else row.title

    def interval(self, row: Row, key: str) -> Interval | None:
        """Return a measure with its confidence interval; None where it has none."""
        return row.measures.get(key) if self._breakdown == WHOLE else None

    def value(self, row: Row, key: str) -> float:
        """Return a measure of a row as it is broken down; NaN where it is not known."""
        if key == "seconds":
            return row.seconds if row.name != NOISY else math.nan
        if key.startswith("blind:"):
            return row.blind.get(key[6:], math.nan)
        kind, name = self._breakdown
        if kind:
            return (row.channels if kind == "channel" else row.classes).get(name, {}).get(key, math.nan)
        found = row.measures.get(key)
        return math.nan if found is None else found.value

    def text(self, row: Row, column: Column) -> str:
        """Return what a cell says."""
        value = self.value(row, column.key)
        if column.key == "snr_gain_db" and row.name == NOISY:
            return "–"
        if math.isnan(value):
            return "–"
        interval = self.interval(row, column.key)
        if column.key == "snr_gain_db":
            return f"{decibel(value)}{_half(interval, 1)}"
        if column.key in ("blind:roughness_db",):
            return decibel(value)
        if column.key in ("beats_found", "blind:residual_white"):
            return f"{100 * value:.1f} %"
        if column.key == "beat_error_ms":
            return f"{value:.1f} ms"
        if column.key == "seconds":
            return _time(value)
        if column.key == "correlation":
            return f"{value:.4f}".replace("-", "−")
        return number(value)

    # What Qt asks

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many denoisers there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are: rank, name and measures."""
        return 0 if parent.isValid() or self._result is None else 2 + len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title, and what it says as its tool tip."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if section < 2:
            return ("#", "Denoiser")[section] if role == Qt.ItemDataRole.DisplayRole else None
        column = self._columns[section - 2]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's words, its colour, and whether it is strong."""
        if not index.isValid() or self._result is None:
            return None
        row, section = self._rows[index.row()], index.column()
        ranked = self._result.truth
        if section >= 2:
            column = self._columns[section - 2]
            if role == Qt.ItemDataRole.DisplayRole:
                return self.text(row, column)
            if role == Qt.ItemDataRole.ToolTipRole:
                interval = self.interval(row, column.key)
                return f"{column.tip}\n{_span(interval)}" if interval is not None else column.tip
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            strong = ranked and self._best.get(column.key) == row.name
        else:
            strong = row is self.winner
            if role == Qt.ItemDataRole.DisplayRole:
                if section == 1:
                    return f"{self.title(row)}  ★" if strong else self.title(row)
                return str(index.row() + 1) if ranked else ""
            if role == Qt.ItemDataRole.DecorationRole and section == 1:
                return swatch(self._style(row.name))
            if role == Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (self.title(row), row.settings, self._tuning(row))))
        if role == Qt.ItemDataRole.FontRole:
            font = QFont(theme().font("body" if section < 2 else "number"))
            font.setBold(strong)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and row.name == NOISY:
            return theme().color("muted")
        return None

    def _tuning(self, row: Row) -> str:
        return f"Tuned by {row.criterion}, {row.tries} tries" if row.criterion else ""

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))


def _last(value: float) -> float:
    return math.inf if math.isnan(value) else value


def _half(interval: Interval | None, digits: int) -> str:
    if interval is None or math.isnan(interval.low) or math.isnan(interval.high):
        return ""
    return f" ± {(interval.high - interval.low) / 2:.{digits}f}"


def _span(interval: Interval | None) -> str:
    if interval is None or math.isnan(interval.low):
        return ""
    return f"95 %: {number(interval.low)} to {number(interval.high)}"


def _time(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{1e6 * seconds:.0f} µs"
    return f"{1e3 * seconds:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"
