"""A widget whose mouse, wheel and keys go to its gestures, and that shows where the keys go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.gui.theme import theme

if TYPE_CHECKING:
    from explorer.gui.map.gestures import Gestures


class Surface(QWidget):
    """Passes Qt's events on. Who derives from it makes `gestures`."""

    gestures: Gestures

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._focus_ring = False

    def sizeHint(self) -> QSize:
        """Ask for a good part of the screen."""
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        """Stay large enough to hold the handle."""
        return QSize(160, 120)

    def paint_focus(self, painter: QPainter) -> None:
        """Draw a ring where a key has brought the keys here."""
        if self._focus_ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def event(self, event: QEvent) -> bool:
        """Take pinches of a touchpad, and Escape while a drag is under way."""
        if isinstance(event, QNativeGestureEvent):
            return self.gestures.pinch(event)
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.gestures.mode != "idle"
        ):
            # Escape first gives up what the hand is doing; only then is it the window's.
            event.accept()
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what a press means."""
        self._focus_ring = False
        self.gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it, or look at what is under the pointer."""
        self.gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the press began."""
        self.gestures.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Put the handle on the sample under the pointer."""
        self.gestures.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        self.gestures.wheel(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Look at nothing."""
        self.gestures.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key means."""
        if not self.gestures.key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End what a held key meant."""
        if not self.gestures.key_up(event):
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go, if they were brought here by a key."""
        self._focus_ring = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop showing it."""
        self._focus_ring = False
        self.gestures.lose_keys()
        self.update()
