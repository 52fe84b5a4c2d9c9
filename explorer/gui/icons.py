"""Icons drawn here: thin lines in the theme's colours, sharp at every scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

Draw = Callable[[QPainter], None]
SIDE = 20
"""Icons are drawn on a square of so many units."""


def drawn(draw: Draw, colors: Mapping[tuple[QIcon.Mode, QIcon.State], QColor], side: int = SIDE) -> QIcon:
    """Return an icon of what `draw` paints on a square of 20 units, in a colour for each mode and state.

    Parameters
    ----------
    draw : callable
        Gets a painter with a round pen.
    colors : dict
    side : int
        Its size on the screen, in pixels.
    """
    result = QIcon()
    for (mode, state), color in colors.items():
        for ratio in _ratios():
            picture = QPixmap(side * ratio, side * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(side / SIDE, side / SIDE)
            round_ends = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.setPen(QPen(color, 1.6, *round_ends))
            draw(painter)
            painter.end()
            result.addPixmap(picture, mode, state)
    return result


def icon(name: str, color: QColor, disabled: QColor | None = None, side: int = SIDE) -> QIcon:
    """Return one of `NAMES` in a colour, and in another where it cannot be pressed."""
    return _icon(name, color.rgba(), None if disabled is None else disabled.rgba(), side, _ratios())


def _ratios() -> tuple[int, ...]:
    """Return how many pixels stand for one on the screens that there are; of a new one the theme tells."""
    return tuple(sorted({math.ceil(screen.devicePixelRatio()) for screen in QGuiApplication.screens()}))


@lru_cache(maxsize=256)
def _icon(name: str, color: int, disabled: int | None, side: int, _ratios: tuple[int, ...]) -> QIcon:
    """Draw once what many docks have."""
    off = QIcon.State.Off
    colors = {(QIcon.Mode.Normal, off): QColor.fromRgba(color)}
    if disabled is not None:
        colors[QIcon.Mode.Disabled, off] = QColor.fromRgba(disabled)
    return drawn(_DRAWN[name], colors, side)


def _open(painter: QPainter) -> None:
    back = QPolygonF(
        [QPointF(x, y) for x, y in ((2.5, 16), (2.5, 4.5), (7.5, 4.5), (9.5, 6.5), (15.5, 6.5), (15.5, 9))]
    )
    painter.drawPolyline(back)
    painter.drawPolygon([QPointF(x, y) for x, y in ((2.5, 16), (5.2, 9), (18, 9), (15.3, 16))])


def _save(painter: QPainter) -> None:
    painter.drawPolygon([QPointF(x, y) for x, y in ((3, 3), (14, 3), (17, 6), (17, 17), (3, 17))])
    painter.drawPolyline([QPointF(x, y) for x, y in ((6, 17), (6, 11.5), (14, 11.5), (14, 17))])
    painter.drawPolyline([QPointF(x, y) for x, y in ((6.5, 3), (6.5, 6.5), (12, 6.5), (12, 3))])


def _undo(painter: QPainter) -> None:
    bow = QPainterPath(QPointF(3.5, 7.5))
    bow.lineTo(12, 7.5)
    bow.cubicTo(QPointF(18.5, 7.5), QPointF(18.5, 16), QPointF(12, 16))
    bow.lineTo(8, 16)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(bow)
    painter.drawPolyline([QPointF(7, 4), QPointF(3.5, 7.5), QPointF(7, 11)])


def _redo(painter: QPainter) -> None:
    painter.translate(20, 0)
    painter.scale(-1, 1)
    _undo(painter)


def _train(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawPolygon([QPointF(6, 4), QPointF(16, 10), QPointF(6, 16)])


def _export(painter: QPainter) -> None:
    painter.drawPolyline([QPointF(x, y) for x, y in ((3, 12), (3, 17), (17, 17), (17, 12))])
    painter.drawLine(QLineF(10, 13, 10, 3))
    painter.drawPolyline([QPointF(6, 7), QPointF(10, 3), QPointF(14, 7)])


def _sun(painter: QPainter) -> None:
    painter.drawEllipse(QPointF(10, 10), 3.6, 3.6)
    for turn in range(8):
        way = QPointF(math.cos(turn * math.pi / 4), math.sin(turn * math.pi / 4))
        painter.drawLine(QLineF(QPointF(10, 10) + way * 6.3, QPointF(10, 10) + way * 8.3))


def _moon(painter: QPainter) -> None:
    whole, bite = QPainterPath(), QPainterPath()
    whole.addEllipse(QPointF(9.5, 10.5), 7, 7)
    bite.addEllipse(QPointF(13.2, 7.2), 6, 6)
    painter.drawPath(whole.subtracted(bite))


def _float(painter: QPainter) -> None:
    painter.drawPolyline([QPointF(x, y) for x, y in ((9, 5), (4.5, 5), (4.5, 15.5), (15, 15.5), (15, 11))])
    painter.drawLine(QLineF(9.5, 10.5, 16, 4))
    painter.drawPolyline([QPointF(12, 4), QPointF(16, 4), QPointF(16, 8)])


def _close(painter: QPainter) -> None:
    painter.drawLines([QLineF(5.5, 5.5, 14.5, 14.5), QLineF(14.5, 5.5, 5.5, 14.5)])


def _left(painter: QPainter) -> None:
    painter.drawPolyline([QPointF(12, 5), QPointF(7, 10), QPointF(12, 15)])


def _right(painter: QPainter) -> None:
    painter.drawPolyline([QPointF(8, 5), QPointF(13, 10), QPointF(8, 15)])


def _more(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    for x in (4.5, 10, 15.5):
        painter.drawEllipse(QRectF(x - 0.7, 9.3, 1.4, 1.4))


def _settings(painter: QPainter) -> None:
    for y, knob in ((5.5, 12.5), (14.5, 7.5)):
        painter.drawLines([QLineF(2.5, y, knob - 2.4, y), QLineF(knob + 2.4, y, 17.5, y)])
        painter.drawEllipse(QPointF(knob, y), 2.4, 2.4)


def _play(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawPolygon([QPointF(6.5, 4.5), QPointF(15.5, 10), QPointF(6.5, 15.5)])


def _pause(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    for x in (5.5, 11.5):
        painter.drawRoundedRect(QRectF(x, 4.5, 3, 11), 0.8, 0.8)


_DRAWN: dict[str, Draw] = {
    "open": _open, "save": _save, "undo": _undo, "redo": _redo, "train": _train, "export": _export,
    "sun": _sun, "moon": _moon, "float": _float, "close": _close, "left": _left, "right": _right, "more": _more,
    "settings": _settings, "play": _play, "pause": _pause,
}  # fmt: skip
NAMES = tuple(_DRAWN)
