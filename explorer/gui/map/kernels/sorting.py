"""Points into the cells of upright strips, by counting."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from explorer.gui.map.kernels.compiling import kernel

_BLOCK = 64


@kernel
def assign(x: Any, y: Any, x_edges: Any, y_edges: Any, cells: Any, counts: Any) -> None:
    """Write the cell of each point into `cells`, and how many each has into `counts`.

    Parameters
    ----------
    x, y : ndarray ``(N,)``
    x_edges : ndarray ``(R,)``
        Where the S strips begin, ascending; then infinite, to a power of two.
    y_edges : ndarray ``(S, C)``
        Where the cells of each begin, ascending; C is a power of two.
    cells : ndarray, uint16 ``(N,)``
        ``strip * C + cell``; S * C for points that are not finite.
    counts : ndarray, int64 ``(S * C + 1,)``
    """
    # Both searches halve without a branch, for a block of points at once: so the compiler can vectorise them.
    per, flat = y_edges.shape[1], y_edges.ravel()
    at = np.zeros(_BLOCK, dtype=np.uint32)
    for first in range(0, len(x), _BLOCK):
        block = min(_BLOCK, len(x) - first)
        at[:] = 0
        half = np.uint32(len(x_edges) // 2)
        while half:
            for k in range(block):
                after = at[k] + half
                at[k] = after if x_edges[after] <= x[first + k] else at[k]
            half = np.uint32(half // 2)
        for k in range(block):
            at[k] = at[k] * np.uint32(per)
        half = np.uint32(per // 2)
        while half:
            for k in range(block):
                after = at[k] + half
                at[k] = after if flat[after] <= y[first + k] else at[k]
            half = np.uint32(half // 2)
        for k in range(block):
            i = first + k
            cell = at[k] if math.isfinite(x[i]) and math.isfinite(y[i]) else np.uint32(len(flat))
            cells[i] = cell
            counts[cell] += 1


@kernel
def scatter(x: Any, y: Any, cells: Any, starts: Any, xs: Any, ys: Any, order: Any) -> None:
    """Write the points and their indices in the order of their cells; `starts` is used up."""
    last = len(starts) - 1
    for i in range(len(x)):
        cell = cells[i]
        if cell < last:
            place = starts[cell]
            starts[cell] = place + 1
            xs[place] = x[i]
            ys[place] = y[i]
            order[place] = i


@kernel
def extents(xs: Any, ys: Any, starts: Any, boxes: Any) -> None:
    """Write the least and the greatest x and y of each cell into `boxes` ``(cells, 4)``; upside down where empty."""
    for cell in range(len(boxes)):
        x0, x1, y0, y1 = np.inf, -np.inf, np.inf, -np.inf
        for i in range(starts[cell], starts[cell + 1]):
            x0, x1 = min(x0, xs[i]), max(x1, xs[i])
            y0, y1 = min(y0, ys[i]), max(y1, ys[i])
        boxes[cell, 0], boxes[cell, 1], boxes[cell, 2], boxes[cell, 3] = x0, x1, y0, y1
