"""A few named amounts as bars below each other, each with its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.gui.plots.style import color_of
from explorer.gui.theme import GRID, theme

_LONGEST = 16
"""Letters of a title that are shown at most."""


@dataclass(frozen=True)
class BarRow:
    """One bar: its title, its length from 0 to 1, what is written behind it, and its colour.

    `color` is a role of the palette, or ``class:3`` for that of a class. A `strong` row's words are in full ink.
    """

    title: str
    share: float
    text: str
    color: str = "accent"
    strong: bool = False


class BarRows(QWidget):
    """Draws rows of bars; as tall as its rows.

    Parameters
    ----------
    name : str
    description : str
        What the bars are, for those who do not see them; the rows' words are added.
    """

    def __init__(self, name: str, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._description = description
        self._rows: tuple[BarRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._restyle)
        self._restyle()

    @property
    def rows(self) -> tuple[BarRow, ...]:
        """What is drawn."""
        return self._rows

    def set_rows(self, rows: Sequence[BarRow]) -> None:
        """Draw exactly these rows."""
        self._rows = tuple(rows)
        told = "; ".join(f"{row.title} {row.text}" for row in rows)
        self.setAccessibleName(self._description)
        self.setAccessibleDescription(told)
        self.setToolTip("\n".join(f"{row.title}: {row.text}" for row in rows))
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(theme().font("small"))
        self.updateGeometry()
        self.update()

    def _line(self) -> int:
        return QFontMetrics(theme().font("small")).height() + GRID // 2

    def sizeHint(self) -> QSize:
        """Ask for the rows."""
        letter = QFontMetrics(theme().font("small")).averageCharWidth()
        return QSize(36 * letter, max(1, len(self._rows)) * self._line())

    def minimumSizeHint(self) -> QSize:
        """Ask for the words."""
        return QSize(24 * QFontMetrics(theme().font("small")).averageCharWidth(), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw title, bar and number of each row."""
        if not self._rows:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, line = painter.fontMetrics(), self._line()
        widest = metrics.averageCharWidth() * _LONGEST
        right = max(metrics.horizontalAdvance(row.text) for row in self._rows) + GRID
        widest = min(widest, int(0.55 * (self.width() - right)))
        left = min(widest, max(metrics.horizontalAdvance(row.title) for row in self._rows)) + GRID
        room = max(1.0, self.width() - left - right)
        for place, row in enumerate(self._rows):
            top = place * line
            painter.setPen(theme().color("text" if row.strong else "muted"))
            title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, left - GRID)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, left, line), int(middle | Qt.AlignmentFlag.AlignLeft), title)
            length = room * min(max(row.share, 0.0), 1.0)
            painter.drawText(QRectF(left + length + GRID / 2, top, right, line), int(middle), row.text)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color_of(row.color))
            painter.drawRoundedRect(QRectF(left, top + 0.24 * line, max(length, 1.5), 0.52 * line), 2, 2)
