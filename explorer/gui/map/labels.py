"""Names beside the points, once so few are in view that there is room for them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from explorer.analysis.palette import Palette
from explorer.gui.map.points import PointsLayer
from explorer.gui.map.view import MapView

MOST = 24
"""More points in view than these have no names."""
_WIDEST = 140.0
_HALO = 2.0  # pixels of ground around a name
_AROUND = [(1.5 * math.cos(turn * math.pi / 4), 1.5 * math.sin(turn * math.pi / 4)) for turn in range(8)]
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
    if not len(found):
        return
    frame, taken = QRectF(view.frame.left, view.frame.top, view.frame.width, view.frame.height), []
    ratio, radius = painter.device().devicePixelRatio(), points.radius
    for index in found.tolist():
        px, py = view.to_px(float(points.x[index]), float(points.y[index]))
        taken.append(QRectF(px - radius, py - radius, 2 * radius, 2 * radius))
    for index, disc in zip(found.tolist(), list(taken), strict=True):
        name = _written(describe(index)[0], font.toString(), palette.text, palette.field, ratio)
        right = QRectF(disc.right() + _AWAY, disc.center().y() - name.height / 2, name.width, name.height)
        left = right.translated(-right.width() - disc.width() - 2 * _AWAY, 0)
        for box in (right, left):
            if frame.contains(box) and not any(box.intersects(other) for other in taken):
                painter.drawPixmap(QPointF(box.left() - _HALO, box.top() - _HALO), name.pixmap)
                taken.append(box)
                break


@dataclass(frozen=True, eq=False)
class _Written:
    """A name on a ground that keeps it readable: `_HALO` wider on every side than it is itself."""

    pixmap: QPixmap
    width: float
    height: float


@lru_cache(maxsize=512)
def _written(text: str, font: str, color: str, field: str, ratio: float) -> _Written:
    """Draw a name, once: while the map moves, the same few are shown in frame after frame."""
    shown = QFont()
    shown.fromString(font)
    metrics = QFontMetricsF(shown)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, _WIDEST)
    width, height = metrics.horizontalAdvance(text), metrics.height()
    pixmap = QPixmap(math.ceil((width + 2 * _HALO) * ratio), math.ceil((height + 2 * _HALO) * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setFont(shown)
    painter.setPen(QColor(field))
    for right, up in _AROUND:  # glyphs are kept by Qt: to stroke their outlines would take ten times as long
        painter.drawText(QPointF(_HALO + right, _HALO + metrics.ascent() - up), text)
    painter.setPen(QColor(color))
    painter.drawText(QPointF(_HALO, _HALO + metrics.ascent()), text)
    painter.end()
    return _Written(pixmap, width, height)
