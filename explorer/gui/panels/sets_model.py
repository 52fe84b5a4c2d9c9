"""The named sets as rows: colour, name, how many samples."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon, QPainter

from explorer.errors import InputError
from explorer.gui.controller import Controller
from explorer.gui.icons import drawn
from explorer.gui.theme import theme
from explorer.workspace.named_sets import NamedSet

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_CHIP = 10


class SetsModel(QAbstractTableModel):
    """The sets of the active data set; an edit of a name renames the set."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._sets: tuple[NamedSet, ...] = ()
        self._counts: list[int] = []
        self._chips: dict[str, QIcon] = {}
        self.follow()

    @property
    def sets(self) -> tuple[NamedSet, ...]:
        """What the rows are."""
        return self._sets

    def follow(self) -> None:
        """Show the sets as they are in the workspace now."""
        self.beginResetModel()
        self._sets = self._controller.workspace.sets
        self._counts = [len(each) for each in self._sets]
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """Return the row of a set; -1 where there is none."""
        return next((row for row, each in enumerate(self._sets) if each.name == name), -1)

    # What Qt asks

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many sets there are."""
        return 0 if parent.isValid() else len(self._sets)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return two: the name, and how many samples."""
        return 0 if parent.isValid() else 2

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let names be edited."""
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() == 0 else found

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's title."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("set", "samples")[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a set's name, colour, or how many samples it has."""
        if not index.isValid():
            return None
        row, named = index.row(), index.column() == 0
        each = self._sets[row]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return each.name if named else f"{self._counts[row]:,}"
        if role == Qt.ItemDataRole.ToolTipRole:
            share = self._counts[row] / max(1, each.size)
            return (
                f"{each.name}: {self._counts[row]:,} of {each.size:,} samples ({share:.1%}). Double-click selects them"
            )
        if role == Qt.ItemDataRole.DecorationRole and named:
            return self._chip(theme().palette.class_color(row))
        if role == Qt.ItemDataRole.TextAlignmentRole and not named:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename a set."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        try:
            self._controller.workspace.rename_set(self._sets[index.row()].name, str(value))
        except InputError as reason:
            self._controller.notice.emit("warn", str(reason))
            return False
        return True

    def _chip(self, color: str) -> QIcon:
        if color not in self._chips:

            def draw(painter: QPainter) -> None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(color))
                painter.drawEllipse(1, 1, 18, 18)

            modes = (QIcon.Mode.Normal, QIcon.Mode.Selected)  # else Qt would tint the chip of a chosen row
            self._chips[color] = drawn(draw, {(mode, QIcon.State.Off): QColor(color) for mode in modes}, _CHIP)
        return self._chips[color]
