"""Names beside the points, once so few are in view that there is room for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from explorer.analysis.palette import Palette
from explorer.gui.map.points import PointsLayer
from explorer.gui.map.view import MapView

MOST = 24
"""More points in view than these have no names."""
_WIDEST = 140.0
_AWAY = 4.0  # pixels from a disc's rim to its name


def paint_labels(
    painter: QPainter,
    points: PointsLayer,
    view: MapView,
    describe: Callable[[int], Sequence[str]],
    font: QFont,
    palette: Palette,
) -> None:
    """Write what the points in view are called beside them; where a name would lie on another, it is left out.

    A map that is seen as a whole has no names: they are for whoever looks closer.
    """
    whole = points.index.bounds
    if whole is None or points.depth is not None or view.bounds.holds(whole):
        return
    found = points.index.few_in(view.bounds, MOST)
    metrics = QFontMetricsF(font)
    frame, taken = QRectF(view.frame.left, view.frame.top, view.frame.width, view.frame.height), []
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for index in found.tolist():
        px, py = view.to_px(float(points.x[index]), float(points.y[index]))
        taken.append(QRectF(px - points.radius, py - points.radius, 2 * points.radius, 2 * points.radius))
    ground = QColor(palette.field)
    ground.setAlphaF(0.85)
    for index, disc in zip(found.tolist(), list(taken), strict=True):
        text = metrics.elidedText(describe(index)[0], Qt.TextElideMode.ElideRight, _WIDEST)
        width, height = metrics.horizontalAdvance(text), metrics.height()
        right = QRectF(disc.right() + _AWAY, disc.center().y() - height / 2, width, height)
        left = right.translated(-right.width() - disc.width() - 2 * _AWAY, 0)
        for box in (right, left):
            if frame.contains(box) and not any(box.intersects(other) for other in taken):
                path = QPainterPath()
                path.addText(QPointF(box.left(), box.top() + metrics.ascent()), font, text)
                painter.strokePath(path, QPen(ground, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.fillPath(path, QColor(palette.text))
                taken.append(box)
                break
