"""What the colours mean: classes with chips, each a button that selects them, or a bar of values."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QLinearGradient, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from explorer.gui.map.colours import Colouring, ramp
from explorer.gui.theme import GRID, theme

MOST_ROWS = 60
"""Classes that get a row; of more, the rest are counted in a last line."""
_WIDEST = 168
_BAR, _LENGTH = 14, 136


def number(value: float) -> str:
    """Return a value in few digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Return where a bar from `low` to `high` is marked, as shares of its length, and with which words.

    The least value, the middle and the greatest, in as many digits as tell them apart; one value once.
    """
    if not np.isfinite(low):
        return []
    span = high - low
    if not span > 0:
        return [(0.5, number(low))]
    largest = max(abs(low), abs(high))
    decimals = max(0, 2 - math.floor(math.log10(span)))
    if largest >= 1e6 or span < 1e-4:
        return [(share, number(low + share * span)) for share in (0.0, 0.5, 1.0)]

    def text(value: float) -> str:
        shown = f"{round(value, decimals) + 0.0:,.{min(decimals, 6)}f}"
        return shown.replace("-", "−")

    return [(share, text(low + share * span)) for share in (0.0, 0.5, 1.0)]


class ColourBar(QWidget):
    """A vertical bar of the colours, with the least, the middle and the greatest value."""

    def __init__(self, low: float, high: float, some_unknown: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._some_unknown = some_unknown
        self.setObjectName("map_colour_bar")
        text = f"from {number(low)} to {number(high)}" if np.isfinite(low) else "no values"
        self.setAccessibleName(f"Colour bar {text}")
        self.setToolTip(f"Colours {text}" + ("; samples without a value are grey" if some_unknown else ""))
        self.setFont(theme().font("body"))
        metrics = self.fontMetrics()
        self._ticks = ticks(low, high)
        words = [text for _, text in self._ticks] + ["no value"] * some_unknown
        width = max((metrics.horizontalAdvance(text) for text in words), default=0)
        self._line = metrics.height()
        self._length = max(_LENGTH, 4 * self._line)
        self.setFixedSize(_BAR + GRID + width + 4, self._line + self._length + (self._line + GRID // 2) * some_unknown)

    def paintEvent(self, event) -> None:
        """Draw the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colors = ramp(17)
        top = self._line / 2
        fill = QLinearGradient(0, top + self._length, 0, top)
        for i, color in enumerate(colors.tolist()):
            fill.setColorAt(i / 16, QColor(*color))
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(0, top, _BAR, self._length), 3, 3)
        left, right = _BAR + GRID, self.width()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for share, text in self._ticks:
            y = top + (1 - share) * self._length
            painter.setPen(theme().color("muted"))
            painter.drawLine(QLineF(_BAR + 1, y, _BAR + 4, y))
            painter.setPen(theme().color("text"))
            painter.drawText(QRectF(left, y - top, right - left, self._line), middle, text)
        if self._some_unknown:
            y = self._line + self._length + GRID // 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("unlabelled"))
            painter.drawRoundedRect(QRectF(0, y + (self._line - _BAR) / 2, _BAR, _BAR), 3, 3)
            painter.setPen(theme().color("muted"))
            painter.drawText(QRectF(left, y, right - left, self._line), middle, "no value")


