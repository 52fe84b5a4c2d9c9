"""Widgets beside each other where there is room for all, else below each other."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from explorer.gui.theme import GRID


class Row(QWidget):
    """A row that becomes a column in a narrow dock, or with large letters, so that nothing is cut.

    Parameters
    ----------
    widgets : QWidget
    stretch : int
        The place of the widget that takes the room to spare.
    """

    def __init__(self, *widgets: QWidget, stretch: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._widgets = widgets
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(GRID)
        for place, widget in enumerate(widgets):
            self._box.addWidget(widget, 1 if place == stretch else 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _shown(self) -> list[QWidget]:
        # A widget that was never shown counts as hidden for Qt, before its parents are on the screen.
        explicit = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        return [widget for widget in self._widgets if not (widget.isHidden() and widget.testAttribute(explicit))]

    def _least(self) -> list[QSize]:
        return [widget.minimumSizeHint().expandedTo(widget.minimumSize()) for widget in self._shown()]

    def fits(self, width: int) -> bool:
        """Whether all stand beside each other at this width."""
        sizes = self._least()
        return sum(size.width() for size in sizes) + GRID * (len(sizes) - 1) <= width

    def hasHeightForWidth(self) -> bool:
        """Return True: a narrow one is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the row or the column."""
        heights = [widget.sizeHint().height() for widget in self._shown()]
        if not heights:
            return 0
        return max(heights) if self.fits(width) else sum(heights) + GRID // 2 * (len(heights) - 1)

    def minimumSizeHint(self) -> QSize:
        """Return the size of the largest widget: the others can go below it."""
        size = QSize(0, 0)
        for each in self._least():
            size = size.expandedTo(each)
        return size

    def sizeHint(self) -> QSize:
        """Return the size of the row."""
        sizes = [widget.sizeHint() for widget in self._shown()]
        width = sum(size.width() for size in sizes) + GRID * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose between row and column."""
        row = self.fits(self.width())
        direction = QBoxLayout.Direction.LeftToRight if row else QBoxLayout.Direction.TopToBottom
        if direction != self._box.direction():
            self._box.setDirection(direction)
            self._box.setSpacing(GRID if row else GRID // 2)
        super().resizeEvent(event)
