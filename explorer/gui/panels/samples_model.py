"""The samples of a data set as the rows of a table: any number of them, sorted and filtered by numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap

from explorer.data.dataset import Dataset
from explorer.errors import Cancelled
from explorer.gui.jobs import Beside
from explorer.gui.theme import theme
from explorer.workspace.arrangement import Arrangement
from explorer.workspace.sample_columns import SampleColumn, columns_of

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DOT = 10
_MANY = 100_000
"""Samples from which they are sorted and filtered beside the window."""
_TOLD_MS = 100


class _Watch:
    """What the window knows of a sorting that goes on beside it."""

    def __init__(self) -> None:
        self.fraction, self.stopped = 0.0, False

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Remember how far it is."""
        self.fraction = fraction

    def cancelled(self) -> bool:
        """Whether another order is wanted by now."""
        return self.stopped


class SamplesModel(QAbstractTableModel):
    """Name, label, part and further columns of every sample. Rows are looked up as they are drawn."""

    arranging = Signal(float)
    """How far the sorting and filtering of many samples is; NaN once it is done or given up."""
    arranged = Signal()
    """Other rows are shown, or in another order."""

    def __init__(self) -> None:
        super().__init__()
        self.dataset: Dataset | None = None
        self._columns: list[SampleColumn] = []
        self._rows = Arrangement(0)
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)
        self._filter = ""
        self._dots: dict[int, QPixmap] = {}
        self._tinted: np.ndarray | None = None
        self._beside = Beside(self)
        self._watch = _Watch()
        self._told = QTimer(self, interval=_TOLD_MS)
        self._told.timeout.connect(lambda: self.arranging.emit(self._watch.fraction))
        theme().changed.connect(self._recolor)

    # Which rows

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show the samples of a data set, in its order."""
        self.give_up()
        self.beginResetModel()
        self.dataset, self._tinted = dataset, None
        self._sorted, self._filter = (-1, Qt.SortOrder.AscendingOrder), ""
        self._columns = [] if dataset is None else columns_of(dataset)
        self._rows = Arrangement(0 if dataset is None else len(dataset))
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """Show only samples that a filter lets through; see `explorer.workspace.sample_columns.matches`."""
        wanted = text.strip().casefold()
        if wanted != self._filter:
            self._filter = wanted
            self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the data set's own order."""
        if (column, order) != self._sorted:
            self._sorted = (column, order)
            self._arrange()

    @property
    def busy(self) -> bool:
        """Whether many samples are being sorted or filtered; the rows are as before until that is done."""
        return self._told.isActive()

    def give_up(self) -> None:
        """Leave the rows as they are."""
        self._watch.stopped = True
        self._beside.close()
        if self._told.isActive():
            self._told.stop()
            self.arranging.emit(float("nan"))

    def _arrange(self) -> None:
        """Sort and filter now, or beside the window where the samples are many; the newest wish wins."""
        count = 0 if self.dataset is None else len(self.dataset)
        column, direction = self._sorted
        columns, wanted, watch = self._columns, self._filter, _Watch()
        descending = direction == Qt.SortOrder.DescendingOrder
        self._watch.stopped = True
        self._watch = watch

        def work() -> Arrangement | None:
            try:
                return Arrangement.of(
                    columns, count, column=column, descending=descending, wanted=wanted, progress=watch
                )
            except Cancelled:
                return None

        def done(made: Arrangement | None) -> None:
            if made is not None and watch is self._watch:
                self._told.stop()
                self.arranging.emit(float("nan"))
                self._show(made)

        if count <= _MANY:
            made = work()
            assert made is not None
            self._show(made)
        else:
            self._told.start()
            self.arranging.emit(0.0)
            self._beside.latest(work, done)

    def _show(self, made: Arrangement) -> None:
        self.beginResetModel()
        self._rows = made
        self.endResetModel()
        self.arranged.emit()

    def samples_at(self, selection: QItemSelection) -> np.ndarray:
        """Return the samples of the selected rows, int64, ascending."""
        return self._rows.samples_in([(part.top(), part.bottom()) for part in selection.toList()])

    def shown(self, samples: np.ndarray) -> np.ndarray:
        """Return those of the samples that the filter lets through, ascending."""
        return self._rows.shown(samples)

    def ranges_of(self, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first and the last rows of as few ranges as hold the samples; those filtered away are left out."""
        rows = self._rows.rows(samples)
        if not len(rows):
            return rows, rows
        breaks = np.flatnonzero(np.diff(rows) > 1)
        return rows[np.append(0, breaks + 1)], rows[np.append(breaks, len(rows) - 1)]

    def selection_of(self, tops: np.ndarray, bottoms: np.ndarray) -> QItemSelection:
        """Return ranges of rows as Qt takes them."""
        selection = QItemSelection()
        last = self.columnCount() - 1
        for top, bottom in zip(tops.tolist(), bottoms.tolist(), strict=True):
            selection.append(QItemSelectionRange(self.index(top, 0), self.index(bottom, last)))
        return selection

    @property
    def tinted(self) -> bool:
        """Whether rows are marked by `tint`."""
        return self._tinted is not None

    def tint(self, samples: np.ndarray | None) -> None:
        """Give the rows of samples the look of selected ones; None, of no samples."""
        before, self._tinted = self._tinted, None
        if samples is not None:
            self._tinted = np.zeros(self._rows.count, dtype=bool)
            self._tinted[samples] = True
        if before is not None or samples is not None:
            self._repaint()

    def sample(self, row: int) -> int:
        """Return the sample of a row."""
        return self._rows.sample(row)

    # What Qt asks

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many samples the filter lets through."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title, or the number of a row's sample."""
        if orientation == Qt.Orientation.Horizontal and section < len(self._columns):
            title = self._columns[section].title
            if role == Qt.ItemDataRole.DisplayRole:
                return title
            if role == Qt.ItemDataRole.ToolTipRole:
                return f"{title}: click to sort"
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, its class's colour, or its alignment."""
        if not index.isValid() or self.dataset is None:
            return None
        sample, column = self._rows.sample(index.row()), self._columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(sample, column)
        if role == Qt.ItemDataRole.BackgroundRole:
            return theme().color("accent", 0.22) if self._tinted is not None and self._tinted[sample] else None
        if role == Qt.ItemDataRole.DecorationRole and column.title == "label" and index.column() == 1:
            return self._dot(self._label(sample))
        if role == Qt.ItemDataRole.TextAlignmentRole and column.values is not None and column.kind == "number":
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def _dot(self, label: int) -> QPixmap:
        """Return a dot in a class's colour."""
        if label not in self._dots:
            ratio = QGuiApplication.primaryScreen().devicePixelRatio()
            pixmap = QPixmap(round(_DOT * ratio), round(_DOT * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme().palette.class_color(label)))
            painter.drawEllipse(0, 0, _DOT, _DOT)
            painter.end()
            self._dots[label] = pixmap
        return self._dots[label]

    def _label(self, sample: int) -> int:
        assert self.dataset is not None
        return -1 if self.dataset.labels is None else int(self.dataset.labels[sample])

    def _text(self, sample: int, column: SampleColumn) -> str:
        assert self.dataset is not None
        named = column.values is None and column.spoken is None
        return self.dataset.sample_name(sample) if named else column.text(sample)

    def _recolor(self) -> None:
        self._dots.clear()
        self._repaint()

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