class Legend(QFrame):
    """The legend in the map's corner; hidden where the points have one colour."""

    class_clicked = Signal(int, bool)
    """A class (-1: no label) was chosen; whether to add it to the selection."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map_legend")
        self.setAccessibleName("Legend")
        self._colouring = Colouring()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(GRID, GRID - 2, GRID, GRID - 2)
        self._layout.setSpacing(2)
        self._scroll: QScrollArea | None = None
        self.hide()

    def show_colouring(self, colouring: Colouring) -> None:
        """Explain a colouring."""
        self._colouring = colouring
        self.rebuild()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to explain."""
        return self._colouring.kind == "none" or not len(self._colouring.values)

    def rebuild(self) -> None:
        """Build the rows anew, in the theme's colours and font."""
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._scroll = None
        palette, colouring = theme().palette, self._colouring
        self.setFont(theme().font("small"))
        self.setStyleSheet(
            f"QFrame#map_legend {{ background: {palette.panel}; border: 1px solid {palette.line};"
            f" border-radius: 8px; }}"
            f"QPushButton {{ border: 1px solid transparent; border-radius: 4px; padding: 1px 4px; text-align: left;"
            f" background: transparent; color: {palette.text}; }}"
            f"QPushButton:hover {{ background: {palette.window}; }}"
            f"QPushButton:focus {{ border-color: {palette.accent}; }}"
            f"QLabel {{ color: {palette.text}; }}"
        )
        if self.empty:
            self.hide()
            return
        if colouring.title:
            self._add(self._line(colouring.title, title=True))
        if colouring.kind == "value":
            bar = ColourBar(*colouring.range(), bool(np.isnan(colouring.values).any()), self)
            self._add(bar)
        else:
            self._add_classes(colouring)
        self.adjustSize()

    def _add(self, widget: QWidget) -> None:
        """Add a row, shown at once: a layout would show it later, and until then not reckon with its size."""
        self._layout.addWidget(widget)
        widget.show()

    def _line(self, text: str, *, title: bool = False) -> QLabel:
        label = QLabel(self)
        font = theme().font("body" if title else "small")
        font.setWeight(QFont.Weight.DemiBold if title else QFont.Weight.Normal)
        label.setFont(font)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST - 2 * GRID))
        label.setToolTip(text)
        return label

    def _add_classes(self, colouring: Colouring) -> None:
        present = colouring.counts
        shown = [index for index in (*range(len(colouring.names)), -1) if index in present]
        rows = QWidget()
        rows.setObjectName("map_legend_rows")
        layout = QVBoxLayout(rows)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for index in shown[:MOST_ROWS]:
            layout.addWidget(self._row(index, present[index]))
        if len(shown) > MOST_ROWS:
            layout.addWidget(self._line(f"and {len(shown) - MOST_ROWS:,} more classes"))
        scroll = QScrollArea(self)
        scroll.setObjectName("map_legend_scroll")
        scroll.setWidget(rows)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        rows.setAutoFillBackground(False)
        self._scroll, self._rows = scroll, rows
        self._add(scroll)

    def _row(self, index: int, count: int) -> QPushButton:
        nothing = "in no set" if self._colouring.title == "sets" else "no label"
        name = self._colouring.names[index] if index >= 0 else nothing
        row = QPushButton()
        row.setObjectName(f"map_legend_class_{index}")
        row.setAccessibleName(f"Select class {name}")
        row.setFont(self.font())
        row.setIcon(_chip(theme().palette.class_color(index)))
        row.setIconSize(QSize(10, 10))
        elided = row.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST - 5 * GRID)
        row.setText(elided.replace("&", "&&"))
        row.setToolTip(f"{name}: {count:,} samples. Click to select them, Ctrl+click to add them to the selection")
        row.clicked.connect(lambda _checked=False, index=index: self._choose(index))
        return row

    def _choose(self, index: int) -> None:
        add = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        self.class_clicked.emit(index, bool(QGuiApplication.keyboardModifiers() & add))

    def limit_height(self, height: int) -> None:
        """Scroll the classes where they do not fit a canvas of this height."""
        if self._scroll is None:
            return
        for row in self._rows.findChildren(QWidget):
            row.ensurePolished()
        wanted, room = self._rows.sizeHint(), max(48, height - 112)
        needed = wanted.height() > room
        bar = self._scroll.verticalScrollBar().sizeHint().width() if needed else 0
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if needed else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self._scroll.setVerticalScrollBarPolicy(policy)
        self._scroll.setFixedSize(wanted.width() + bar, min(wanted.height(), room))
        self.adjustSize()


def _chip(color: str) -> QIcon:
    result = QIcon()
    for ratio in (1, 2, 3):
        picture = QPixmap(10 * ratio, 10 * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        painter.drawEllipse(QRectF(0.5, 0.5, 9, 9))
        painter.end()
        result.addPixmap(picture)
    return result
