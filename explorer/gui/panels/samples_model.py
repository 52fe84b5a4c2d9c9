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
)
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap

from explorer.data.dataset import PART_NAMES, Dataset
from explorer.gui.theme import theme

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DOT = 10
_TRANSLATION = "translation"


class SamplesModel(QAbstractTableModel):
    """Name, label, part and further columns of every sample. Rows are looked up as they are drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.dataset: Dataset | None = None
        self._titles: list[str] = []
        self._columns: list[np.ndarray | None] = []
        self._order = np.arange(0)
        self._row_of = np.arange(0)
        self._sorted: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)
        self._filter = ""
        self._dots: dict[int, QPixmap] = {}
        self._tinted: np.ndarray | None = None
        theme().changed.connect(self._recolor)

    # Which rows

    def set_dataset(self, dataset: Dataset | None) -> None:
        """Show the samples of a data set, in its order."""
        self.beginResetModel()
        self.dataset = dataset
        self._titles, self._columns, self._tinted = [], [], None
        self._sorted, self._filter = (-1, Qt.SortOrder.AscendingOrder), ""
        if dataset is not None:
            self._add("name", dataset.names)
            if dataset.target_vocabulary and dataset.targets is not None:
                self._add(_TRANSLATION, None)
            if dataset.labels is not None:
                classes = np.array([*dataset.class_names, "–"])
                self._add("label", classes[dataset.labels])
            self._add("part", np.array(PART_NAMES)[dataset.split])
            for title, column in dataset.columns.items():
                self._add(title, np.asarray(column))
        self._arrange()
        self.endResetModel()

    def _add(self, title: str, column: np.ndarray | None) -> None:
        self._titles.append(title)
        self._columns.append(column)

    def set_filter(self, text: str) -> None:
        """Show only samples one of whose columns contains `text`, in any case."""
        if text.strip().casefold() != self._filter:
            self.beginResetModel()
            self._filter = text.strip().casefold()
            self._arrange()
            self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the data set's own order."""
        if (column, order) != self._sorted:
            self.beginResetModel()
            self._sorted = (column, order)
            self._arrange()
            self.endResetModel()

    def _arrange(self) -> None:
        count = 0 if self.dataset is None else len(self.dataset)
        column, direction = self._sorted
        values = self._columns[column] if 0 <= column < len(self._columns) else None
        if values is None and count and 0 <= column < len(self._columns):
            values = self._looked_up(column)
        order = np.arange(count) if values is None else np.argsort(values, kind="stable")
        if direction == Qt.SortOrder.DescendingOrder:
            order = order[::-1]
        if values is not None and values.dtype.kind == "f":  # what is not known comes last, either way
            unknown = np.isnan(values[order])
            order = np.concatenate([order[~unknown], order[unknown]])
        if self._filter and count:
            order = order[self._matches()[order]]
        self._order = order
        self._row_of = np.full(count, -1)
        self._row_of[order] = np.arange(len(order))

    def _matches(self) -> np.ndarray:
        assert self.dataset is not None
        found = np.zeros(len(self.dataset), dtype=bool)
        for column, values in enumerate(self._columns):
            texts = self._looked_up(column) if values is None else values
            if texts.dtype.kind == "f":
                texts = np.char.mod("%.4g", texts)
            found |= np.char.find(np.char.lower(texts.astype(str)), self._filter) >= 0
        return found

    def _looked_up(self, column: int) -> np.ndarray:
        """Return the texts of a column that is not kept: they are made when somebody looks for some."""
        assert self.dataset is not None
        if self._titles[column] == _TRANSLATION:
            return self.dataset.translations
        return np.arange(len(self.dataset))

    def samples_at(self, selection: QItemSelection) -> np.ndarray:
        """Return the samples of the selected rows, int64, ascending."""
        chosen = np.zeros(len(self._row_of), dtype=bool)
        for part in selection.toList():
            chosen[self._order[part.top() : part.bottom() + 1]] = True
        return np.flatnonzero(chosen)

    def shown(self, samples: np.ndarray) -> np.ndarray:
        """Return those of the samples that the filter lets through, ascending."""
        return samples[self._row_of[samples] >= 0]

    def ranges_of(self, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the first and the last rows of as few ranges as hold the samples; those filtered away are left out."""
        rows = np.sort(self._row_of[samples])
        rows = rows[rows >= 0]
        if not len(rows):
            return rows, rows
        starts = np.concatenate([[0], np.flatnonzero(np.diff(rows) > 1) + 1])
        ends = np.concatenate([starts[1:], [len(rows)]]) - 1
        return rows[starts], rows[ends]

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
            self._tinted = np.zeros(len(self._row_of), dtype=bool)
            self._tinted[samples] = True
        if before is not None or samples is not None:
            self._repaint()

    def sample(self, row: int) -> int:
        """Return the sample of a row."""
        return int(self._order[row])

    # What Qt asks

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many samples the filter lets through."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title, or the number of a row's sample."""
        if orientation == Qt.Orientation.Horizontal and section < len(self._titles):
            title = self._titles[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return title
            if role == Qt.ItemDataRole.ToolTipRole:
                return f"{title}: click to sort"
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, its class's colour, or its alignment."""
        if not index.isValid() or self.dataset is None:
            return None
        sample, column = int(self._order[index.row()]), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(sample, column)
        if role == Qt.ItemDataRole.BackgroundRole:
            return theme().color("accent", 0.22) if self._tinted is not None and self._tinted[sample] else None
        values = self._columns[column]
        if role == Qt.ItemDataRole.DecorationRole and self._titles[column] == "label" and column == 1:
            return self._dot(self._label(sample))
        if role == Qt.ItemDataRole.TextAlignmentRole and values is not None and values.dtype.kind in "iuf":
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

    def _text(self, sample: int, column: int) -> str:
        assert self.dataset is not None
        values = self._columns[column]
        if values is None:
            translated = self._titles[column] == _TRANSLATION
            return self.dataset.translation_of(sample) if translated else self.dataset.sample_name(sample)
        value = values[sample]
        if values.dtype.kind == "f":
            return "–" if np.isnan(value) else f"{value:.4g}"
        return str(value)

    def _recolor(self) -> None:
        self._dots.clear()
        self._repaint()

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
