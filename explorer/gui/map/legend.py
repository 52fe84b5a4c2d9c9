"""What the colours mean: classes with chips, each a button that selects them, or a bar of values."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QLinearGradient, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from explorer.gui.map.colours import Colouring, ramp
from explorer.gui.theme import GRID, theme

MOST_ROWS = 60
"""Classes that get a row; of more, the rest are counted in a last line."""
_WIDEST = 168


def number(value: float) -> str:
    """Return a value in few digits, with a true minus sign."""
    return f"{value:.4g}".replace("-", "−")


class ColourBar(QWidget):
    """A vertical bar of the colours with the least and the greatest value."""

    def __init__(self, low: float, high: float, some_unknown: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high, self._some_unknown = low, high, some_unknown
        self.setObjectName("map_colour_bar")
        text = f"from {number(low)} to {number(high)}" if np.isfinite(low) else "no values"
        self.setAccessibleName(f"Colour bar {text}")
        self.setToolTip(f"Colours {text}" + ("; samples without a value are grey" if some_unknown else ""))
        metrics = self.fontMetrics()
        width = max(metrics.horizontalAdvance(number(value)) for value in (low, high))
        self.setFixedSize(12 + GRID + max(width, metrics.horizontalAdvance("no value")) + 4, 112 + 20 * some_unknown)

    def paintEvent(self, event) -> None:
        """Draw the bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colors = ramp(17)
        fill = QLinearGradient(0, 112, 0, 0)
        for i, color in enumerate(colors.tolist()):
            fill.setColorAt(i / 16, QColor(*color))
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(0, 2, 12, 108), 3, 3)
        painter.setPen(theme().color("text"))
        metrics, left = painter.fontMetrics(), 12 + GRID
        if np.isfinite(self._high):
            painter.drawText(left, 2 + metrics.ascent(), number(self._high))
            painter.drawText(left, 110 - metrics.descent(), number(self._low))
        if self._some_unknown:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("unlabelled"))
            painter.drawRoundedRect(QRectF(0, 118, 12, 12), 3, 3)
            painter.setPen(theme().color("muted"))
            painter.drawText(left, 118 + metrics.ascent() - 1, "no value")


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
            f"QLabel {{ color: {palette.muted}; }}"
        )
        if self.empty:
            self.hide()
            return
        if colouring.title:
            self._add(self._line(colouring.title))
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

    def _line(self, text: str) -> QLabel:
        label = QLabel(self)
        label.setFont(self.font())
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST - 2 * GRID))
        label.setToolTip(text)
        return label

    def _add_classes(self, colouring: Colouring) -> None:
        classes, counts = np.unique(np.maximum(colouring.values.astype(np.int64), -1), return_counts=True)
        present = dict(zip(classes.tolist(), counts.tolist(), strict=True))
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
        name = self._colouring.names[index] if index >= 0 else "no label"
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
