"""A map of three coordinates: how it is turned, by hand or gently by itself, and where things are then."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer

from explorer.gui.map.view import Bounds
from explorer.gui.widgets.motion import reduced_motion

if TYPE_CHECKING:
    from explorer.analysis.camera import Camera, Stage
    from explorer.gui.map.canvas import MapCanvas

_FRAME_MS = 16
_SPEED = math.radians(14)  # a second, by itself
_PAUSE = 1.2  # seconds that it stands still after the pointer moved: what one aims at should not run away
_MOST_STEP = 0.1  # seconds that a frame may count for: after a hitch the map does not leap
_BOX = 1.22  # of the points' ball: beyond it the box's corners may leave the view, or the points would be small
_GROWN = 1.25  # of a ball that training's points outgrew, or shrank in, so much that the view follows


class Turning:
    """Turns the canvas's points, while they have three coordinates.

    Attributes
    ----------
    camera : Camera
        From the first `show` on, as is `stage`: a flat map at the start need not load what they take.
    stage : Stage
    equal : bool
        Whether a unit is as long along all three coordinates.
    orbiting : bool
        Whether it turns by itself, while nobody looks closer.
    """

    camera: Camera
    stage: Stage

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self._points: np.ndarray | None = None
        self._put = np.zeros((0, 3))
        self.equal = True
        self.orbiting = False
        self._looked = self._ticked = 0.0
        self._timer = QTimer(canvas, interval=_FRAME_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def active(self) -> bool:
        """Whether the map has three coordinates."""
        return self._points is not None

    @property
    def bounds(self) -> Bounds:
        """The square that holds all points however they are turned, and most of their box; in the screen's plane."""
        radius = min(float(np.linalg.norm(self.stage.half)), _BOX * self.stage.radius)
        return Bounds(-radius, radius, -radius, radius)

    # The points

    def show(self, points: np.ndarray, *, anew: bool, camera: Camera | None = None) -> None:
        """Take points ``(N, 3)``; those of another map (`anew`) in their own stage, seen by a camera."""
        from explorer.analysis.camera import Camera

        anew = anew or self._points is None
        self._points = points
        if anew:
            self.camera = camera or Camera.start()
        self._set_stage(keep=not anew)
        self.draw()

    def leave(self) -> None:
        """Show a flat map again."""
        self._points = None
        self.set_orbiting(False)

    def set_equal(self, equal: bool) -> None:
        """Choose whether a unit is as long along all three coordinates."""
        self.equal = equal
        if self._points is not None:
            self._set_stage(keep=False)
            self.draw()

    def _set_stage(self, *, keep: bool) -> None:
        from explorer.analysis.camera import Stage

        assert self._points is not None
        stage = Stage.of(self._points, equal=self.equal)
        if not keep or self._outgrown(stage):
            self.stage = stage
        self._put = self.stage.put(self._points.astype(np.float64))

    def _outgrown(self, stage: Stage) -> bool:
        """Whether the points fill another stage so differently that they should be seen in it."""
        grown = max(stage.radius / self.stage.radius, self.stage.radius / stage.radius)
        off = float(np.linalg.norm((stage.centre - self.stage.centre) * stage.scale)) / stage.radius
        return grown > _GROWN or off > 0.125

    def draw(self) -> None:
        """Give the canvas the points as they are seen now."""
        seen = self.camera.view(self._put)
        self._canvas.points.set_points(seen[:, 0], seen[:, 1], seen[:, 2] / self.stage.radius)

    # Places

    def at(self, place: np.ndarray) -> tuple[float, float]:
        """Return where a place ``(3,)`` of the map is in the screen's plane."""
        x, y, _ = self.camera.view(self.stage.put(place)[None])[0]
        return float(x), float(y)

    def moved(self, place: np.ndarray, x: float, y: float) -> np.ndarray:
        """Return `place` ``(3,)`` moved to a point of the screen's plane, as near to the eye as it was."""
        return self.stage.take(self.camera.moved(self.stage.put(place), np.array([x, y])))

    # Turning

    def turn(self, right: float, down: float, roll: float = 0.0) -> None:
        """Turn it by angles in radians, as a hand drags the near side."""
        self.camera = self.camera.turned(right, down, roll)
        self._canvas.turned()

    def drag(self, right: float, down: float) -> None:
        """Turn it by a drag of so many pixels: what is nearest goes with the pointer."""
        reach = max(self.stage.radius * self._canvas.view.sx, 1.0)
        self.turn(right / reach, down / reach)

    def reset(self) -> None:
        """Turn it as it was at first."""
        from explorer.analysis.camera import Camera

        self.camera = Camera.start()
        self._canvas.turned()
        self._canvas.settle()

    # By itself

    def set_orbiting(self, orbiting: bool) -> None:
        """Let it turn by itself, or stand; it never does where the desktop asks for less motion."""
        self.orbiting = orbiting and self.active and not reduced_motion()
        if self.orbiting and self._canvas.isVisible():
            self._ticked = time.monotonic()
            self._timer.start()
        else:
            self._timer.stop()
            self._canvas.settle()

    def look(self) -> None:
        """Stand still for a moment: the pointer moves over the map."""
        self._looked = time.monotonic()

    def pause(self) -> None:
        """Stand still while the map is not seen."""
        self._timer.stop()

    def resume(self) -> None:
        """Go on, now that it is seen."""
        if self.orbiting:
            self.set_orbiting(True)

    def _tick(self) -> None:
        now = time.monotonic()
        elapsed, self._ticked = min(now - self._ticked, _MOST_STEP), now
        if self._canvas.busy or now - self._looked < _PAUSE:
            self._canvas.settle()
        else:
            self.turn(_SPEED * elapsed, 0.0)
