"""A disc in each colour, drawn once: copying it is many times faster than drawing it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from explorer.analysis.palette import Palette
from explorer.gui.pixels import PREMULTIPLIED

RIMMED = 400
"""At most so many selected points get a rim in the text's colour: more would be all rim."""
DIM = 0.22
"""Opacity of what is not selected, while something is."""


def radius_of(n: int) -> float:
    """Return the radius of a disc, in pixels: smaller the more points there are."""
    return min(max(6.3 - 0.8 * math.log10(max(n, 1)), 2.6), 5.0)


def side_of(radius: float, bright: bool) -> int:
    """Return the side of a disc's picture, in logical pixels."""
    return 2 * math.ceil(radius + (3 if bright else 2))


def disc(
    color: Sequence[int], palette: Palette, radius: float, ratio: float, *, bright: bool = False, opacity: float = 1.0
) -> QImage:
    """Return the picture of a disc in the middle of a square of `side_of` pixels; a `bright` one stands out."""
    side = side_of(radius, bright)
    image = QImage(round(side * ratio), round(side * ratio), PREMULTIPLIED)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(opacity)
    fill = QColor(*color)
    # A rim in the ground's colour keeps neighbours apart; that of a selected point is in the text's, and one that
    # would sink into the ground (the ramp's darkest, at night) gets one that can be seen.
    sunk = abs(fill.lightnessF() - QColor(palette.field).lightnessF()) < 0.14
    rim = QColor(palette.text if bright else palette.muted if sunk else palette.field)
    painter.setPen(QPen(rim, 1.4 if bright else 1.0))
    painter.setBrush(fill)
    reach = radius + (1.0 if bright else 0.0)
    painter.drawEllipse(QPointF(side / 2, side / 2), reach, reach)
    painter.end()
    return image
