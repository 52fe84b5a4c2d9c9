"""What lies between two curves, filled pixel by pixel: under a moving hand, Qt's own way would take a frame."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.analysis.pixels import packed
from explorer.gui.pixels import image_of


class Filling(pg.GraphicsObject):
    """Fills what lies between pairs of curves, each over the same times or over fewer of them."""

    def __init__(self) -> None:
        super().__init__()
        self._pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self._place = QRectF()
        self._shades = np.zeros(256, dtype=np.uint32)

    def set_color(self, color: QColor) -> None:
        """Fill with a colour, its opacity included."""
        shares = np.array([color.redF(), color.greenF(), color.blueF(), 1.0]) * color.alphaF()
        self._shades = packed(shares[:, None] * np.arange(256))
        self.update()

    def set_pairs(self, pairs: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> None:
        """Take times, ascending, and the lower and upper curves over them, ``(T,)`` each and finite."""
        self.prepareGeometryChange()
        self._pairs = [pair for pair in pairs if len(pair[0])]
        self._place = QRectF()
        if self._pairs:
            first, last = (end(float(x[at]) for x, _, _ in self._pairs) for end, at in ((min, 0), (max, -1)))
            low, high = min(float(p[1].min()) for p in self._pairs), max(float(p[2].max()) for p in self._pairs)
            self._place = QRectF(first, low, last - first, high - low)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return what it covers."""
        return self._place

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Fill exactly the pixels in view."""
        view = self.getViewBox()
        if not self._pairs or view is None:
            return
        to_view = painter.worldTransform()
        ratio = painter.deviceTransform().m11() / to_view.m11()
        frame = to_view.mapRect(self.mapRectFromItem(view, view.rect())).intersected(to_view.mapRect(self._place))
        left, top = math.floor(frame.left() * ratio), math.floor(frame.top() * ratio)
        width, height = math.ceil(frame.right() * ratio) - left, math.ceil(frame.bottom() * ratio) - top
        if width < 1 or height < 1:
            return
        filled = np.zeros((height, width), dtype=np.uint8)
        for x, low, high in self._pairs:
            across = (to_view.m11() * x + to_view.dx()) * ratio - left
            # The plot's axis grows upwards, pixels downwards.
            bottom, above = ((to_view.m22() * y + to_view.dy()) * ratio - top for y in (low, high))
            np.maximum(filled, coverage(across, above, bottom, (height, width)), out=filled)
        image = image_of(self._shades[filled])
        image.setDevicePixelRatio(ratio)
        painter.save()
        painter.resetTransform()
        painter.drawImage(QPointF(left / ratio, top / ratio), image)
        painter.restore()


def coverage(x: np.ndarray, top: np.ndarray, bottom: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return how much of each pixel lies between two curves, uint8 ``(H, W)`` from 0 to 255.

    In a column that several steps fall into, the curves are where they are in the mean, as in a column that one step
    falls into they are where they are in its middle.

    Parameters
    ----------
    x : ndarray ``(T,)``
        Ascending, in pixels from the left.
    top, bottom : ndarray ``(T,)``
        In pixels from above.
    shape : tuple of int
        H and W.
    """
    height, width = shape
    middles = np.arange(width) + 0.5
    starts = np.searchsorted(x, np.arange(width + 1))
    counts = np.diff(starts)
    several = np.flatnonzero(counts > 1)
    edges = []
    for curve in (top, bottom):
        edge = np.interp(middles, x, curve)
        if len(several):
            sums = np.concatenate([np.zeros(1), np.cumsum(curve)])
            edge[several] = (sums[starts[several + 1]] - sums[starts[several]]) / counts[several]
        edges.append(edge.astype(np.float32))
    rows = np.arange(height, dtype=np.float32)[:, None]
    share = np.minimum(rows + 1, edges[1])
    share -= np.maximum(rows, edges[0])
    np.clip(share, 0, 1, out=share)
    beside = np.clip(np.minimum(middles + 0.5, x[-1]) - np.maximum(middles - 0.5, x[0]), 0, 1)
    share *= (255 * beside).astype(np.float32)
    share += 0.5
    return share.astype(np.uint8)
