"""What a hand on the mouse or the keys means on the map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent

from explorer.gui.map.handle import REACH
from explorer.gui.map.overlay import Band
from explorer.gui.map.view import Bounds

if TYPE_CHECKING:
    from explorer.gui.map.canvas import MapCanvas

HIT = 8.0
"""How near to a point, in pixels, the pointer means it."""
_STILL = 4.0  # a press that moves less than this is a click
_NUDGE, _STRIDE = 4.0, 32.0  # pixels that an arrow key moves the handle, without and with Shift
_ZOOM = 1.2  # for one notch of the wheel
_TURN, _ROUND = math.radians(5.0), math.radians(20.0)  # that an arrow key turns the map, without and with Shift
_ADD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}

_IN_SPACE = (Qt.Key.Key_T, Qt.Key.Key_O, Qt.Key.Key_R, Qt.Key.Key_Comma, Qt.Key.Key_Period)

Mode = Literal["idle", "drag", "undecided", "pan", "turn", "band"]


class Gestures:
    """Turns the canvas's events into what they mean.

    A press is a drag of the handle, a click on a point ("undecided" until it moves), a pan, a turn of what has three
    coordinates, or the start of a box or loop, by the tool, the button and what lies under the pointer.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self.mode: Mode = "idle"
        self._space = False
        self._start = QPointF()
        self._last = QPointF()
        self._point = -1

    # The mouse

    def press(self, event: QMouseEvent) -> None:
        """Begin what a press means here."""
        canvas, at = self._canvas, event.position()
        if self.mode != "idle" or not canvas.has_points:
            return
        self._start = self._last = at
        left, right = (event.button() == button for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton))
        space, alt = canvas.turning.active, bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if space and (right or (left and alt)):
            self.mode = "turn"
        elif right or event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self.mode = "pan"
        elif left:
            self._press_left(at, bool(event.modifiers() & _ADD))
        canvas.moving.hover(-1)
        self.show_cursor()

    def _press_left(self, at: QPointF, add: bool) -> None:
        canvas = self._canvas
        if not canvas.view.frame.holds(at.x(), at.y()):
            return
        if canvas.tool != "decode":
            # With a tool that selects, the handle is taken only by its very middle: boxes may begin beside it.
            if self._near_handle(at, REACH / 2) and not add:
                self._hold()
            elif canvas.tool == "turn":
                self.mode = "turn"
            else:
                self.mode = "band"
                canvas.moving.band = Band(canvas.tool, at.x(), at.y())
            return
        self._point = canvas.point_at(at.x(), at.y(), HIT)
        if add:
            if self._point >= 0:
                canvas.select_point(self._point, add=True)
        elif self._near_handle(at, REACH):
            self._hold()
        elif self._point >= 0:
            self.mode = "undecided"
        else:
            self._hold()
            canvas.drag_to(at.x(), at.y())

    def _near_handle(self, at: QPointF, reach: float) -> bool:
        there = self._canvas.handle_px()
        return there is not None and math.hypot(at.x() - there[0], at.y() - there[1]) <= reach

    def _hold(self) -> None:
        self.mode = "drag"
        self._canvas.moving.set_state("held")

    def move(self, event: QMouseEvent) -> None:
        """Follow the pointer, with or without a button held."""
        canvas, at = self._canvas, event.position()
        canvas.turning.look()
        if self.mode == "undecided" and (at - self._start).manhattanLength() > _STILL:
            self._hold()
        if self.mode == "drag":
            canvas.drag_to(at.x(), at.y())
        elif self.mode == "pan":
            step = at - self._last
            canvas.pan(step.x(), step.y())
        elif self.mode == "turn":
            step = at - self._last
            canvas.turning.drag(step.x(), step.y())
        elif self.mode == "band":
            canvas.moving.extend_band(at.x(), at.y())
        elif self.mode == "idle":
            self._hover(at)
        self._last = at

    def _hover(self, at: QPointF) -> None:
        canvas = self._canvas
        near = self._near_handle(at, REACH if canvas.tool == "decode" else REACH / 2)
        canvas.moving.set_state("hover" if near else "rest")
        inside = canvas.has_points and canvas.view.frame.holds(at.x(), at.y())
        canvas.moving.hover(canvas.point_at(at.x(), at.y(), HIT) if inside else -1)
        self.show_cursor(near)

    def release(self, event: QMouseEvent) -> None:
        """End what the press began."""
        canvas, mode, at = self._canvas, self.mode, event.position()
        if mode == "idle" or event.buttons() != Qt.MouseButton.NoButton:
            return
        self.mode = "idle"
        add = bool(event.modifiers() & _ADD)
        if mode == "undecided":
            canvas.select_point(self._point, add=False)
        elif mode == "band":
            self._close_band(at, add)
        elif mode == "drag":
            canvas.drag_ended()
        elif mode in ("pan", "turn") and self._asks(event):
            canvas.settle()
            canvas.context_asked.emit(at)
        elif mode == "turn":
            canvas.settle()
        self._hover(at)

    def _asks(self, event: QMouseEvent) -> bool:
        """Whether the right button was pressed and let go in one place: it asks what can be done there."""
        right = event.button() == Qt.MouseButton.RightButton
        return right and (event.position() - self._start).manhattanLength() <= _STILL

    def _close_band(self, at: QPointF, add: bool) -> None:
        canvas = self._canvas
        band = canvas.moving.take_band()
        if band is None:
            return
        if band.extent <= _STILL:
            point = canvas.point_at(at.x(), at.y(), HIT)
            if point >= 0:
                canvas.select_point(point, add=add)
            elif not add:
                canvas.select(np.zeros(0, dtype=np.int64))
            return
        corners = np.column_stack(canvas.view.to_data(*band.corners.T))
        index = canvas.points.index
        if band.kind == "box":
            low, high = corners.min(axis=0), corners.max(axis=0)
            canvas.search.find(lambda: index.in_rectangle(Bounds(low[0], high[0], low[1], high[1])), add)
        else:
            canvas.search.find(lambda: index.in_polygon(corners), add)

    def double_click(self, event: QMouseEvent) -> None:
        """Put the handle on the point under the pointer; where there is none it is one more press."""
        at = event.position()
        point = self._canvas.point_at(at.x(), at.y(), HIT) if self._canvas.has_points else -1
        if event.button() == Qt.MouseButton.LeftButton and point >= 0 and not event.modifiers() & _ADD:
            self._canvas.point_activated.emit(point)
        else:
            self.press(event)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        notches = event.angleDelta().y() / 120
        if notches and self._canvas.has_points:
            at = event.position()
            self._canvas.zoom(_ZOOM**notches, at.x(), at.y())
            if self.mode == "idle":
                self._hover(at)
        event.accept()

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom with two fingers; return whether it meant that."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture or not self._canvas.has_points:
            return False
        self._canvas.zoom(1 + event.value(), event.position().x(), event.position().y())
        return True

    def leave(self) -> None:
        """Forget what was under the pointer."""
        if self.mode == "idle":
            self._canvas.moving.hover(-1)
            self._canvas.moving.set_state("rest")

    def abandon(self) -> bool:
        """Give up what the hand was doing; return whether it was doing anything."""
        busy = self.mode != "idle"
        if self.mode == "drag":
            self._canvas.drag_ended()
        self.mode = "idle"
        self._canvas.settle()
        self._canvas.moving.take_band()
        self.show_cursor()
        return busy

    def show_cursor(self, near_handle: bool = False) -> None:
        """Show by the pointer what a press would do."""
        if self.mode in ("pan", "drag"):
            shape = Qt.CursorShape.ClosedHandCursor
        elif self.mode == "turn" or (self._canvas.tool == "turn" and not near_handle):
            shape = Qt.CursorShape.SizeAllCursor
        elif near_handle or self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self._canvas.tool != "decode":
            shape = Qt.CursorShape.CrossCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        if self._canvas.cursor().shape() != shape:
            self._canvas.setCursor(shape)

    # The keys

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key means; return whether it meant something."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape:
            if not self.abandon():
                self._canvas.select(np.zeros(0, dtype=np.int64))
            return True
        if not self._canvas.has_points:
            return False
        if key in _ARROWS:
            self._arrow(*_ARROWS[key], modifiers)
            return True
        if key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = True
                self.show_cursor()
            return True
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return False
        return self._letter(key, modifiers)

    def _arrow(self, right: int, up: int, modifiers: Qt.KeyboardModifier) -> None:
        canvas = self._canvas
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if modifiers & Qt.KeyboardModifier.AltModifier:
            if canvas.turning.active:
                angle = _ROUND if shift else _TURN
                canvas.turning.turn(right * angle, -up * angle)
                canvas.settle()
            else:
                canvas.pan(-right * _STRIDE * 2, up * _STRIDE * 2)
            return
        step = _STRIDE if shift else _NUDGE
        canvas.nudge(right * step, up * step)

    def _letter(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        canvas = self._canvas
        middle = (
            canvas.view.frame.left + canvas.view.frame.width / 2,
            canvas.view.frame.top + canvas.view.frame.height / 2,
        )
        if key == Qt.Key.Key_D:
            canvas.set_tool("decode")
        elif key == Qt.Key.Key_B:
            canvas.set_tool("box")
        elif key == Qt.Key.Key_L:
            canvas.set_tool("lasso")
        elif canvas.turning.active and key in _IN_SPACE:
            self._in_space(key)
        elif key in (Qt.Key.Key_F, Qt.Key.Key_0, Qt.Key.Key_Home):
            canvas.fit()
        elif key == Qt.Key.Key_G:
            canvas.tools.press("lattice")
        elif key == Qt.Key.Key_M:
            canvas.tools.press("fog")
        elif key == Qt.Key.Key_E:
            canvas.set_equal(not canvas.equal)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            canvas.zoom(_ZOOM**2, *middle)
        elif key == Qt.Key.Key_Minus:
            canvas.zoom(_ZOOM**-2, *middle)
        elif key == Qt.Key.Key_Menu:
            canvas.context_asked.emit(canvas.handle_position())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            canvas.snap()
        elif key == Qt.Key.Key_S:
            near = canvas.nearest_to_handle()
            if near >= 0:
                canvas.select_point(near, add=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        else:
            return False
        return True

    def _in_space(self, key: Qt.Key) -> None:
        canvas = self._canvas
        if key == Qt.Key.Key_T:
            canvas.set_tool("turn")
        elif key == Qt.Key.Key_O:
            canvas.tools.show_orbiting(not canvas.turning.orbiting)
        elif key == Qt.Key.Key_R:
            canvas.turning.reset()
        else:
            canvas.turning.turn(0.0, 0.0, _TURN if key == Qt.Key.Key_Comma else -_TURN)
            canvas.settle()

    def key_up(self, event: QKeyEvent) -> bool:
        """End what a held key meant; return whether it meant something."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = False
                self.show_cursor()
            return True
        return False

    def lose_keys(self) -> None:
        """Let go of Space, which can no longer be seen to go up."""
        self._space = False
