"""The picture of a crowd, of exactly the pixels in view: discs where few are in view, else how many are on each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from explorer.analysis.pixels import packed
from explorer.gui.map.binning import Grid
from explorer.gui.map.colours import ramp, rgb
from explorer.gui.map.crowd import Crowd
from explorer.gui.map.discs import DIM, RIMMED, disc, radius_of, side_of
from explorer.gui.map.kernels import imaging, smoothing
from explorer.gui.map.look import Look
from explorer.gui.map.view import Bounds, MapView
from explorer.gui.pixels import pixels_of

MOST_DISCS = 12_000
_WIDE = ((50_000, 2), (200_000, 1))  # fewer points in view than the first are drawn wider, by so many pixels
_STAMPS = {
    0: {(0, 0): 1.0},
    1: {(0, 0): 1.0, (0, 1): 0.6, (1, 0): 0.6, (0, -1): 0.6, (-1, 0): 0.6},
    2: {
        (up, right): {0: 1.0, 1: 1.0, 2: 0.8, 4: 0.5}[up * up + right * right]
        for up in range(-2, 3)
        for right in range(-2, 3)
        if up * up + right * right in (0, 1, 2, 4)
    },
}
_BAND = 400_000  # numbers that the columns added up at a time may take: they stay in the processor's cache
_RAMP = 255
_LEAST = 1e-3  # of the highest density: less is drawn as none
_HELD = (0.9, 0.75, 0.5, 0.25)
"""Shares of the points that lie inside the lines of equal density."""


@dataclass(frozen=True, eq=False)
class Developed:
    """A picture: premultiplied ``0xAARRGGBB``, uint32 ``(ny, nx)``, the top row first.

    `side` is that of a pixel in logical ones, `found` how many points are in view, `touched` how many were looked at.
    """

    view: MapView
    ratio: float
    image: np.ndarray
    side: float
    found: int
    touched: int


class Scratch:
    """Arrays that are used for one picture after another: other memory for each would pile up in the threads' heaps."""

    def __init__(self) -> None:
        self._kept: dict[str, np.ndarray] = {}

    def zeros(self, name: str, shape: tuple[int, ...], kind: DTypeLike) -> np.ndarray:
        """Return zeros: where possible, the array of that name that was given out last."""
        kept = self._kept.get(name)
        if kept is None or kept.shape != shape or kept.dtype != kind:
            kept = self._kept[name] = np.zeros(shape, dtype=kind)
        else:
            kept.fill(0)
        return kept


def develop(
    crowd: Crowd, keys: np.ndarray, look: Look, view: MapView, ratio: float, scratch: Scratch | None = None
) -> Developed:
    """Draw the points that are in view.

    Parameters
    ----------
    crowd : Crowd
    keys : ndarray, uint8 ``(M,)``
        Of its points, from `Look.keys`.
    look : Look
    view : MapView
    ratio : float
        Pixels of the screen for a logical one.
    scratch : Scratch, optional
        Of the last picture, on whichever thread.
    """
    found, style = crowd.count(view.bounds), look.style
    if style.drawn == "density":
        grid, side = Grid.of(view, ratio)
        drawn = Developed(view, ratio, np.zeros((grid.ny, grid.nx), dtype=np.uint32), side, found, 0)
    elif found <= MOST_DISCS:
        drawn = _discs(crowd, keys, look, view, ratio, found)
    else:
        drawn = _density(crowd, keys, look, view, ratio, found, scratch or Scratch())
    if style.smooth and found:
        _smooth(drawn.image, crowd, look, view, ratio, found)
    return drawn


def count(crowd: Crowd, grid: Grid) -> np.ndarray:
    """Return how many points are in each cell, int64 ``(ny, nx)``, the lowest row first."""
    counts = np.zeros((grid.ny, grid.nx), dtype=np.int64)
    imaging.count(crowd.x, crowd.y, crowd.starts, crowd.boxes, grid.x_edges, grid.y_edges, counts)
    return counts


