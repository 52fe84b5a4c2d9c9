"""A legend of chips that toggle what they name; it wraps to the width there is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.flow import FlowLayout


class Chip(QAbstractButton):
    """A flat toggle: a short line in the curve's style (or none), and its name, both faint while it is off."""

    def __init__(self, text: str, style: CurveStyle | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        self.setFont(theme().font("small"))
        self.updateGeometry()
        self.update()

    def _sample_width(self, metrics: QFontMetrics) -> int:
        return metrics.height() + 6

    def sizeHint(self) -> QSize:
        """Return the size of the line and the name."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + self._sample_width(metrics) + GRID, metrics.height() + 6)

    def minimumSizeHint(self) -> QSize:
        """Return the same: a name is never cut."""
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up."""
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Go out."""
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line or the box, and the name."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        around = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(theme().color("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("window"))
            painter.drawRoundedRect(around, 6, 6)
        on, metrics = self.isChecked(), self.fontMetrics()
        middle, left, sample = self.height() / 2, GRID / 2, self._sample_width(metrics) - 6.0
        if self._style is not None:
            pen = QPen(self._style.qcolor() if on else theme().color("muted", 0.4), max(self._style.width, 1.5) + 0.5)
            if self._style.dashed:
                pen.setDashPattern([2.0, 1.5])
            painter.setPen(pen)
            painter.drawLine(QPointF(left, middle), QPointF(left + sample, middle))
        else:
            side = 0.62 * metrics.height()
            box = QRectF(left + (sample - side) / 2, middle - side / 2, side, side)
            painter.setPen(QPen(theme().color("accent" if on else "muted"), 1.2))
            painter.setBrush(theme().color("accent") if on else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 3, 3)
            if on:
                painter.setPen(QPen(theme().color("accent_text"), 1.6))
                corner, unit = box.topLeft(), side / 10
                steps = [corner + QPointF(x * unit, y * unit) for x, y in ((2.3, 5.2), (4.3, 7.3), (7.9, 2.9))]
                painter.drawPolyline(steps)
        painter.setPen(theme().color("text" if on else "muted"))
        place = QRectF(left + sample + 5, 0, self.width(), self.height())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())


class Legend(QWidget):
    """One chip for each curve; pressed off, the curve is hidden. Other small toggles may stand behind."""

    toggled = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = FlowLayout(self)
        self._chips: dict[str, Chip] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_entry(self, key: str, style: CurveStyle | None, *, title: str = "", on: bool = True) -> None:
        """Add a chip for a curve, or with no style a toggle called `title`; one that is there keeps its state."""
        if key in self._chips:
            return
        title = title or (style.title if style else key)
        chip = Chip(title, style, self)
        chip.setObjectName(f"legend-{key}")
        chip.setAccessibleName(f"Show {title}" if style else title)
        chip.setToolTip(f"Show or hide: {title}" if style else title)
        chip.setChecked(on)
        chip.toggled.connect(self._on_toggled)
        self._chips[key] = chip
        self._layout.addWidget(chip)
        chip.show()

    @property
    def keys(self) -> list[str]:
        """The keys of all chips."""
        return list(self._chips)

    def chip(self, key: str) -> Chip:
        """Return the chip of a key."""
        return self._chips[key]

    def set_present(self, key: str, present: bool) -> None:
        """Show or hide the chip itself."""
        chip = self._chips[key]
        if chip.isHidden() == present:
            chip.setVisible(present)
            self._layout.invalidate()
            self.updateGeometry()

    def is_on(self, key: str) -> bool:
        """Whether the curve called `key` is to be seen."""
        return key not in self._chips or self._chips[key].isChecked()

    def clear(self) -> None:
        """Remove all chips."""
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._chips.clear()
        self.updateGeometry()

    def _on_toggled(self) -> None:
        for key, chip in self._chips.items():
            if chip is self.sender():
                self.toggled.emit(key, chip.isChecked())
                return
