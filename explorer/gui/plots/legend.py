"""A legend of chips that toggle what they name; it wraps to the width there is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QToolButton, QWidget

from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import theme


class FlowLayout(QLayout):
    """Lays widgets in rows, as words in a paragraph."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 4) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override] - Qt allows null
        """Return an item, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override] - Qt allows null
        """Remove and return an item."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return none: it takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return True: a narrow one is taller."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all rows at a width."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the size of one row."""
        widths = [item.sizeHint().width() for item in self._items if not item.isEmpty()]
        return QSize(sum(widths) + self.spacing() * max(0, len(widths) - 1), self.minimumSize().height())

    def minimumSize(self) -> QSize:
        """Return the size of the largest item."""
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, row = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, row = rect.x(), y + row + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self.spacing()
            row = max(row, hint.height())
        return y + row - rect.y()


class Legend(QWidget):
    """One chip for each curve: its line, its name; pressed off, the curve is hidden."""

    toggled = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = FlowLayout(self)
        self._chips: dict[str, tuple[QToolButton, CurveStyle]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.restyle)

    def set_entry(self, key: str, style: CurveStyle, *, on: bool = True) -> None:
        """Add a chip; one that is there keeps its state."""
        if key in self._chips:
            return
        chip = QToolButton(self)
        chip.setObjectName(f"legend-{key}")
        chip.setText(style.title)
        chip.setAccessibleName(f"Show {style.title}")
        chip.setToolTip(f"Show or hide: {style.title}")
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setCheckable(True)
        chip.setChecked(on)
        chip.setAutoRaise(True)
        chip.toggled.connect(self._on_toggled)
        self._chips[key] = (chip, style)
        self._layout.addWidget(chip)
        self._dress(key)

    def set_present(self, key: str, present: bool) -> None:
        """Show or hide the chip itself."""
        chip = self._chips[key][0]
        if chip.isHidden() == present:
            chip.setVisible(present)
            self._layout.invalidate()
            self.updateGeometry()

    def is_on(self, key: str) -> bool:
        """Whether the curve called `key` is to be seen."""
        return key not in self._chips or self._chips[key][0].isChecked()

    def clear(self) -> None:
        """Remove all chips."""
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._chips.clear()
        self.updateGeometry()

    def _on_toggled(self) -> None:
        for key, (chip, _) in self._chips.items():
            if chip is self.sender():
                self._dress(key)
                self.toggled.emit(key, chip.isChecked())
                return

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        for key in self._chips:
            self._dress(key)

    def _dress(self, key: str) -> None:
        chip, style = self._chips[key]
        on = chip.isChecked()
        font = theme().font("small")
        palette = theme().palette
        chip.setFont(font)
        height = chip.fontMetrics().height()
        size = QSize(height + 4, height)
        pixmap = QPixmap(size * chip.devicePixelRatioF())
        pixmap.setDevicePixelRatio(chip.devicePixelRatioF())
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        color = style.qcolor() if on else theme().color("muted", 0.5)
        pen = QPen(color, max(style.width, 1.5) + 0.5)
        if style.dashed:
            pen.setDashPattern([2.0, 1.5])
        painter.setPen(pen)
        painter.drawLine(1, height // 2, size.width() - 1, height // 2)
        painter.end()
        chip.setIconSize(size)
        chip.setIcon(QIcon(pixmap))
        text, struck = (palette.text, "none") if on else (palette.muted, "line-through")
        chip.setStyleSheet(
            f"QToolButton {{ border: 1px solid transparent; border-radius: 6px; padding: 2px 6px 2px 4px;"
            f" color: {text}; background: transparent; text-decoration: {struck}; }}"
            f"QToolButton:hover {{ background: {palette.window}; }}"
            f"QToolButton:focus {{ border-color: {palette.accent}; }}"
        )
