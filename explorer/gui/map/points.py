"""The points: discs where few are in view, an image of their density where many are, discs in depth in space."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from explorer.analysis.palette import Palette
from explorer.gui.map import binning
from explorer.gui.map.colours import Colouring, PointColours, rgb
from explorer.gui.map.index import PointIndex
from explorer.gui.map.view import Bounds, MapView

if TYPE_CHECKING:
    from explorer.gui.map.splats import Splats

MOST_DISCS = 5_000
BUDGET = 0.004
"""Seconds that drawing anew may take within a frame; a slower layer is first moved and scaled as it is."""
_DOTS = ((50_000, 2), (200_000, 1))  # fewer points than the first are drawn wider in the image, by so many pixels
_RIMMED = 400  # at most so many selected points get a rim in the text's colour: more would be all rim
_SHADE = 4  # so many of the ramp's levels are drawn as one: no eye tells them apart on a disc
_DIM = 0.22  # opacity of what is not selected, while something is


class PointsLayer:
    """Draws the points of a view, and keeps the picture until the view, the points or their colours change."""

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self._colouring = Colouring()
        self.hurried = False
        """Whether they turn: of very many in depth only a part is then drawn."""
        self.set_points(np.zeros(0), np.zeros(0))

    def set_points(self, x: np.ndarray, y: np.ndarray, depth: np.ndarray | None = None) -> None:
        """Take new points, float ``(N,)``; those that are not finite are not drawn. The selection is kept if N is.

        Where they have a `depth`, from -1 (far) to 1 (near), near ones lie over far ones, larger and clearer.
        """
        self.depth = depth
        n_before = len(self.x) if hasattr(self, "x") else -1
        self.x, self.y = np.ascontiguousarray(x, dtype=np.float64), np.ascontiguousarray(y, dtype=np.float64)
        self.index = PointIndex(self.x, self.y)
        if len(x) != n_before:
            # Points are drawn in one shuffled order for good: no class lies on top of all others, nothing flickers.
            # (Multiples of the golden ratio, modulo one: numpy.random would cost the first paint its import.)
            self._rank = np.arange(len(x), dtype=np.uint32) * np.uint32(2654435769)
            self.selected = np.zeros(len(x), dtype=bool)
            self._recolour()
        self.forget()

    def set_colouring(self, colouring: Colouring) -> None:
        """Colour the points by class or by value."""
        self._colouring = colouring
        self._recolour()

    def set_palette(self, palette: Palette) -> None:
        """Use the colours of another theme."""
        self._palette = palette
        self._recolour()

    def set_selected(self, indices: np.ndarray) -> None:
        """Show these points in full colour and the others dimmed; all in full colour where there are none."""
        self.selected = np.zeros(len(self.x), dtype=bool)
        self.selected[indices[(indices >= 0) & (indices < len(self.x))]] = True
        self.forget()

    def _recolour(self) -> None:
        self.colours = PointColours(self._colouring, len(self.x), self._palette)
        self._stamps: dict[tuple[int, float, bool, float], QPixmap] = {}
        # Neighbouring shades of values share a stamp.
        keys, values = self.colours.keys, self._colouring.kind == "value"
        self._shades = np.where(keys > 0, (keys - 1) // _SHADE * _SHADE + 1, 0) if values else keys
        self._splats: Splats | None = None
        self.forget()

    def forget(self) -> None:
        """Drop the cached picture."""
        self._picture: QPixmap | None = None
        self._drawn: MapView | None = None
        self._ratio = 0.0
        self.cost = 0.0

    @property
    def radius(self) -> float:
        """Of a disc, in pixels: smaller the more points there are."""
        return min(max(6.3 - 0.8 * math.log10(max(len(self.x), 1)), 2.6), 5.0)

    def count_in(self, view: MapView) -> int:
        """Return how many points are in view."""
        return self.index.count(view.bounds)

    def paint(self, painter: QPainter, view: MapView, ratio: float) -> bool:
        """Draw the points; False if the last picture was only moved or scaled, and `refine` should follow."""
        if self.index.bounds is None:
            return True
        fresh = self._drawn == view and self._ratio == ratio
        if not fresh and (self._picture is None or self._ratio != ratio or self.cost <= BUDGET):
            self.refine(view, ratio)
            fresh = True
        assert self._picture is not None and self._drawn is not None
        target = QRectF(view.frame.left, view.frame.top, self._extent[0], self._extent[1])
        if not fresh:
            old = self._drawn.frame
            x0, y0 = view.to_px(*self._drawn.to_data(old.left, old.top))
            x1, y1 = view.to_px(*self._drawn.to_data(old.left + target.width(), old.top + target.height()))
            target = QRectF(x0, y0, x1 - x0, y1 - y0)
        painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))
        return fresh

    def refine(self, view: MapView, ratio: float) -> None:
        """Draw the picture of this view anew."""
        start = time.perf_counter()
        if self.depth is not None:
            self._picture = self._in_depth(view, ratio)
            self._drawn, self._ratio = view, ratio
            self.cost = time.perf_counter() - start
            return
        region = view.bounds
        pad_x, pad_y = 6 / view.sx, 6 / view.sy
        region = Bounds(region.x0 - pad_x, region.x1 + pad_x, region.y0 - pad_y, region.y1 + pad_y)
        found = self.index.candidates(region)
        if len(found) <= MOST_DISCS:
            self._picture = self._discs(found, view, ratio)
            self._extent = view.frame.width, view.frame.height
        else:
            # Reading a good part of the points out of order costs more than reading all of them in order.
            chosen = slice(None) if len(found) > len(self.x) // 20 else np.sort(found)
            self._picture = self._density(chosen, view, ratio)
        self._drawn, self._ratio = view, ratio
        self.cost = time.perf_counter() - start

    # Discs

    def _discs(self, found: np.ndarray, view: MapView, ratio: float) -> QPixmap:
        frame = view.frame
        picture = QPixmap(math.ceil(frame.width * ratio), math.ceil(frame.height * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        found = found[np.argsort(self._rank[found])]
        passes = [(found, False, 1.0)]
        if self.selected.any():
            chosen = self.selected[found]
            rimmed = int(np.count_nonzero(chosen)) <= _RIMMED
            passes = [(found[~chosen], False, _DIM), (found[chosen], rimmed, 1.0)]
        for members, bright, opacity in passes:
            px, py = view.to_px(self.x[members], self.y[members])
            keys = self._shades[members]
            self._stamp_all(painter, px - frame.left, py - frame.top, keys, bright, opacity, ratio)
        painter.end()
        return picture

    def _stamp_all(self, painter, px, py, keys, bright: bool, opacity: float, ratio: float) -> None:
        stamps = {key: self._stamp(int(key), bright, opacity, ratio) for key in np.unique(keys)}
        half = self._stamp_side(bright) / 2
        draw = painter.drawPixmap
        for left, top, key in zip((px - half).tolist(), (py - half).tolist(), keys.tolist(), strict=True):
            draw(QPointF(left, top), stamps[key])

    def _stamp_side(self, bright: bool) -> int:
        return 2 * math.ceil(self.radius + (3 if bright else 2))

    def _stamp(self, key: int, bright: bool, opacity: float, ratio: float) -> QPixmap:
        """Return a disc, drawn once for each colour: copying it is several times faster than drawing it."""
        name = (key, ratio, bright, opacity)
        if name not in self._stamps:
            side = self._stamp_side(bright)
            stamp = QPixmap(round(side * ratio), round(side * ratio))
            stamp.setDevicePixelRatio(ratio)
            stamp.fill(Qt.GlobalColor.transparent)
            painter = QPainter(stamp)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(opacity)
            fill = QColor(*self.colours.table[key].tolist())
            # A rim in the ground's colour keeps neighbours apart; that of a selected point is in the text's, and one
            # that would sink into the ground (the ramp's darkest, at night) gets one that can be seen.
            sunk = abs(fill.lightnessF() - QColor(self._palette.field).lightnessF()) < 0.14
            rim = QColor(self._palette.text if bright else self._palette.muted if sunk else self._palette.field)
            painter.setPen(QPen(rim, 1.4 if bright else 1.0))
            painter.setBrush(fill)
            radius = self.radius + (1.0 if bright else 0.0)
            painter.drawEllipse(QPointF(side / 2, side / 2), radius, radius)
            painter.end()
            self._stamps[name] = stamp
        return self._stamps[name]

    # Depth

    def _in_depth(self, view: MapView, ratio: float) -> QPixmap:
        from explorer.gui.map.splats import Splats, plan  # a flat map at the start need not load it

        assert self.depth is not None
        if self._splats is None:
            self._splats = Splats(self.colours.table, np.array(rgb(self._palette.field)))
        frame, n = view.frame, len(self.x)
        radius, rim, side, step = plan(n, self.radius, ratio)
        image = np.zeros((math.ceil(frame.height / side), math.ceil(frame.width / side)), dtype=np.uint32)
        self._extent = image.shape[1] * side, image.shape[0] * side
        shown = slice(None, None, step if self.hurried else 1)
        px, py = view.to_px(self.x[shown], self.y[shown])
        px, py = (px - frame.left) / side, (py - frame.top) / side
        depth, keys = self.depth[shown], self._shades[shown]
        selected = self.selected[shown]
        passes = [(~selected, _DIM, 0.0), (selected, 1.0, 1.0)] if self.selected.any() else [(slice(None), 1.0, 0.0)]
        for members, clear, more in passes:
            places = (px[members], py[members])
            size = (radius + more * min(1.0, radius / 3)) / side
            self._splats.draw(image, places, depth[members], keys[members], size, clear=clear, rim=rim / side)
        height, width = image.shape
        return QPixmap.fromImage(
            QImage(image.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        )

    # Density

    def grid(self, view: MapView, ratio: float) -> tuple[binning.Grid, float]:
        """Return the cells of the image of a view and their side in logical pixels.

        A cell is one pixel of the screen, and one logical pixel where those are finer still.
        """
        side = max(1, math.floor(ratio)) / ratio
        frame, region = view.frame, view.bounds
        nx, ny = math.ceil(frame.width / side), math.ceil(frame.height / side)
        x0, y1 = region.x0, region.y1
        return binning.Grid(x0, x0 + nx * side / view.sx, nx, y1 - ny * side / view.sy, y1, ny), side

    def _density(self, chosen: slice | np.ndarray, view: MapView, ratio: float) -> QPixmap:
        grid, side = self.grid(view, ratio)
        self._extent = grid.nx * side, grid.ny * side
        flat = binning.cells(self.x[chosen], self.y[chosen], grid)
        keys = self.colours.keys[chosen]
        values = None if self.colours.values is None else self.colours.values[chosen]
        wide = _width(len(flat))
        if not self.selected.any():
            pixels = self._pixels(flat, keys, values, grid, wide)
        else:
            bright = self.selected[chosen]
            pixels = self._pixels(np.where(bright, grid.size, flat), keys, values, grid, wide) * _DIM
            top_wide = _width(int(np.count_nonzero(bright)))
            top = self._pixels(np.where(bright, flat, grid.size), keys, values, grid, top_wide)
            pixels = top + pixels * (1 - top[..., 3:])
        return _pixmap(pixels)

    def _pixels(self, flat, keys, values, grid: binning.Grid, wide: int) -> np.ndarray:
        """Return red, green, blue times opacity, and opacity, float32 ``(ny, nx, 4)`` from 0 to 1, lowest row first."""
        weights: list[np.ndarray] = []
        if values is not None:
            known = np.isfinite(values)
            weights = [known.astype(np.float64), np.where(known, values, 0.0)]
        elif len(self.colours.table) > 1:
            weights = [plane[keys] for plane in self.colours.table.T.astype(np.float64)]
        if wide:
            n = len(flat)
            flat, shares = binning.widen(flat, grid, wide)
            counts = binning.total(flat, shares, grid)
            weights = [np.tile(weight, len(flat) // max(n, 1)) * shares for weight in weights]
        else:
            counts = binning.count(flat, grid)
        planes = [binning.total(flat, weight, grid) for weight in weights]
        row, column = np.nonzero(counts)
        here = counts[row, column]
        if values is not None:
            with np.errstate(invalid="ignore"):
                mean = planes[1][row, column] / planes[0][row, column]
            color = self.colours.table[self.colours.key_of(mean)]
        elif planes:
            color = np.stack([plane[row, column] for plane in planes], axis=1) / here[:, None]
        else:
            color = np.broadcast_to(self.colours.table[0], (len(here), 3))
        pixels = np.zeros((grid.ny, grid.nx, 4), dtype=np.float32)
        # A value's colour must be told even where points are few; it is not mixed with others.
        alpha = binning.opacity(here, 0.35 if values is None and not wide else 0.6)
        pixels[row, column, 3] = alpha
        pixels[row, column, :3] = color * (alpha / 255)[:, None]
        return pixels


def _width(n: int) -> int:
    """Return by how many pixels `n` points are drawn wider than one."""
    return next((wide for most, wide in _DOTS if n < most), 0)


def _pixmap(pixels: np.ndarray) -> QPixmap:
    """Return premultiplied colours ``(ny, nx, 4)``, lowest row first, as a picture."""
    levels = np.rint(pixels[::-1] * 255).astype(np.uint8)
    data = np.ascontiguousarray(levels[..., [2, 1, 0, 3]])  # blue first: ARGB in a little-endian word
    height, width = data.shape[:2]
    image = QImage(data.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return QPixmap.fromImage(image)
