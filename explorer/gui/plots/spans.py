"""Stretches of an axis that are shaded: any number of them, as one item."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget


class SpansItem(pg.GraphicsObject):
    """Shades stretches ``(K, 2)`` of the horizontal axis over the whole height of the view.

    Of very many, those that share a pixel are drawn as one, so that a paint costs no more than the view is wide.
    """

    def __init__(self) -> None:
        super().__init__()
        self._starts, self._ends = np.zeros(0), np.zeros(0)
        self._color = QColor()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    @property
    def spans(self) -> np.ndarray:
        """What is shaded, ``(K, 2)``."""
        return np.column_stack([self._starts, self._ends])

    def set_spans(self, spans: np.ndarray) -> None:
        """Shade exactly these, ascending, none within another."""
        self._starts, self._ends = np.ascontiguousarray(spans[:, 0]), np.ascontiguousarray(spans[:, 1])
        self.update()

    def set_color(self, color: QColor) -> None:
        """Shade in this colour."""
        self._color = color
        self.update()

    def shown(self, first: float, last: float, pixel: float) -> np.ndarray:
        """Return what is drawn of a view from `first` to `last` whose pixels are so wide, ``(K, 2)``."""
        low, high = np.searchsorted(self._ends, first), np.searchsorted(self._starts, last, side="right")
        starts, ends = self._starts[low:high], np.maximum.accumulate(self._ends[low:high])
        if not len(starts):
            return np.zeros((0, 2))
        breaks = np.flatnonzero(starts[1:] - ends[:-1] > pixel)
        starts, ends = starts[np.append(0, breaks + 1)], ends[np.append(breaks, len(ends) - 1)]
        return np.column_stack([starts, np.maximum(ends, starts + pixel)])

    def boundingRect(self) -> QRectF:
        """Return all that is in view."""
        box = self.getViewBox()
        return QRectF() if box is None else box.viewRect()

    def viewRangeChanged(self) -> None:
        """Be asked anew which part is in view."""
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the stretches in view."""
        box = self.getViewBox()
        if box is None or not len(self._starts):
            return
        (x0, x1), (y0, y1) = box.viewRange()
        pixel = (x1 - x0) / max(1.0, box.width())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        for start, end in self.shown(x0, x1, pixel).tolist():
            start, end = max(start, x0), min(end, x1)
            painter.drawRect(QRectF(start, y0, end - start, y1 - y0))
