"""Points as an image: how many fall on each pixel, and of what colour. Knows no Qt.

The counts are exactly those of `numpy.histogram2d`. Here they are made by numpy; those of a crowd by
`explorer.gui.map.developing`, into the same cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from explorer.gui.map.view import MapView

_CHUNK = 1 << 15  # points at a time: their intermediates stay in the processor's cache
_DOUBTFUL = 1e-6  # nearer than this to an edge, in cells, rounding may put a point on the wrong side


@dataclass(frozen=True)
class Grid:
    """Even cells over a rectangle of the plane: `nx` from `x0` to `x1`, `ny` from `y0` to `y1` (upwards)."""

    x0: float
    x1: float
    nx: int
    y0: float
    y1: float
    ny: int

    @classmethod
    def of(cls, view: MapView, ratio: float) -> tuple[Grid, float]:
        """Return the cells of the image of a view, and their side in logical pixels.

        A cell is one pixel of the screen, and one logical pixel where those are finer still.
        """
        side = max(1, math.floor(ratio)) / ratio
        frame, region = view.frame, view.bounds
        nx, ny = math.ceil(frame.width / side), math.ceil(frame.height / side)
        x0, y1 = region.x0, region.y1
        return cls(x0, x0 + nx * side / view.sx, nx, y1 - ny * side / view.sy, y1, ny), side

    @cached_property
    def x_edges(self) -> np.ndarray:
        """The cells' edges, ``(nx + 1,)``."""
        return np.linspace(self.x0, self.x1, self.nx + 1)

    @cached_property
    def y_edges(self) -> np.ndarray:
        """The cells' edges, ``(ny + 1,)``."""
        return np.linspace(self.y0, self.y1, self.ny + 1)

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.nx * self.ny


def cells(x: np.ndarray, y: np.ndarray, grid: Grid) -> np.ndarray:
    """Return the cell of each point, intp ``(N,)``: ``row * nx + column`` from the lower left; `grid.size` if outside.

    A cell holds its left and lower edge, the last one also its right and upper, as `numpy.histogram2d` has it.
    """
    flat = np.empty(len(x), dtype=np.intp)
    for start in range(0, len(x), _CHUNK):
        part = slice(start, start + _CHUNK)
        column, wrong = _along(x[part], grid.x_edges)
        row, out = _along(y[part], grid.y_edges)
        row *= grid.nx
        row += column
        row[wrong | out] = grid.size
        flat[part] = row
    return flat


def _along(values: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the cell of each value on one axis, and where that cell does not exist."""
    n = len(edges) - 1
    with np.errstate(invalid="ignore"):
        scaled = (values - edges[0]) * (n / (edges[-1] - edges[0]))
        floor = np.floor(scaled)
        outside = ~((values >= edges[0]) & (values <= edges[-1]))
        fraction = scaled - floor
        doubtful = np.flatnonzero(((fraction < _DOUBTFUL) | (fraction > 1 - _DOUBTFUL)) & ~outside)
        floor[outside] = 0
        cell = floor.astype(np.intp)
    if len(doubtful):
        exact = np.searchsorted(edges, values[doubtful], side="right") - 1
        cell[doubtful] = np.minimum(exact, n - 1)
    return cell, outside


def count(flat: np.ndarray, grid: Grid) -> np.ndarray:
    """Return how many points are in each cell, int64 ``(ny, nx)``, the lowest row first."""
    return np.bincount(flat, minlength=grid.size + 1)[: grid.size].reshape(grid.ny, grid.nx)


def total(flat: np.ndarray, weights: np.ndarray, grid: Grid) -> np.ndarray:
    """Return the sum of the points' weights in each cell, float64 ``(ny, nx)``, the lowest row first."""
    return np.bincount(flat, weights=weights, minlength=grid.size + 1)[: grid.size].reshape(grid.ny, grid.nx)


def opacity(counts: np.ndarray, least: float = 0.35) -> np.ndarray:
    """Return an opacity by the counts' logarithm: 0 for none, `least` for one point, 1 for the fullest cell."""
    most = counts.max(initial=0)
    if most <= 1:
        return counts * max(least, 0.8)
    scale = np.log1p(counts, dtype=np.float32)
    scale -= np.log(2.0)
    scale *= (1 - least) / (np.log1p(most) - np.log(2.0))
    scale += least
    scale[counts == 0] = 0
    return scale


def widen(flat: np.ndarray, grid: Grid, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """Return cells and shares with which each point becomes a soft dot that reaches 1 or 2 cells around its own.

    Parameters
    ----------
    flat : ndarray, intp ``(N,)``
        Of `cells`.
    grid : Grid
    reach : {1, 2}

    Returns
    -------
    cells : ndarray, intp ``(K * N,)``
        The N points' cells, then all their neighbours in one direction, and so on; `grid.size` if outside.
    shares : ndarray, float64 ``(K * N,)``
        What each gets of a point.
    """
    row, column = np.divmod(flat, grid.nx)
    around, shares = [], []
    for (up, right), share in _DOTS[reach].items():
        there = flat + (up * grid.nx + right)
        outside = (column + right < 0) | (column + right >= grid.nx) | (row + up < 0) | (row + up >= grid.ny)
        there[outside | (flat == grid.size)] = grid.size
        around.append(there)
        shares.append(np.full(len(flat), share))
    return np.concatenate(around), np.concatenate(shares)


def _dot(reach: int, shares: dict[int, float]) -> dict[tuple[int, int], float]:
    """Return the shares of the cells around one, by their squared distance from it."""
    side = range(-reach, reach + 1)
    return {(up, right): shares[d] for up in side for right in side if (d := up * up + right * right) in shares}


_DOTS = {1: _dot(1, {0: 1.0, 1: 0.6}), 2: _dot(2, {0: 1.0, 1: 1.0, 2: 0.8, 4: 0.5})}
