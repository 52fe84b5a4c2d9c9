"""Layouts that fit any width: rows that wrap, and a row that becomes a column."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

from explorer.gui.theme import GRID


class FlowLayout(QLayout):
    """Lays widgets in rows, as words in a paragraph."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 4) -> None:
        super().__init__(parent)
        self.items_: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self.items_.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self.items_)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override] - Qt allows null
        """Return an item, or None past the end."""
        return self.items_[index] if 0 <= index < len(self.items_) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override] - Qt allows null
        """Remove and return an item."""
        return self.items_.pop(index) if 0 <= index < len(self.items_) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return none: it takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return True: a narrow one is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows at a width."""
        return self.arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self.arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size of one row."""
        widths = [item.sizeHint().width() for item in self.items_ if not item.isEmpty()]
        return QSize(sum(widths) + self.spacing() * max(0, len(widths) - 1), self.minimumSize().height())

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        size = QSize(0, 0)
        for item in self.items_:
            size = size.expandedTo(item.minimumSize())
        return size

    def arrange(self, rect: QRect, *, move: bool) -> int:
        """Place the items in `rect` (if `move`) and return the height that they take."""
        x, y = rect.x(), rect.y()
        row: list[tuple[QLayoutItem, QRect]] = []

        def close() -> int:
            """Place the items of a full row, each in its middle, and return its height."""
            tall = max((place.height() for _, place in row), default=0)
            for item, place in row:
                if move:
                    item.setGeometry(place.translated(0, (tall - place.height()) // 2))
            row.clear()
            return tall

        for item in self.items_:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                y += close() + self.spacing()
                x = rect.x()
            row.append((item, QRect(QPoint(x, y), hint)))
            x += hint.width() + self.spacing()
        return y + close() - rect.y()


class RowLayout(FlowLayout):
    """Lays widgets beside each other where there is room for all, else each on a line of its own.

    Parameters
    ----------
    parent : QWidget
    stretch : int
        The place of the widget that takes the room to spare.
    """

    def __init__(self, parent: QWidget, stretch: int) -> None:
        super().__init__(parent, spacing=GRID)
        self._stretch = stretch

    def arrange(self, rect: QRect, *, move: bool) -> int:
        """Place the items in `rect` (if `move`) and return the height that they take."""
        shown = [(place, item) for place, item in enumerate(self.items_) if not item.isEmpty()]
        if not shown:
            return 0
        widths = [(item.minimumSize() if place == self._stretch else item.sizeHint()).width() for place, item in shown]
        heights = [item.sizeHint().height() for _, item in shown]
        spare = rect.width() - sum(widths) - self.spacing() * (len(shown) - 1)
        if spare >= 0:
            x, tall = rect.x(), max(heights)
            for (place, item), width in zip(shown, widths, strict=True):
                width += spare if place == self._stretch else 0
                if move:
                    item.setGeometry(QRect(x, rect.y(), width, tall))
                x += width + self.spacing()
            return tall
        y = rect.y()
        for (_, item), height in zip(shown, heights, strict=True):
            if move:
                item.setGeometry(QRect(rect.x(), y, rect.width(), height))
            y += height + self.spacing() // 2
        return y - self.spacing() // 2 - rect.y()


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
        layout = RowLayout(self, stretch)
        for widget in widgets:
            layout.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
