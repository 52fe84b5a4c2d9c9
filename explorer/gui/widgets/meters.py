"""A few readings beside each other, each as a mark on a line from usual to unlike any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.gui.theme import GRID, theme

LEVELS = ("good", "warn", "bad")
"""The colour's role of what is usual, rare, and unlike any."""


@dataclass(frozen=True)
class Mark:
    """A reading: `place` from 0 to 1 on its line, `level` one of 0, 1, 2; `tip` says more."""

    name: str
    place: float
    level: int
    tip: str


class Meters(QWidget):
    """Draws marks in one row, or under each other where there is no room for their names."""

    EDGE, FAR = 0.6, 0.85
    """Where on the lines what is rare, and what is unlike any, begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[Mark, ...] = ()
        self._names: tuple[str, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(theme().font("small"))
        self.updateGeometry()
        self.update()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show readings; their number and names should seldom change, so that nothing jumps."""
        names = tuple(mark.name for mark in marks)
        if names != self._names:
            self._names = names
            self.updateGeometry()
        self._marks = tuple(marks)
        self.setAccessibleDescription("; ".join(mark.tip for mark in marks))
        self.update()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is shown."""
        return self._marks

    def _columns(self, width: int) -> int:
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        count = max(1, len(self._names))
        return count if count * (widest + GRID) <= width + GRID else 1

    def _line(self) -> float:
        return QFontMetricsF(self.font()).height() + 9

    def hasHeightForWidth(self) -> bool:
        """Return True: a narrow one is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows at a width."""
        columns = self._columns(width)
        rows = -(-max(1, len(self._names)) // columns)
        return round(rows * self._line())

    def sizeHint(self) -> QSize:
        """Ask for one row in the width of a dock."""
        return QSize(40 * GRID, self.heightForWidth(self.width() or 40 * GRID))

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of one name."""
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        return QSize(round(widest), round(self._line()))

    def cells(self) -> list[QRectF]:
        """Return where each reading is drawn."""
        columns = self._columns(self.width())
        wide = (self.width() + GRID) / columns - GRID
        return [
            QRectF((place % columns) * (wide + GRID), place // columns * self._line(), wide, self._line())
            for place in range(len(self._marks))
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each name over its line, and a dot on that."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        rim, muted = theme().color("field"), theme().color("muted")
        for cell, mark in zip(self.cells(), self._marks, strict=True):
            painter.setPen(muted)
            painter.drawText(cell, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), mark.name)
            y, left, right = cell.bottom() - 5, cell.left() + 4, cell.right() - 4
            stops = (left, *(left + share * (right - left) for share in (self.EDGE, self.FAR)), right)
            for begin, end, role, alpha in zip(stops, stops[1:], LEVELS, (0.35, 0.5, 0.6), strict=False):
                painter.setPen(QPen(theme().color(role, alpha), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
                painter.drawLine(QPointF(begin + 0.5, y), QPointF(end - 0.5, y))
            painter.setPen(QPen(rim, 1.5))
            painter.setBrush(theme().color(LEVELS[mark.level]))
            painter.drawEllipse(QPointF(left + min(max(mark.place, 0.0), 1.0) * (right - left), y), 4.5, 4.5)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say more of the reading under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            under = (mark for cell, mark in zip(self.cells(), self._marks, strict=True) if cell.contains(event.pos()))
            mark = next(under, None)
            if mark is not None:
                QToolTip.showText(event.globalPos(), mark.tip, self)
                return True
        return super().event(event)
