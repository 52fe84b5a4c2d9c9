"""The points: discs where few are in view, an image of their density where many are, discs in depth in space."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from explorer.analysis.palette import Palette
from explorer.gui.map import binning
from explorer.gui.map.colours import Colouring, PointColours, rgb
from explorer.gui.map.density import density
from explorer.gui.map.discs import DIM, RIMMED, disc, radius_of, side_of
from explorer.gui.map.index import CROWD, PointIndex
from explorer.gui.map.look import Look
from explorer.gui.map.picture import Picture
from explorer.gui.map.style import Style
from explorer.gui.map.view import Bounds, Frame, MapView
from explorer.gui.pixels import PREMULTIPLIED, image_of

if TYPE_CHECKING:
    from explorer.gui.map.developing import Developed, Scratch
    from explorer.gui.map.splats import Splats

MOST_DISCS = 8_000
BUDGET = 0.004
"""Seconds that drawing anew may take within a frame; a slower layer is first moved and scaled as it is."""
AROUND = 48.0
"""Pixels around the view that are drawn with a crowd: a pan does not reach beyond them at once."""
_COARSE = 5_000  # of a crowd, that are drawn at once
_COARSER = 2  # so many of the screen's pixels wide are that picture's: it is seen for a moment
_FAR = 1e6  # pixels away, where nothing is seen any more: Qt's own numbers end somewhere
_SHADE = 4  # so many of the ramp's levels are drawn as one: no eye tells them apart on a disc


@dataclass(frozen=True, eq=False)
class Finished:
    """What a `PointsLayer.task` has drawn, and of which points and colours."""

    points: int
    colours: int
    developed: Developed


@dataclass(frozen=True, eq=False)
class Bounded:
    """Points ``(N,)`` in the precision in which they are drawn, and what holds them all."""

    x: np.ndarray
    y: np.ndarray
    index: PointIndex

    @classmethod
    def of(cls, x: np.ndarray, y: np.ndarray, *, crowd: bool = True) -> Bounded:
        """Return points with their bounds; of more than `CROWD`, where they may be a crowd, in as few bytes as may be.

        Knows no Qt: of very many it may be called on another thread.
        """
        if crowd and len(x) > CROWD:
            x, y = _compact(x, y)
        else:
            x, y = np.ascontiguousarray(x, dtype=np.float64), np.ascontiguousarray(y, dtype=np.float64)
        return cls(x, y, PointIndex(x, y))


class PointsLayer:
    """Draws the points of a view, and keeps the picture until the view, the points or their colours change.

    More points than `CROWD` are drawn by compiled kernels, which whoever owns the layer lets run beside the window: it
    takes a `task`, and brings what that made to `take`. Until then the last picture is shown, moved and scaled.
    """

    def __init__(self, palette: Palette) -> None:
        self._palette = palette
        self._colouring = Colouring()
        self._style = Style()
        self.hurried = False
        """Whether they turn: of very many in depth only a part is then drawn."""
        self._points = self._colours = 0  # counted up when they change: what is made of others is thrown away
        self._keys: tuple[int, int, np.ndarray] | None = None
        self._scratch_kept: Scratch | None = None
        self.set_points(np.zeros(0), np.zeros(0))

    def set_points(self, x: np.ndarray, y: np.ndarray, depth: np.ndarray | None = None) -> None:
        """Take new points, float ``(N,)``; those that are not finite are not drawn. The selection is kept if N is.

        Where they have a `depth`, from -1 (far) to 1 (near), near ones lie over far ones, larger and clearer.
        """
        self.take_points(Bounded.of(x, y, crowd=depth is None), depth)

    def take_points(self, points: Bounded, depth: np.ndarray | None = None) -> None:
        """Take new points as `set_points` does, of which all is known that takes a while to find out."""
        self.depth = depth
        n_before = len(self.x) if hasattr(self, "x") else -1
        self.x, self.y, self.index = points.x, points.y, points.index
        self._points += 1
        self._keys = None
        if len(self.x) != n_before:
            self._selected = np.zeros(0, dtype=np.bool_)
            self._recolour()
        self.forget()

    @property
    def crowded(self) -> bool:
        """Whether they are drawn beside the window."""
        return self.depth is None and (self.index.crowded or (self._style.smooth and self.index.bounds is not None))

    @property
    def selected(self) -> np.ndarray:
        """Whether each point is selected, bool ``(N,)``."""
        return self._selected if len(self._selected) else np.zeros(len(self.x), dtype=np.bool_)

    def set_colouring(self, colouring: Colouring) -> None:
        """Colour the points by class or by value."""
        self._colouring = colouring
        self._recolour()

    @property
    def style(self) -> Style:
        """How they are drawn."""
        return self._style

    def set_style(self, style: Style) -> None:
        """Draw them in another way."""
        was = self.crowded
        self._style = style
        self._stamps = {}
        self._changed()
        if self.crowded != was:
            self.forget()

    def set_palette(self, palette: Palette) -> None:
        """Use the colours of another theme."""
        self._palette = palette
        self._recolour()

    def set_selected(self, indices: np.ndarray) -> None:
        """Show these points in full colour and the others dimmed; all in full colour where there are none."""
        known = indices[(indices >= 0) & (indices < len(self.x))]
        if not len(known) and not len(self._selected):
            return
        self._selected = np.zeros(len(self.x) if len(known) else 0, dtype=np.bool_)
        self._selected[known] = True
        self._changed()

    def _recolour(self) -> None:
        self.colours = PointColours(self._colouring, len(self.x), self._palette)
        self._stamps: dict[tuple[int, float, bool, float], QPixmap] = {}
        self._splats: Splats | None = None
        self._changed()

    def _changed(self) -> None:
        """Draw the points anew, in other colours; a crowd meanwhile as it was."""
        self._colours += 1
        self._keys = None
        if not self.crowded:
            self.forget()

    def _shades_of(self, members: np.ndarray | slice) -> np.ndarray:
        """Return the rows of the table for some points; neighbouring shades of values share a stamp."""
        keys = self.colours.keys[members]
        return np.where(keys > 0, (keys - 1) // _SHADE * _SHADE + 1, 0) if self.colours.values is not None else keys

    def forget(self) -> None:
        """Drop the cached picture."""
        self._picture_kept: Picture | None = None
        self._overview: Picture | None = None
        self._fresh: tuple[MapView, float, int, int] | None = None
        self._wanted: MapView | None = None
        self.cost = 0.0
        self.touched = 0
        """How many points were looked at for the last picture of a crowd."""
        self._shown: int | None = None

    @property
    def _picture(self) -> QImage | None:
        return self._picture_kept.image if self._picture_kept is not None else None

    @property
    def radius(self) -> float:
        """Of a disc, in pixels: smaller the more points there are; of a crowd, the more are in view."""
        return radius_of(len(self.x) if self._shown is None else self._shown) * self._style.size

    @property
    def exact(self) -> bool:
        """Whether the picture is that of the view which was asked for last, and of every point."""
        return self._fresh is not None and self._fresh[0] == self._wanted and self._fresh[2:] == self._state

    def is_fresh(self, view: MapView, ratio: float) -> bool:
        """Whether the picture is that of a view, and of every point."""
        return self._fresh is not None and self._fresh == (view, ratio, *self._state)

    @property
    def _state(self) -> tuple[int, int]:
        return self._points, self._colours

    def counted(self) -> tuple[np.ndarray, binning.Grid]:
        """Return how many points are in each cell of the picture, ``(ny, nx)``, the lowest row first; its cells."""
        assert self._picture_kept is not None
        grid, _ = self.grid(self._picture_kept.view, self._picture_kept.ratio)
        if self.index.crowd is not None:
            from explorer.gui.map.developing import count

            return count(self.index.crowd, grid), grid
        return binning.count(binning.cells(self.x, self.y, grid), grid), grid

    def count_in(self, view: MapView) -> int:
        """Return how many points are in view."""
        return self.index.count(view.bounds)

    def paint(self, painter: QPainter, view: MapView, ratio: float) -> bool:
        """Draw the points; False if the last picture was only moved or scaled, and another one should follow.

        It follows by `refine`, or where the layer is `crowded`, by a `task`.
        """
        if self.index.bounds is None:
            return True
        self._wanted = view
        kept = self._picture_kept
        fresh = self.is_fresh(view, ratio)
        if self.crowded:
            if kept is None or kept.ratio != ratio:
                self._picture_kept = self._overview = self._coarse(view, ratio)
        elif not fresh and (kept is None or kept.ratio != ratio or self.cost <= BUDGET):
            self.refine(view, ratio)
            fresh = True
        kept = self._picture_kept
        assert kept is not None
        if self._overview is not None and self._overview is not kept and not kept.covers(view):
            self._overview.paint(painter, view, beside=kept)
        kept.paint(painter, view)
        return fresh

    def refine(self, view: MapView, ratio: float) -> None:
        """Draw the picture of this view anew."""
        start = time.perf_counter()
        self._wanted = view
        if self.crowded:
            self.take(self.task(view, ratio, around=0.0)())
            self.cost = time.perf_counter() - start
            return
        extent = view.frame.width, view.frame.height
        if self.depth is not None:
            image, extent = self._in_depth(view, ratio)
        else:
            region = view.bounds
            pad_x, pad_y = 6 / view.sx, 6 / view.sy
            region = Bounds(region.x0 - pad_x, region.x1 + pad_x, region.y0 - pad_y, region.y1 + pad_y)
            found = self.index.candidates(region)
            if len(found) <= MOST_DISCS:
                image = self._discs(found, view, ratio)
            else:
                # Reading a good part of the points out of order costs more than reading all of them in order.
                chosen = slice(None) if len(found) > len(self.x) // 20 else np.sort(found)
                grid, side = self.grid(view, ratio)
                image = density(self.x, self.y, self.colours, chosen, self.selected, grid, self._style.opacity)
                extent = grid.nx * side, grid.ny * side
        self._picture_kept = Picture(image, view, ratio, extent)
        self._fresh = (view, ratio, *self._state)
        self.cost = time.perf_counter() - start

    def grid(self, view: MapView, ratio: float) -> tuple[binning.Grid, float]:
        """Return the cells of the image of a view, and their side in logical pixels."""
        return binning.Grid.of(view, ratio)

    # A crowd

    def task(self, view: MapView, ratio: float, *, around: float = AROUND) -> Callable[[], Finished]:
        """Return what draws the crowd in a view, and some pixels around it; it may be called on another thread."""
        x, y, index, state = self.x, self.y, self.index, self._state
        look = Look(self.colours, self._palette, self._selected, self._style)
        frame = view.frame
        wide = Frame(frame.left - around, frame.top - around, frame.width + 2 * around, frame.height + 2 * around)

        def work() -> Finished:
            from explorer.gui.map.crowd import Crowd  # loads numba
            from explorer.gui.map.developing import develop

            # Kept here and not when it is taken: the next task may begin before that.
            crowd = index.crowd = index.crowd or Crowd.of(x, y)
            keys = self._keys
            if keys is None or keys[:2] != state:
                keys = self._keys = (*state, look.keys(crowd.order))
            return Finished(*state, develop(crowd, keys[2], look, replace(view, frame=wide), ratio, self._scratch()))

        return work

    def _scratch(self) -> Scratch:
        if self._scratch_kept is None:
            from explorer.gui.map.developing import Scratch

            self._scratch_kept = Scratch()
        return self._scratch_kept

    def take(self, finished: Finished) -> bool:
        """Show what a task has drawn; False if it is of other points by now."""
        if finished.points != self._points:
            return False
        drawn = finished.developed
        height, width = drawn.image.shape
        extent = width * drawn.side, height * drawn.side
        picture = Picture(image_of(drawn.image), drawn.view, drawn.ratio, extent)
        self._picture_kept = picture
        self.touched, self._shown = drawn.touched, drawn.found
        whole, wanted = self.index.bounds, self._wanted
        assert whole is not None
        if drawn.view.bounds.holds(whole):
            self._overview = picture
        if wanted is not None and _same(drawn.view, wanted):
            self._fresh = (wanted, drawn.ratio, finished.points, finished.colours)
        return True

    def _coarse(self, view: MapView, ratio: float) -> Picture:
        """Draw evenly many of a crowd, at once: all of them are drawn soon."""
        step = -(-len(self.x) // _COARSE)
        colours = PointColours(self.colours.colouring.thinned(step), len(self.x[::step]), self._palette)
        x, y = (values[::step].astype(np.float64) for values in (self.x, self.y))
        grid, side = binning.Grid.of(view, ratio / _COARSER)
        selected = self._selected[::step] if len(self._selected) else np.zeros(len(x), dtype=np.bool_)
        image = density(x, y, colours, slice(None), selected, grid, self._style.opacity)
        return Picture(image, view, ratio, (grid.nx * side, grid.ny * side))

    # Discs

    def _discs(self, found: np.ndarray, view: MapView, ratio: float) -> QImage:
        frame = view.frame
        size = math.ceil(frame.width * ratio), math.ceil(frame.height * ratio)
        picture = QImage(*size, PREMULTIPLIED)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        # Points are drawn in one shuffled order for good: no class lies on top of all others, nothing flickers.
        # (Multiples of the golden ratio, modulo one: numpy.random would cost the first paint its import.)
        found = found[np.argsort(found.astype(np.uint32) * np.uint32(2654435769))]
        selected, clear = self.selected, self._style.opacity
        passes = [(found, False, clear)]
        if selected.any():
            chosen = selected[found]
            rimmed = int(np.count_nonzero(chosen)) <= RIMMED
            passes = [(found[~chosen], False, DIM * clear), (found[chosen], rimmed, clear)]
        for members, bright, opacity in passes:
            px, py = view.to_px(self.x[members], self.y[members])
            keys = self._shades_of(members)
            self._stamp_all(painter, (px - frame.left) * ratio, (py - frame.top) * ratio, keys, bright, opacity, ratio)
        painter.end()
        return picture

    def _stamp_all(self, painter, px, py, keys, bright: bool, opacity: float, ratio: float) -> None:
        """Draw discs in the middle of these pixels of the screen; whole numbers cost a third of a `QPointF`."""
        stamps = {key: self._stamp(int(key), bright, opacity, ratio) for key in np.unique(keys)}
        half = side_of(self.radius, bright) * ratio / 2
        left, top = (np.rint(np.clip(middle - half, -_FAR, _FAR)).astype(np.int64).tolist() for middle in (px, py))
        draw = painter.drawPixmap
        for x, y, key in zip(left, top, keys.tolist(), strict=True):
            draw(x, y, stamps[key])

    def _stamp(self, key: int, bright: bool, opacity: float, ratio: float) -> QPixmap:
        name = (key, ratio, bright, opacity)
        if name not in self._stamps:
            color = self.colours.table[key].tolist()
            image = disc(color, self._palette, self.radius, ratio, bright=bright, opacity=opacity)
            image.setDevicePixelRatio(1.0)  # it is placed by the screen's pixels
            self._stamps[name] = QPixmap.fromImage(image)
        return self._stamps[name]

    # Depth

    def _in_depth(self, view: MapView, ratio: float) -> tuple[QImage, tuple[float, float]]:
        from explorer.gui.map.splats import Splats, plan  # a flat map at the start need not load it

        assert self.depth is not None
        if self._splats is None:
            self._splats = Splats(self.colours.table, np.array(rgb(self._palette.field)))
        frame, n = view.frame, len(self.x)
        radius, rim, side, step = plan(n, self.radius, ratio)
        image = np.zeros((math.ceil(frame.height / side), math.ceil(frame.width / side)), dtype=np.uint32)
        shown = slice(None, None, step if self.hurried else 1)
        px, py = view.to_px(self.x[shown], self.y[shown])
        px, py = (px - frame.left) / side, (py - frame.top) / side
        depth, keys = self.depth[shown], self._shades_of(shown)
        selected = self.selected[shown]
        passes = [(~selected, DIM, 0.0), (selected, 1.0, 1.0)] if selected.any() else [(slice(None), 1.0, 0.0)]
        for members, clear, more in passes:
            places = (px[members], py[members])
            size = (radius + more * min(1.0, radius / 3)) / side
            self._splats.draw(image, places, depth[members], keys[members], size, clear=clear, rim=rim / side)
        height, width = image.shape
        return image_of(image), (width * side, height * side)


def _same(view: MapView, other: MapView) -> bool:
    """Whether two views show the same plane as large, and the first as much of it or more."""
    return replace(view, frame=other.frame) == other and _middle(view.frame) == _middle(other.frame)


def _middle(frame: Frame) -> tuple[float, float]:
    return frame.left + frame.width / 2, frame.top + frame.height / 2


def _compact(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the coordinates of a crowd as they are, or in single precision where that loses nothing."""
    pair = np.asarray(x), np.asarray(y)
    if any(values.dtype not in (np.float32, np.float64) for values in pair):
        pair = tuple(values.astype(np.float64) for values in pair)
    if all(_single(values) for values in pair):
        return np.ascontiguousarray(pair[0], dtype=np.float32), np.ascontiguousarray(pair[1], dtype=np.float32)
    return np.ascontiguousarray(pair[0], dtype=np.float64), np.ascontiguousarray(pair[1], dtype=np.float64)


def _single(values: np.ndarray, chunk: int = 1 << 16) -> bool:
    if values.dtype == np.float32:
        return True
    with np.errstate(over="ignore", invalid="ignore"):
        for start in range(0, len(values), chunk):
            part = values[start : start + chunk]
            if not np.array_equal(part.astype(np.float32).astype(np.float64), part, equal_nan=True):
                return False
    return True
