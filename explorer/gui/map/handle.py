"""What the hand holds: the handle with its halo, and the line to the nearest real sample."""

from __future__ import annotations

import math
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF, QRadialGradient

from explorer.analysis.palette import Palette
from explorer.gui.map.view import Frame

State = Literal["rest", "hover", "held"]
REACH = 18.0
"""How near to its middle, in pixels, a press grabs the handle."""
_HALO: dict[State, float] = {"rest": 20.0, "hover": 24.0, "held": 26.0}
_RADIUS: dict[State, float] = {"rest": 8.0, "hover": 9.0, "held": 9.0}
_SIDE = 56  # of the picture, in pixels: the widest halo with room
RING = 10.0
"""Radius of the ring around the nearest sample."""


class Handle:
    """Draws the handle from a picture made once for each look, so that a move costs next to nothing."""

    def __init__(self, palette: Palette) -> None:
        self.state: State = "rest"
        self.approximate = False
        self.restyle(palette)

    def restyle(self, palette: Palette) -> None:
        """Take the colours of another theme."""
        self._palette = palette
        self._pictures: dict[tuple[State, bool, float], QPixmap] = {}

    @staticmethod
    def rect(px: float, py: float) -> QRectF:
        """Return what the handle at a pixel may paint on."""
        return QRectF(px - _SIDE / 2, py - _SIDE / 2, _SIDE, _SIDE)

    @staticmethod
    def link_rect(px: float, py: float, to: tuple[float, float]) -> QRectF:
        """Return what the line and ring to the nearest sample may paint on."""
        pad = RING + 3
        left, right = sorted((px, to[0]))
        top, bottom = sorted((py, to[1]))
        return QRectF(left - pad, top - pad, right - left + 2 * pad, bottom - top + 2 * pad)

    def paint(self, painter: QPainter, px: float, py: float, ratio: float) -> None:
        """Draw the handle in its state; where what is under it is approximate, in a dashed ring."""
        painter.drawPixmap(self.rect(px, py).topLeft(), self._picture(ratio))

    def _picture(self, ratio: float) -> QPixmap:
        key = (self.state, self.approximate, ratio)
        if key not in self._pictures:
            picture = QPixmap(round(_SIDE * ratio), round(_SIDE * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle, radius = QPointF(_SIDE / 2, _SIDE / 2), _RADIUS[self.state]
            glow = QRadialGradient(middle, _HALO[self.state])
            for stop, alpha in ((0.0, 0.5), (0.45, 0.36), (1.0, 0.0)):
                color = QColor(self._palette.accent)
                color.setAlphaF(alpha)
                glow.setColorAt(stop, color)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(glow)
            painter.drawEllipse(middle, _HALO[self.state], _HALO[self.state])
            painter.setPen(QPen(QColor(self._palette.field), 2.5))
            painter.setBrush(QColor(self._palette.accent))
            painter.drawEllipse(middle, radius, radius)
            if self.approximate:
                dashes = QPen(QColor(self._palette.accent), 1.8)
                dashes.setDashPattern([3.0, 2.35])
                painter.setPen(dashes)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(middle, radius + 6, radius + 6)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._palette.field))
            painter.drawEllipse(middle, 2.2, 2.2)
            painter.end()
            self._pictures[key] = picture
        return self._pictures[key]

    def paint_link(self, painter: QPainter, px: float, py: float, to: tuple[float, float]) -> None:
        """Draw a ring around the nearest sample at pixel `to`, and a line from it to the handle."""
        color = QColor(self._palette.nearest)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        distance = math.hypot(to[0] - px, to[1] - py)
        for pen in (QPen(QColor(self._palette.field), 4.0), QPen(color, 1.8)):
            painter.setPen(pen)
            if distance > RING + 1:
                share = RING / distance
                end = QPointF(to[0] + (px - to[0]) * share, to[1] + (py - to[1]) * share)
                painter.drawLine(QPointF(px, py), end)
            painter.drawEllipse(QPointF(*to), RING, RING)

    def paint_beyond(self, painter: QPainter, px: float, py: float, frame: Frame) -> None:
        """Draw an arrow at the frame's edge toward a handle that is out of view."""
        middle = self.beyond_rect(px, py, frame).center()
        angle = math.atan2(py - middle.y(), px - middle.x())
        corners = [(11.0, 0.0), (8.0, 2.5), (8.0, -2.5)]
        points = [middle + QPointF(r * math.cos(angle + a), r * math.sin(angle + a)) for r, a in corners]
        painter.setPen(QPen(QColor(self._palette.field), 2))
        painter.setBrush(QColor(self._palette.accent))
        painter.drawPolygon(QPolygonF(points))

    @staticmethod
    def beyond_rect(px: float, py: float, frame: Frame) -> QRectF:
        """Return what the arrow toward a hidden handle may paint on."""
        x = min(max(px, frame.left + 14), frame.right - 14)
        y = min(max(py, frame.top + 14), frame.bottom - 14)
        return QRectF(x - 14, y - 14, 28, 28)
