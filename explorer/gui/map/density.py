"""A few thousand points as an image of their density, without a compiled kernel."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from explorer.analysis.pixels import packed
from explorer.gui.map import binning
from explorer.gui.map.colours import PointColours
from explorer.gui.map.discs import DIM
from explorer.gui.pixels import image_of

_DOTS = ((50_000, 2), (200_000, 1))  # fewer points than the first are drawn wider in the image, by so many pixels
_SHIFTS = np.array([16, 8, 0, 24], dtype=np.uint32)  # of red, green, blue and opacity in a pixel


def density(
    x: np.ndarray,
    y: np.ndarray,
    colours: PointColours,
    chosen: slice | np.ndarray,
    selected: np.ndarray,
    grid: binning.Grid,
    opacity: float = 1.0,
) -> QImage:
    """Return the picture of the `chosen` of the points ``(N,)``; of those, some may be `selected`, bool ``(N,)``."""
    flat = binning.cells(x[chosen], y[chosen], grid)
    keys = colours.keys[chosen]
    values = None if colours.values is None else colours.values[chosen]
    layers = [(flat, len(flat), 1.0)]
    if selected.any():
        bright = selected[chosen]
        layers = [
            (np.where(bright, grid.size, flat), len(flat), DIM),
            (np.where(bright, flat, grid.size), int(np.count_nonzero(bright)), 1.0),
        ]
    image = np.zeros((grid.ny, grid.nx), dtype=np.uint32)
    for members, n, clear in layers:
        row, column, pixels = _pixels(members, keys, values, colours, grid, _width(n))
        place = grid.ny - 1 - row, column
        pixels *= np.float32(clear)
        below = (image[place][:, None] >> _SHIFTS & 255) * (1 - pixels[:, 3:])
        image[place] = packed((pixels * np.float32(255 * opacity) + below).T)
    return image_of(image)


def _width(n: int) -> int:
    """Return by how many pixels `n` points are drawn wider than one."""
    return next((wide for most, wide in _DOTS if n < most), 0)


def _pixels(
    flat: np.ndarray, keys: np.ndarray, values: np.ndarray | None, colours: PointColours, grid: binning.Grid, wide: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the row and column of each cell that has points, mostly few; and its pixel, float32 ``(K, 4)``, 0 to 1.

    The lowest row is the first. Of a pixel, red, green and blue times the opacity, and the opacity.
    """
    weights: list[np.ndarray] = []
    if values is not None:
        known = np.isfinite(values)
        weights = [known.astype(np.float64), np.where(known, values, 0.0)]
    elif len(colours.table) > 1:
        weights = [plane[keys] for plane in colours.table.T.astype(np.float64)]
    if wide:
        n = len(flat)
        flat, shares = binning.widen(flat, grid, wide)
        counts = binning.total(flat, shares, grid)
        weights = [np.tile(weight, len(flat) // max(n, 1)) * shares for weight in weights]
    else:
        counts = binning.count(flat, grid)
    row, column = np.nonzero(counts)
    here = counts[row, column]
    sums = [binning.total(flat, weight, grid)[row, column] for weight in weights]
    if values is not None:
        with np.errstate(invalid="ignore"):
            mean = sums[1] / sums[0]
        color = colours.table[colours.key_of(mean)]
    elif sums:
        color = np.stack(sums, axis=1) / here[:, None]
    else:
        color = np.broadcast_to(colours.table[0], (len(here), 3))
    pixels = np.empty((len(here), 4), dtype=np.float32)
    # A value's colour must be told even where points are few; it is not mixed with others.
    pixels[:, 3] = binning.opacity(here, 0.35 if values is None and not wide else 0.6)
    pixels[:, :3] = color * (pixels[:, 3:] / 255)
    return row, column, pixels
