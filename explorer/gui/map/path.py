"""The windows of a recording as a path on the map: a line from each to the next, and a play-head on it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from explorer.gui.map.view import MapView
from explorer.gui.theme import theme

if TYPE_CHECKING:
    from explorer.gui.map.canvas import MapCanvas

WHOLE = 6000
"""Windows up to which the whole path is drawn; of more, a thicket, only that near the play-head."""
TRAIL = 80
"""Windows before and behind the play-head that stand out."""
RING = 9.0
"""Radius of the ring around the play-head's window."""
_SHADES = 5


class WindowPath:
    """Draws the path behind the points, the trail at the play-head and its ring over them.

    Attributes
    ----------
    shown : bool
        Whether the person wants the line.
    index : int
        The window under the play-head; -1: there is none, and no path.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self.shown = True
        self.index = -1

    @property
    def active(self) -> bool:
        """Whether the points are windows that follow each other."""
        return self.index >= 0

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Draw the whole path into the still picture, faintly."""
        count = len(self._canvas.points.x)
        if not (self.active and self.shown) or count > WHOLE or count < 2:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("muted", 0.30 if count < 1500 else 0.16), 1.0))
        painter.drawLines(self._lines(0, count, view))
        painter.restore()

    def paint_head(self, painter: QPainter, view: MapView) -> None:
        """Draw the trail and the ring."""
        if not self.active or self.index >= len(self._canvas.points.x):
            return
        painter.save()
        frame = view.frame
        painter.setClipRect(QRectF(frame.left, frame.top, frame.width, frame.height), Qt.ClipOperation.IntersectClip)
        if self.shown:
            self._paint_trail(painter, view)
        there = self._canvas.moving.px_of(self.index)
        if all(map(math.isfinite, there)):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (QPen(theme().color("field"), 4.5), QPen(theme().color("decoded"), 2.0)):
                painter.setPen(pen)
                painter.drawEllipse(QPointF(*there), RING, RING)
        painter.restore()

    def _paint_trail(self, painter: QPainter, view: MapView) -> None:
        """Draw the windows around the play-head, the fainter the farther; those to come are thinner."""
        count = len(self._canvas.points.x)
        step = TRAIL // _SHADES
        for shade in range(_SHADES):
            color = QColor(theme().color("decoded", 0.75 * (1 - shade / _SHADES) ** 1.5))
            near, far = shade * step, (shade + 1) * step
            for first, last, width in (
                (self.index - far, self.index - near + 1, 2.2),
                (self.index + near, self.index + far + 1, 1.2),
            ):
                first, last = max(0, first), min(count, last)
                if last - first >= 2:
                    painter.setPen(QPen(color, width))
                    painter.drawLines(self._lines(first, last, view))

    def _lines(self, first: int, last: int, view: MapView) -> list[QLineF]:
        """Return the lines between windows `first` to `last` (excluded) that may be in view."""
        points = self._canvas.points
        px, py = view.to_px(np.asarray(points.x[first:last], float), np.asarray(points.y[first:last], float))
        frame = view.frame
        left, right = np.minimum(px[1:], px[:-1]), np.maximum(px[1:], px[:-1])
        top, bottom = np.minimum(py[1:], py[:-1]), np.maximum(py[1:], py[:-1])
        seen = (right >= frame.left) & (left <= frame.right) & (bottom >= frame.top) & (top <= frame.bottom)
        ends = np.column_stack([px[:-1], py[:-1], px[1:], py[1:]])[seen]  # NaN is never seen
        return [QLineF(*line) for line in ends.tolist()]

    def rect(self) -> QRectF | None:
        """Return what the trail and the ring paint on; None where they paint nothing."""
        points = self._canvas.points
        count = len(points.x)
        if not self.active or self.index >= count:
            return None
        reach = TRAIL if self.shown else 0
        part = slice(max(0, self.index - reach), min(count, self.index + reach + 1))
        px, py = self._canvas.view.to_px(np.asarray(points.x[part], float), np.asarray(points.y[part], float))
        known = np.isfinite(px) & np.isfinite(py)
        if not known.any():
            return None
        box = QRectF(QPointF(px[known].min(), py[known].min()), QPointF(px[known].max(), py[known].max()))
        return box.adjusted(-RING - 4, -RING - 4, RING + 4, RING + 4)
