"""What pages have drawn on the map: hollow points, lines, and places marked by a letter."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from explorer.analysis.palette import Palette
from explorer.gui.map.view import MapView

_RADIUS = 4.5
_MOST = 2000
"""Hollow points that are drawn."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A sketch in the plane of the screen: points and lines ``(K, 2)`` in the map's coordinates."""

    points: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))
    lines: tuple[np.ndarray, ...] = ()
    spots: dict[str, np.ndarray] = field(default_factory=dict)


def paint(painter: QPainter, view: MapView, placed: Placed, palette: Palette, font: QFont, *, flat: bool) -> None:
    """Draw a sketch over the points."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = view.frame.top + view.frame.height / 2

    def pixels(places: np.ndarray) -> list[QPointF]:
        px, py = view.to_px(places[:, 0], places[:, 1])
        known = np.isfinite(px) & np.isfinite(py)
        return [QPointF(x, middle if flat else y) for x, y in zip(px[known].tolist(), py[known].tolist(), strict=True)]

    accent, ground = QColor(palette.accent), QColor(palette.field)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in placed.lines:
        way = QPolygonF(pixels(line))
        for pen in (QPen(ground, 4.5), QPen(accent, 2.0)):
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPolyline(way)
    for at in pixels(placed.points[:_MOST]):
        painter.setPen(QPen(ground, 3.6))
        painter.drawEllipse(at, _RADIUS, _RADIUS)
        painter.setPen(QPen(accent, 1.6))
        painter.drawEllipse(at, _RADIUS, _RADIUS)
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    metrics = QFontMetricsF(bold)
    side = metrics.height() + 4
    painter.setFont(bold)
    for letter, place in placed.spots.items():
        for at in pixels(place[None]):
            box = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
            painter.setPen(QPen(ground, 2))
            painter.setBrush(accent)
            painter.drawRoundedRect(box, side / 2, side / 2)
            painter.setPen(QColor(palette.accent_text))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), letter)
    painter.restore()
