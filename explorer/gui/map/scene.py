"""What stands around a map of three coordinates: the box that it fills, and which way its axes point."""

from __future__ import annotations

import itertools

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from explorer.analysis.camera import Camera, Stage
from explorer.analysis.palette import Palette
from explorer.gui.map.view import MapView

_CORNERS = np.array(list(itertools.product((-1.0, 1.0), repeat=3)))
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if np.sum(_CORNERS[a] != _CORNERS[b]) == 1]
_ARM = 34.0  # of the tripod, in pixels
_INSETS = (8.0, 8.0, 8.0, 8.0)


class Scene:
    """Draws the box behind the points, and a tripod with the axes' names in the corner. `names` has three."""

    def __init__(self, palette: Palette, font: QFont) -> None:
        self.names: tuple[str, ...] = ("", "", "")
        self.restyle(palette, font)

    def restyle(self, palette: Palette, font: QFont) -> None:
        """Take colours and font."""
        self._palette, self._font = palette, font
        self._metrics = QFontMetricsF(font)

    @property
    def insets(self) -> tuple[float, float, float, float]:
        """The room beside the map: nothing stands there."""
        return _INSETS

    def paint_box(self, painter: QPainter, view: MapView, camera: Camera, stage: Stage) -> None:
        """Draw the edges of the points' box but the three that would lie in front of them; far ones are faint."""
        seen = camera.view(_CORNERS * stage.half)
        px, py = view.to_px(seen[:, 0], seen[:, 1])
        depth = seen[:, 2] / stage.radius
        nearest = int(np.argmax(depth))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for a, b in _EDGES:
            if nearest not in (a, b):
                color = QColor(self._palette.line)
                color.setAlphaF(float(np.clip(0.75 + 0.25 * (depth[a] + depth[b]) / 2, 0.4, 1.0)))
                painter.setPen(QPen(color, 1))
                painter.drawLine(QLineF(px[a], py[a], px[b], py[b]))

    def tripod_rect(self, view: MapView) -> QRectF:
        """Return the square in which the tripod turns."""
        side = 2 * _ARM + 2 * self._metrics.height()
        return QRectF(view.frame.left + 2, view.frame.bottom - side - 2, side, side)

    def paint_tripod(self, painter: QPainter, view: MapView, camera: Camera) -> None:
        """Draw which way each axis points, those away from the eye first and fainter."""
        middle = self.tripod_rect(view).center()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        arms = camera.rotation.T  # row i: where axis i points on the screen
        for i in np.argsort(arms[:, 2]).tolist():
            right, up, near = arms[i]
            color = QColor(self._palette.text)
            color.setAlphaF(0.62 + 0.38 * (near + 1) / 2)
            tip = middle + QPointF(right * _ARM, -up * _ARM)
            painter.setPen(QPen(color, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QLineF(middle, tip))
            self._paint_name(painter, self.names[i], tip, right, up, color)

    def _paint_name(self, painter: QPainter, name: str, tip: QPointF, right: float, up: float, color: QColor) -> None:
        """Draw a name beyond the tip of its axis, on a ground that keeps it readable."""
        width, height = self._metrics.horizontalAdvance(name), self._metrics.ascent()
        x = tip.x() + right * 8 - (width / 2) * (1 - right)
        y = tip.y() - up * 8 + height / 2 - up * height / 2
        path = QPainterPath()
        path.addText(QPointF(max(x, 4.0), y - 1), self._font, name)
        ground = QColor(self._palette.field)
        ground.setAlphaF(0.85)
        painter.strokePath(path, QPen(ground, 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.fillPath(path, color)
