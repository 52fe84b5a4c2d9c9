"""A few thousand points as an image of their density, without a compiled kernel."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage, QPixmap

from explorer.gui.map import binning
from explorer.gui.map.colours import PointColours
from explorer.gui.map.discs import DIM

_DOTS = ((50_000, 2), (200_000, 1))  # fewer points than the first are drawn wider in the image, by so many pixels


def density(
    x: np.ndarray,
    y: np.ndarray,
    colours: PointColours,
    chosen: slice | np.ndarray,
    selected: np.ndarray,
    grid: binning.Grid,
    opacity: float = 1.0,
) -> QPixmap:
    """Return the picture of the `chosen` of the points ``(N,)``; of those, some may be `selected`, bool ``(N,)``."""
    flat = binning.cells(x[chosen], y[chosen], grid)
    keys = colours.keys[chosen]
    values = None if colours.values is None else colours.values[chosen]
    wide = _width(len(flat))
    if not selected.any():
        return _pixmap(_pixels(flat, keys, values, colours, grid, wide) * np.float32(opacity))
    bright = selected[chosen]
    pixels = _pixels(np.where(bright, grid.size, flat), keys, values, colours, grid, wide) * DIM
    top_wide = _width(int(np.count_nonzero(bright)))
    top = _pixels(np.where(bright, flat, grid.size), keys, values, colours, grid, top_wide)
    return _pixmap((top + pixels * (1 - top[..., 3:])) * np.float32(opacity))


def _width(n: int) -> int:
    """Return by how many pixels `n` points are drawn wider than one."""
    return next((wide for most, wide in _DOTS if n < most), 0)


def _pixels(flat, keys, values, colours: PointColours, grid: binning.Grid, wide: int) -> np.ndarray:
    """Return red, green, blue times opacity, and opacity, float32 ``(ny, nx, 4)`` from 0 to 1, lowest row first."""
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
    planes = [binning.total(flat, weight, grid) for weight in weights]
    row, column = np.nonzero(counts)
    here = counts[row, column]
    if values is not None:
        with np.errstate(invalid="ignore"):
            mean = planes[1][row, column] / planes[0][row, column]
        color = colours.table[colours.key_of(mean)]
    elif planes:
        color = np.stack([plane[row, column] for plane in planes], axis=1) / here[:, None]
    else:
        color = np.broadcast_to(colours.table[0], (len(here), 3))
    pixels = np.zeros((grid.ny, grid.nx, 4), dtype=np.float32)
    # A value's colour must be told even where points are few; it is not mixed with others.
    alpha = binning.opacity(here, 0.35 if values is None and not wide else 0.6)
    pixels[row, column, 3] = alpha
    pixels[row, column, :3] = color * (alpha / 255)[:, None]
    return pixels


def _pixmap(pixels: np.ndarray) -> QPixmap:
    """Return premultiplied colours ``(ny, nx, 4)``, lowest row first, as a picture."""
    height, width = pixels.shape[:2]
    row, column = np.nonzero(pixels[..., 3])  # mostly few
    red, green, blue, alpha = np.rint(pixels[row, column].T * 255).astype(np.uint32)
    words = np.zeros((height, width), dtype=np.uint32)
    words[height - 1 - row, column] = (alpha << 24) | (red << 16) | (green << 8) | blue
    image = QImage(words.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return QPixmap.fromImage(image)
