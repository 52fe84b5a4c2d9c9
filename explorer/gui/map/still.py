"""The still picture: all of the map that does not move with the handle, composed once for many paints."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, QTimer
from PySide6.QtGui import QPainter, QPixmap

from explorer.gui.jobs import Beside
from explorer.gui.map.axes import Axes
from explorer.gui.map.labels import paint_labels
from explorer.gui.map.points import Finished
from explorer.gui.theme import theme

if TYPE_CHECKING:
    from explorer.gui.map.canvas import MapCanvas
    from explorer.gui.map.scene import Scene

_REST_MS = 60  # that a view rests before points that are slow to draw are drawn exactly
_LONGEST_MOVE = 0.4  # seconds after which they are so even while it moves


class Still:
    """Composes the ground, the axes and the points of a canvas into one picture.

    Points that cannot be drawn anew within a frame are first moved and scaled as they are. Few are drawn once the view
    rests, a crowd beside the window: always for the view that is wanted last.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self.axes = Axes(theme().palette, theme().font("small"))
        self.scene: Scene | None = None
        self._kept: QPixmap | None = None
        self._used = QPixmap()  # to be painted over: other memory for every frame would cost more than the painting
        self._beside = Beside(canvas)
        self._moved_since = 0.0
        self._refine = QTimer(canvas, singleShot=True)
        self._refine.timeout.connect(self._refine_points)

    @property
    def insets(self) -> tuple[float, float, float, float]:
        """The room beside the map that what stands there needs: left, top, right, bottom."""
        return self.scene.insets if self._canvas.turning.active and self.scene else self.axes.insets

    def enter_space(self, names: tuple[str, ...]) -> None:
        """Draw what stands around a map of three coordinates of these names."""
        if self.scene is None:
            from explorer.gui.map.scene import Scene  # a flat map at the start need not load it

            self.scene = Scene(theme().palette, theme().font("small"))
        self.scene.names = names

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        for each in (self.axes, self.scene):
            if each is not None:
                each.restyle(theme().palette, theme().font("small"))

    def drop(self) -> None:
        """Compose it anew at the next paint."""
        self._kept = None

    def pause(self) -> None:
        """Draw nothing beside the window while nobody looks."""
        self._beside.close()
        self.drop()

    def paint(self, painter: QPainter, ratio: float) -> None:
        """Paint it, for a screen of so many pixels for a logical one.

        While a crowd that is not drawn yet is moved and scaled, no two paints are alike: none is kept.
        """
        points = self._canvas.points
        if self._canvas.has_points and points.crowded and not points.is_fresh(self._canvas.view, ratio):
            self._kept = None
            self._draw(painter, ratio)
            return
        if self._kept is None or self._kept.devicePixelRatio() != ratio:
            self._kept = self._compose(ratio)
        painter.drawPixmap(0, 0, self._kept)

    def _compose(self, ratio: float) -> QPixmap:
        canvas = self._canvas
        size = QSize(math.ceil(canvas.width() * ratio), math.ceil(canvas.height() * ratio))
        if self._used.size() != size:
            self._used = QPixmap(size)
        still = self._used
        still.setDevicePixelRatio(ratio)
        painter = QPainter(still)
        self._draw(painter, ratio)
        painter.end()
        return still

    def _draw(self, painter: QPainter, ratio: float) -> None:
        canvas = self._canvas
        painter.fillRect(canvas.rect(), theme().color("field"))
        if not canvas.has_points:
            return
        view, turning = canvas.view, canvas.turning
        frame = QRectF(view.frame.left, view.frame.top, view.frame.width, view.frame.height)
        painter.save()
        painter.setClipRect(frame)
        scene = self.scene if turning.active else None
        if scene is not None:
            scene.paint_box(painter, view, turning.camera, turning.stage)
        else:
            self.axes.paint_grid(painter, view)
        painter.restore()
        painter.save()
        painter.setClipRect(frame)
        for backdrop in canvas.backdrops:
            backdrop.paint(painter, view)
        canvas.path.paint(painter, view)
        if not canvas.points.paint(painter, view, ratio):
            self._draw_soon(ratio)
        paint_labels(painter, canvas.points, view, canvas.moving.describe, theme().font("small"), theme().palette)
        canvas.paint_sketches(painter)
        painter.restore()
        if scene is not None:
            scene.paint_tripod(painter, view, turning.camera)
        else:
            self.axes.paint_labels(painter, view)

    def _draw_soon(self, ratio: float) -> None:
        """Have a crowd drawn now, beside the window; fewer points once the view rests, or every now and then."""
        points = self._canvas.points
        if points.crowded:
            self._beside.latest(points.task(self._canvas.view, ratio), self._take)
            return
        now = time.monotonic()
        if not self._refine.isActive():
            self._moved_since = now
        if not self._refine.isActive() or now - self._moved_since < _LONGEST_MOVE:
            self._refine.start(_REST_MS)

    def _take(self, finished: Finished) -> None:
        canvas = self._canvas
        if canvas.points.take(finished):
            self._kept = None
            canvas.update()
            canvas.points_drawn.emit()

    def _refine_points(self) -> None:
        canvas = self._canvas
        canvas.points.refine(canvas.view, canvas.devicePixelRatioF())
        self._kept = None
        canvas.update()
