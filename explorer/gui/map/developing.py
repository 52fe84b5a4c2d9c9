"""The picture of a crowd, of exactly the pixels in view: discs where few are in view, else how many are on each."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from explorer.gui.map.binning import Grid
from explorer.gui.map.crowd import Crowd
from explorer.gui.map.discs import DIM, RIMMED, disc, pixels, radius_of, side_of
from explorer.gui.map.kernels import imaging
from explorer.gui.map.look import Look
from explorer.gui.map.view import Bounds, MapView

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


def develop(crowd: Crowd, keys: np.ndarray, look: Look, view: MapView, ratio: float) -> Developed:
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
    """
    found = crowd.count(view.bounds)
    if found <= MOST_DISCS:
        return _discs(crowd, keys, look, view, ratio, found)
    return _density(crowd, keys, look, view, ratio, found)


def count(crowd: Crowd, grid: Grid) -> np.ndarray:
    """Return how many points are in each cell, int64 ``(ny, nx)``, the lowest row first."""
    counts = np.zeros((grid.ny, grid.nx), dtype=np.int64)
    imaging.count(crowd.x, crowd.y, crowd.starts, crowd.boxes, grid.x_edges, grid.y_edges, counts)
    return counts


def _density(crowd: Crowd, keys: np.ndarray, look: Look, view: MapView, ratio: float, found: int) -> Developed:
    grid, side = Grid.of(view, ratio)
    reach = next((wide for most, wide in _WIDE if found < most), 0)
    stamp = np.array(list(_STAMPS[reach]), dtype=np.int64)
    table = look.table(_RAMP).astype(np.float32)
    half = 3 if look.levels else len(table)
    parts, margin = 2 if look.chosen else 1, 2 * reach
    # Whole numbers for what is counted; a pixel may have to hold the sum of as many levels as there are points.
    kind = np.float32 if reach else np.uint32 if crowd.n < 1 << 25 else np.uint64
    shares = np.array(list(_STAMPS[reach].values()), dtype=kind)
    amounts = np.zeros((parts, grid.ny, grid.nx), dtype=np.float32)
    colours = np.zeros((parts, grid.ny, grid.nx), dtype=np.uint32)
    width = max(8, _BAND // (grid.ny * half * parts))
    touched = 0
    for first in range(0, grid.nx, width):
        after = min(first + width, grid.nx)
        planes = np.zeros((grid.ny + 2 * margin, after - first + 2 * margin, half * parts), dtype=kind)
        touched += imaging.gather(
            crowd.x, crowd.y, keys, crowd.starts, crowd.boxes, grid.x_edges, grid.y_edges, (first, after), stamp,
            shares, planes, look.levels,
        )  # fmt: skip
        part = (slice(None), slice(None), slice(first, after))
        imaging.blend(planes, margin, half, look.levels, table, amounts[part], colours[part])
    image = np.zeros((grid.ny, grid.nx), dtype=np.uint32)
    least = 0.6 if look.levels or reach else 0.35
    ramp = np.zeros((0, 3), dtype=np.float32)
    for part in range(parts):
        bits = amounts[part].view(np.uint32)
        opacity = scale(bits, least) * np.float32(DIM if parts == 2 and part == 0 else 1)
        imaging.compose(bits, colours[part], opacity, ramp, image)
    return Developed(view, ratio, image, side, found, int(touched))


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
    frame, region, radius = view.frame, view.bounds, radius_of(found)
    pad_x, pad_y = 8 / view.sx, 8 / view.sy
    near = Bounds(region.x0 - pad_x, region.x1 + pad_x, region.y0 - pad_y, region.y1 + pad_y)
    places = crowd.places(near, crowd.count(near))
    # One shuffled order for good: no class lies on top of all others, nothing flickers.
    places = places[np.argsort(crowd.order[places] * np.uint32(2654435769))]
    shape = math.ceil(frame.height * ratio), math.ceil(frame.width * ratio)
    image = np.zeros(shape, dtype=np.uint32)
    table, bits = look.table(imaging.LEVELS), keys[places]
    chosen = (bits & imaging.CHOSEN) > 0
    passes = [(places, False, 1.0)]
    if look.chosen:
        rimmed = int(np.count_nonzero(chosen)) <= RIMMED
        passes = [(places[~chosen], False, DIM), (places[chosen], rimmed, 1.0)]
    for members, bright, opacity in passes:
        slots, rows = np.unique(keys[members] & imaging.SLOT, return_inverse=True)
        if not len(slots):
            continue
        stamps = np.stack(
            [
                pixels(disc(table[slot].tolist(), look.palette, radius, ratio, bright=bright, opacity=opacity))
                for slot in slots
            ]
        )
        px, py = view.to_px(crowd.x[members].astype(np.float64), crowd.y[members].astype(np.float64))
        half = side_of(radius, bright) / 2
        left = np.rint((px - frame.left - half) * ratio).astype(np.int64)
        top = np.rint((py - frame.top - half) * ratio).astype(np.int64)
        imaging.stamp_discs(image, left, top, rows.reshape(-1).astype(np.int64), stamps)
    return Developed(view, ratio, image, 1 / ratio, found, len(places))
