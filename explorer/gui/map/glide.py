"""How a view changes by itself: calmly, or at once where the desktop asks for less motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEasingCurve, QVariantAnimation

from explorer.gui.map.view import MapView
from explorer.gui.widgets.motion import reduced_motion

if TYPE_CHECKING:
    from explorer.gui.map.canvas import MapCanvas

_MS = 260


class Glide:
    """Leads the canvas's view to another one."""

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        easy = QEasingCurve(QEasingCurve.Type.OutCubic)
        self._course = QVariantAnimation(canvas, duration=_MS, startValue=0.0, endValue=1.0, easingCurve=easy)
        self._course.valueChanged.connect(self._go)
        self._ends: tuple[MapView, MapView] | None = None

    @property
    def aim(self) -> MapView:
        """The view that the canvas has, or will have."""
        running = self._course.state() == QVariantAnimation.State.Running
        return self._ends[1] if running and self._ends else self._canvas.view

    def toward(self, view: MapView) -> None:
        """Begin to change into a view."""
        self._course.stop()
        if not self._canvas.isVisible() or reduced_motion():
            self._canvas.set_view(view)
            return
        self._ends = (self._canvas.view, view)
        self._course.start()

    def stop(self) -> None:
        """Stay where it is."""
        self._course.stop()

    def _go(self, share: float) -> None:
        if self._ends is not None:
            self._canvas.set_view(self._ends[0].toward(self._ends[1], float(share)))
