"""Light ticks, a faint grid and the axes' names."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from explorer.analysis.palette import Palette
from explorer.gui.map.view import Frame, MapView, nice_ticks, tick_labels

_APART = 88  # pixels between ticks, at least
_REMEMBERED = 1000  # widths of numbers


class Axes:
    """Draws the grid behind the points and the labels beside them.

    `names` are the axes' names; an empty one leaves that axis out.
    """

    def __init__(self, palette: Palette, font: QFont) -> None:
        self.names: tuple[str, str] = ("", "")
        self._found: tuple[MapView, tuple[str, str], Any] | None = None
        self.restyle(palette, font)

    def restyle(self, palette: Palette, font: QFont) -> None:
        """Take colours and font."""
        self._palette, self._font = palette, font
        self._metrics = QFontMetricsF(font)
        self._widths: dict[str, float] = {}

    @property
    def insets(self) -> tuple[float, float, float, float]:
        """The room that the labels need: left, top, right, bottom. It does not depend on the view: nothing jumps."""
        height = self._metrics.height()
        left = self._metrics.horizontalAdvance("−0.000") + 14 if self.names[1] else 8
        return (round(left), 8, 8, round(height + 12))

    def _ticks(self, view: MapView) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
        if self._found is None or self._found[:2] != (view, self.names):
            self._found = (view, self.names, self._find_ticks(view))
        return self._found[2]

    def _find_ticks(self, view: MapView) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
        region, frame = view.bounds, view.frame
        along_x = nice_ticks(region.x0, region.x1, max(2, int(frame.width / _APART)))
        along_y = nice_ticks(region.y0, region.y1, max(2, int(frame.height / _APART)))
        px, _ = view.to_px(along_x, 0.0)
        _, py = view.to_px(0.0, along_y)
        return (
            list(zip(px.tolist(), tick_labels(along_x), strict=True)) if self.names[0] else [],
            list(zip(py.tolist(), tick_labels(along_y), strict=True)) if self.names[1] else [],
        )

    def paint_grid(self, painter: QPainter, view: MapView) -> None:
        """Draw the faint lines behind the points."""
        frame = view.frame
        line = QColor(self._palette.line)
        line.setAlphaF(0.55)
        painter.setPen(QPen(line, 1))
        across, up = self._ticks(view)
        lines = [QLineF(round(px) + 0.5, frame.top, round(px) + 0.5, frame.bottom) for px, _ in across]
        lines += [QLineF(frame.left, round(py) + 0.5, frame.right, round(py) + 0.5) for py, _ in up]
        painter.drawLines(lines)

    def paint_labels(self, painter: QPainter, view: MapView) -> None:
        """Draw the numbers and names outside the frame."""
        frame, metrics = view.frame, self._metrics
        painter.setFont(self._font)
        painter.setPen(QColor(self._palette.muted))
        across, up = self._ticks(view)
        name_x = self._name_box(frame, self.names[0])
        base = frame.bottom + 4 + metrics.ascent()
        for px, text in across:
            width = self._width(text)
            if px + width / 2 < name_x.left() - 6 and px - width / 2 > 2:
                painter.drawText(QPointF(px - width / 2, base), text)
        for py, text in up:
            width = self._width(text)
            if frame.top + 1.8 * metrics.height() < py < frame.bottom - 2:
                painter.drawText(QPointF(frame.left - 8 - width, py + metrics.ascent() / 2 - 1), text)
        painter.setPen(QColor(self._palette.text))
        if self.names[0]:
            painter.drawText(name_x, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self.names[0])
        if self.names[1]:
            width = metrics.horizontalAdvance(self.names[1])
            if width <= frame.left - 10:
                box = QRectF(0, frame.top, frame.left - 8, metrics.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self.names[1])
            else:  # a long name stands over the map's corner, on a ground that keeps it readable
                box = QRectF(4, frame.top, width + 4, metrics.height())
                ground = QColor(self._palette.field)
                ground.setAlphaF(0.8)
                painter.fillRect(box, ground)
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.names[1])

    def _width(self, text: str) -> float:
        """Return how wide a number is: the same ones come in frame after frame."""
        if text not in self._widths:
            if len(self._widths) > _REMEMBERED:
                self._widths.clear()
            self._widths[text] = self._metrics.horizontalAdvance(text)
        return self._widths[text]

    def _name_box(self, frame: Frame, name: str) -> QRectF:
        width = self._metrics.horizontalAdvance(name) + 2
        return QRectF(frame.right - width, frame.bottom + 4, width, self._metrics.height())
