"""Very many curves over a plot as one item: as a picture of how they lie, or as medians with bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QRectF, QTimer
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from explorer.analysis.many_curves import Bands, raster, shaded
from explorer.gui.jobs import Beside
from explorer.gui.pixels import image_of
from explorer.gui.plots.curves import CurvePlot

_REST_MS = 60


@dataclass(frozen=True, eq=False)
class CurveGroup:
    """Curves ``(n, T, C)`` of one colour."""

    values: np.ndarray
    color: QColor


class _Picture(pg.GraphicsObject):
    """A picture in the coordinates of the plot."""

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._place = QRectF()

    def show_picture(self, pixels: np.ndarray | None, place: QRectF) -> None:
        """Show pixels ``(H, W)``, premultiplied ARGB, over a place; None shows nothing."""
        self.prepareGeometryChange()
        self._place = place
        self._image = None if pixels is None else image_of(pixels)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return what it covers."""
        return self._place

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the picture; its top row is at the top."""
        if self._image is not None:
            painter.save()
            painter.translate(self._place.left(), self._place.bottom())
            painter.scale(1, -1)  # the plot's axis grows upwards
            painter.drawImage(QRectF(0, 0, self._place.width(), self._place.height()), self._image)
            painter.restore()


class ManyCurves(QObject):
    """Draws many curves over a `CurvePlot` as its channels are arranged; the picture is made beside the window."""

    def __init__(self, plot: CurvePlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._groups: Sequence[CurveGroup] = ()
        self._picture = _Picture()
        self._picture.setZValue(1)
        plot.box.addItem(self._picture, ignoreBounds=True)
        self._items: list[QGraphicsItem] = []
        self._beside = Beside(self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._draw)
        plot.box.sigRangeChanged.connect(lambda *_: self._groups and self._rest.start())
        self.drawn = 0
        """How many pictures were made."""

    @property
    def shown(self) -> bool:
        """Whether there is anything."""
        return bool(self._groups or self._items)

    def clear(self) -> None:
        """Show nothing."""
        self._groups = ()
        self.pause()
        self._picture.show_picture(None, QRectF())
        self._remove_items()

    def _remove_items(self) -> None:
        for item in self._items:
            self._plot.box.removeItem(item)
        self._items = []

    def pause(self) -> None:
        """Do nothing beside the window while nobody looks."""
        self._rest.stop()
        self._beside.close()

    def extent(self, groups: Sequence[CurveGroup]) -> tuple[float, float]:
        """Return the lowest and the highest place that curves take; may be asked beside the window."""
        parts = [self._plot.placed(group.values) for group in groups if np.isfinite(group.values).any()]
        low = min((float(np.nanmin(part)) for part in parts), default=0.0)
        return low, max((float(np.nanmax(part)) for part in parts), default=1.0)

    def show_curves(self, groups: Sequence[CurveGroup], extent: tuple[float, float]) -> None:
        """Show all curves of some groups, of that `extent`, as one picture; the one before stays until it is here."""
        self.pause()
        self._remove_items()
        self._groups = groups
        self._plot.include(*extent)
        self._draw()

    def show_bands(self, bands: Sequence[Bands], colors: Sequence[QColor]) -> None:
        """Show the median of each group, with the bands of half and of nine tenths of it."""
        self.clear()
        x = self._plot.times
        for each, color in zip(bands, colors, strict=True):
            placed = self._plot.placed(each.edges)  # (5, T, C)
            for channel in range(placed.shape[2]):
                edges = [
                    pg.PlotCurveItem(x, placed[i, :, channel].astype(float), pen=None, connect="finite")
                    for i in (0, 4, 1, 3)
                ]
                for (low, high), alpha in (((edges[0], edges[1]), 0.14), ((edges[2], edges[3]), 0.26)):
                    tint = QColor(color)
                    tint.setAlphaF(alpha)
                    self._add(pg.FillBetweenItem(low, high, brush=tint), 1)
                pen = pg.mkPen(color, width=2)
                self._add(pg.PlotCurveItem(x, placed[2, :, channel].astype(float), pen=pen, connect="finite"), 3)
            self._plot.include(float(np.nanmin(placed)), float(np.nanmax(placed)))

    def _add(self, item: QGraphicsItem, front: int) -> None:
        item.setZValue(front)
        self._plot.box.addItem(item, ignoreBounds=True)
        self._items.append(item)

    def _draw(self) -> None:
        """Have the picture of the view made beside the window."""
        groups, box = self._groups, self._plot.box
        if not groups:
            return
        (left, right), (bottom, top) = box.viewRange()
        ratio = self._plot.devicePixelRatioF()
        size = max(16, round(box.width() * ratio)), max(16, round(box.height() * ratio))
        x, view = self._plot.times, (left, right, bottom, top)
        place = self._plot.placed

        def work() -> np.ndarray:
            counts = []
            for values in (place(group.values) for group in groups):
                channels = [raster(values[:, :, c], x, view, size) for c in range(values.shape[2])]
                counts.append(np.sum(channels, axis=0))
            return shaded(counts, [(each.color.red(), each.color.green(), each.color.blue()) for each in groups])

        def done(pixels: np.ndarray) -> None:
            if self._groups is groups:
                self.drawn += 1
                self._picture.show_picture(pixels, QRectF(left, bottom, right - left, top - bottom))

        self._beside.latest(work, done)
