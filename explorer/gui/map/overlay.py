"""What lies over the points for a moment: labels in a bubble, the box or loop being drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from explorer.analysis.palette import Palette
from explorer.gui.map.view import Frame

_PAD = 8.0


class Bubble:
    """Lines of words beside a place, kept inside the frame.

    Parameters
    ----------
    lines : sequence of str
        The first stands out.
    at : tuple of float
        The pixel it speaks of.
    away : float
        How far from there it stays.
    title : bool
        Whether it stands above or below the place and may be long, rather than beside it.
    avoid : sequence of QRectF
        What lies over the map: a title stays clear of it where it can.
    """

    def __init__(
        self,
        lines: Sequence[str],
        at: tuple[float, float],
        away: float,
        frame: Frame,
        font: QFont,
        *,
        title: bool = False,
        avoid: Sequence[QRectF] = (),
    ) -> None:
        strong = QFont(font)
        strong.setWeight(QFont.Weight.DemiBold)
        self._fonts = [strong if i == 0 else font for i in range(len(lines))]
        widest = min(560.0 if title else 280.0, frame.width - 2 * _PAD - 4)
        metrics = [QFontMetricsF(font) for font in self._fonts]
        self._lines = [
            metric.elidedText(line, Qt.TextElideMode.ElideRight, widest)
            for metric, line in zip(metrics, lines, strict=True)
        ]
        width = max(metric.horizontalAdvance(line) for metric, line in zip(metrics, self._lines, strict=True))
        self._step = max(metric.height() for metric in metrics) + 1
        width, height = width + 2 * _PAD, self._step * len(lines) + _PAD
        x = at[0] + away if at[0] + away + width <= frame.right else at[0] - away - width
        y = at[1] - away - height if at[1] - away - height >= frame.top else at[1] + away
        if title:
            x = at[0] - width / 2
        x = max(frame.left + 2, min(x, frame.right - width - 2))
        self._box = QRectF(round(x), round(y), round(width), round(height))
        self._whole = all(line == shown for line, shown in zip(lines, self._lines, strict=True))
        if title:
            self._box = _clear(self._box, at, away, frame, avoid)
        self._free = not any(self._box.intersects(other) for other in avoid)

    @property
    def rect(self) -> QRectF:
        """What it paints on."""
        return self._box.adjusted(-2, -2, 2, 2)

    @property
    def readable(self) -> bool:
        """Whether its words are whole, and nothing lies over them."""
        return self._whole and self._free

    def paint(self, painter: QPainter, palette: Palette, *, accent: bool = False, opacity: float = 1.0) -> None:
        """Draw it; with `accent`, in the colour of what one should do next."""
        painter.save()
        painter.setOpacity(opacity)
        painter.setPen(QPen(QColor(palette.accent if accent else palette.line), 1))
        painter.setBrush(QColor(palette.accent if accent else palette.panel))
        painter.drawRoundedRect(self._box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        first = QColor(palette.accent_text if accent else palette.text)
        for i, (line, font) in enumerate(zip(self._lines, self._fonts, strict=True)):
            painter.setFont(font)
            painter.setPen(first if i == 0 or accent else QColor(palette.muted))
            box = QRectF(
                self._box.left() + _PAD, self._box.top() + _PAD / 2 + i * self._step, self._box.width(), self._step
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
        painter.restore()


def _clear(box: QRectF, at: tuple[float, float], away: float, frame: Frame, avoid: Sequence[QRectF]) -> QRectF:
    """Return `box` moved by as little as keeps it clear of `avoid`, above or below the place, else as it is.

    It may end beside one of them, or at an edge of the frame.
    """
    rows = [y for y in (at[1] - away - box.height(), at[1] + away) if frame.top <= y <= frame.bottom - box.height()]
    gap = _PAD / 2
    columns = [box.left(), *(other.left() - gap - box.width() for other in avoid), *(o.right() + gap for o in avoid)]
    columns = [x for x in columns if frame.left <= x <= frame.right - box.width()]
    places = [QRectF(round(x), round(y), box.width(), box.height()) for y in rows for x in columns]
    free = [place for place in places if not any(place.intersects(other) for other in avoid)]
    return min(free, key=lambda place: abs(place.left() - box.left()), default=box)


class Band:
    """The box or the loop that a person is drawing, in pixels."""

    def __init__(self, kind: Literal["box", "lasso"], px: float, py: float) -> None:
        self.kind = kind
        self._points = [(px, py)]

    def extend(self, px: float, py: float) -> None:
        """Draw on to a pixel."""
        if self.kind == "box":
            self._points = [self._points[0], (px, py)]
        elif abs(px - self._points[-1][0]) + abs(py - self._points[-1][1]) >= 2:
            self._points.append((px, py))

    @property
    def corners(self) -> np.ndarray:
        """The corners of the loop, or two opposite ones of the box: float ``(M, 2)``, pixels."""
        return np.array(self._points, dtype=float)

    @property
    def extent(self) -> float:
        """Its greater side, in pixels."""
        return float(np.ptp(self.corners, axis=0).max())

    @property
    def rect(self) -> QRectF:
        """What it paints on."""
        low, high = self.corners.min(axis=0), self.corners.max(axis=0)
        return QRectF(low[0], low[1], high[0] - low[0], high[1] - low[1]).adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, palette: Palette) -> None:
        """Draw it, lightly filled."""
        fill = QColor(palette.accent)
        fill.setAlphaF(0.12)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(palette.accent), 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if self.kind == "box":
            low, high = self.corners.min(axis=0), self.corners.max(axis=0)
            painter.drawRect(QRectF(low[0], low[1], high[0] - low[0], high[1] - low[1]))
        else:
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in self._points]))