def _density(
    crowd: Crowd, keys: np.ndarray, look: Look, view: MapView, ratio: float, found: int, scratch: Scratch
) -> Developed:
    grid, side = Grid.of(view, ratio)
    reach = next((wide for most, wide in _WIDE if found < most), 0)
    reach = min(max(reach + (look.style.size >= 1.5) - (look.style.size <= 0.7), 0), max(_STAMPS))
    stamp = np.array(list(_STAMPS[reach]), dtype=np.int64)
    table = look.table(_RAMP).astype(np.float32)
    half = 3 if look.levels else len(table)
    parts, margin = 2 if look.chosen else 1, 2 * reach
    # Whole numbers for what is counted; a pixel may have to hold the sum of as many levels as there are points.
    kind = np.float32 if reach else np.uint32 if crowd.n < 1 << 25 else np.uint64
    shares = np.array(list(_STAMPS[reach].values()), dtype=kind)
    amounts = scratch.zeros("amounts", (parts, grid.ny, grid.nx), np.float32)
    colours = np.zeros((parts, grid.ny, grid.nx), dtype=np.uint32)
    width = max(8, _BAND // (grid.ny * half * parts))
    touched = 0
    for first in range(0, grid.nx, width):
        after = min(first + width, grid.nx)
        name = "planes" if after - first == width else "rest"
        planes = scratch.zeros(name, (grid.ny + 2 * margin, after - first + 2 * margin, half * parts), kind)
        touched += imaging.gather(
            crowd.x, crowd.y, keys, crowd.starts, crowd.boxes, grid.x_edges, grid.y_edges, (first, after), stamp,
            shares, planes, look.levels,
        )  # fmt: skip
        part = (slice(None), slice(None), slice(first, after))
        imaging.blend(planes, margin, half, look.levels, table, amounts[part], colours[part])
    image = colours[0]  # it takes the place of its colours: they are some megabytes each
    least = 0.6 if look.levels or reach else 0.35
    for part in range(parts):
        bits = amounts[part].view(np.uint32)
        clear = look.style.opacity * (DIM if parts == 2 and part == 0 else 1)
        opacity = scale(bits, least) * np.float32(clear)
        imaging.compose(bits, colours[part], opacity, image)
    return Developed(view, ratio, image if parts == 1 else image.copy(), side, found, int(touched))


def scale(amounts: np.ndarray, least: float) -> np.ndarray:
    """Return the opacity of each bin of amounts, float32: `least` for the fewest points, 1 for the most.

    Halfway between the logarithm of the amount, and the share of pixels that have no more: so it adapts to how dense
    the map is, as histogram equalisation does, and still tells twice as many from as many.
    """
    bins = np.zeros(imaging.BINS, dtype=np.int64)
    imaging.tally(amounts.reshape(-1), bins)
    there = np.flatnonzero(bins)
    opacity = np.zeros(imaging.BINS, dtype=np.float32)
    if len(there) < 2:
        opacity[there] = max(least, 0.8)
        return opacity
    logarithm = (there - there[0]) / (there[-1] - there[0])
    below = np.cumsum(bins[there]) - bins[there[0]]
    share = below / below[-1]
    opacity[there] = least + (1 - least) * (logarithm + share) / 2
    return opacity


def _discs(crowd: Crowd, keys: np.ndarray, look: Look, view: MapView, ratio: float, found: int) -> Developed:
    frame, region, style = view.frame, view.bounds, look.style
    radius = radius_of(found) * style.size
    pad_x, pad_y = (radius + 4) / view.sx, (radius + 4) / view.sy
    near = Bounds(region.x0 - pad_x, region.x1 + pad_x, region.y0 - pad_y, region.y1 + pad_y)
    places = crowd.places(near, crowd.count(near))
    # One shuffled order for good: no class lies on top of all others, nothing flickers.
    places = places[np.argsort(crowd.order[places] * np.uint32(2654435769))]
    shape = math.ceil(frame.height * ratio), math.ceil(frame.width * ratio)
    image = np.zeros(shape, dtype=np.uint32)
    table, bits = look.table(imaging.LEVELS), keys[places]
    chosen = (bits & imaging.CHOSEN) > 0
    passes = [(places, False, style.opacity)]
    if look.chosen:
        rimmed = int(np.count_nonzero(chosen)) <= RIMMED
        passes = [(places[~chosen], False, DIM * style.opacity), (places[chosen], rimmed, style.opacity)]
    for members, bright, opacity in passes:
        slots, rows = np.unique(keys[members] & imaging.SLOT, return_inverse=True)
        if not len(slots):
            continue
        stamps = np.stack(
            [
                pixels_of(disc(table[slot].tolist(), look.palette, radius, ratio, bright=bright, opacity=opacity))
                for slot in slots
            ]
        )
        px, py = view.to_px(crowd.x[members].astype(np.float64), crowd.y[members].astype(np.float64))
        half = side_of(radius, bright) / 2
        left = np.rint((px - frame.left - half) * ratio).astype(np.int64)
        top = np.rint((py - frame.top - half) * ratio).astype(np.int64)
        imaging.stamp_discs(image, left, top, rows.reshape(-1).astype(np.int64), stamps)
    return Developed(view, ratio, image, 1 / ratio, found, len(places))


def smoothed(counts: np.ndarray, found: int) -> np.ndarray:
    """Return the density of `found` points from their counts on pixels, float32 ``(ny, nx)``: the more, the sharper.

    Three means over neighbouring pixels along either axis, which is a bell curve to the eye.
    """
    deviation = min(max(60 * found ** (-1 / 6), 2.5), 40.0)
    reach = max(1, round(math.sqrt(deviation**2 + 0.25) - 0.5))
    rows = counts.astype(np.float32)
    for _ in range(2):
        for _ in range(3):
            other = np.empty_like(rows)
            smoothing.smooth_rows(rows, reach, other)
            rows = other
        turned = np.empty(rows.shape[::-1], dtype=np.float32)
        smoothing.turn(rows, turned)
        rows = turned
    return rows


def holding(density: np.ndarray, shares: Sequence[float] = _HELD) -> np.ndarray:
    """Return the densities at least as high as which are the pixels that hold such shares of all, float32."""
    values = np.sort(density[density > density.max() * 1e-6])[::-1]
    held = np.cumsum(values, dtype=np.float64)
    places = np.searchsorted(held, np.array(shares) * held[-1])
    return values[np.minimum(places, len(values) - 1)]


def _smooth(image: np.ndarray, crowd: Crowd, look: Look, view: MapView, ratio: float, found: int) -> None:
    """Draw the density into a picture, or lines around what it holds."""
    grid = _grid_of(view, image.shape, ratio)
    density = smoothed(count(crowd, grid), found)
    if look.style.drawn == "density":
        seen = np.where(density > density.max() * _LEAST, density, np.float32(0)).view(np.uint32)
        shades = np.rint(scale(seen, 0.0)[seen >> imaging.BIN_SHIFT] * 255).astype(np.uint8)
        image[:] = _shades(look)[shades][::-1]
    if look.style.contours:
        red, green, blue = rgb(look.palette.text)
        levels = np.sort(holding(density))
        smoothing.draw_lines(density, levels, np.uint32(red << 16 | green << 8 | blue), image)


def _grid_of(view: MapView, shape: tuple[int, int], ratio: float) -> Grid:
    """Return the cells of a picture of a view that has so many pixels: those of discs may be finer than a `Grid`'s."""
    region, (ny, nx) = view.bounds, shape
    side = 1 / ratio if nx == math.ceil(view.frame.width * ratio) else Grid.of(view, ratio)[1]
    return Grid(region.x0, region.x0 + nx * side / view.sx, nx, region.y1 - ny * side / view.sy, region.y1, ny)


def _shades(look: Look) -> np.ndarray:
    """Return the pixels for rising density, uint32 ``(256,)``: from nothing to the end that stands off the ground."""
    colours = ramp(256).astype(np.float64)
    if rgb(look.palette.field)[1] > 128:
        colours = colours[::-1]
    clear = np.minimum(np.arange(256) / 48, 1) * look.style.opacity
    return packed((*(colours * clear[:, None]).T, 255 * clear))
