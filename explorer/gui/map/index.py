"""Find points quickly: those in a rectangle, in a drawn loop, or nearest to the pointer. Knows no Qt."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from explorer.gui.map.view import Bounds, MapView

if TYPE_CHECKING:
    from explorer.gui.map.crowd import Crowd

CROWD = 20_000
"""More points than these are a crowd: compiled kernels sort and look through them."""

_SIDE = 256  # cells along each axis: their numbers fit 16 bits, which numpy sorts in linear time


class PointIndex:
    """Points sorted into a grid of 256 × 256 cells, so that a small region costs only its own.

    The grid is made when a region is first asked for. More points than `CROWD` are sorted into a `Crowd` instead, then
    or by whoever sets `crowd`; only it is asked from then on.

    Parameters
    ----------
    x, y : ndarray, float ``(N,)``
        Points that are not finite are in no region.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray) -> None:
        self._x, self._y = x, y
        self.crowd: Crowd | None = None
        self.bounds = _whole(x, y)
        """The smallest rectangle that holds all finite points; None where there is none."""
        self._members: np.ndarray | None = None
        self.n_finite = len(x)
        if self.bounds is None:
            self.bounds = Bounds.of(x, y)
            finite = np.isfinite(x) & np.isfinite(y)
            self.n_finite = int(np.count_nonzero(finite))
            self._members = np.flatnonzero(finite)

    @property
    def crowded(self) -> bool:
        """Whether there are so many that they are sorted into a `Crowd`."""
        return len(self._x) > CROWD and self.bounds is not None

    def _crowd(self) -> Crowd:
        if self.crowd is None:
            from explorer.gui.map.crowd import Crowd  # loads numba

            self.crowd = Crowd.of(self._x, self._y)
        return self.crowd

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        """The finite points' indices by cell, where each cell begins among them; made when first asked for."""
        whole = self.bounds
        assert whole is not None
        x, y = (self._x, self._y) if self._members is None else (self._x[self._members], self._y[self._members])
        cell = self._cell(y, whole.y0, whole.height) * np.uint16(_SIDE)
        cell += self._cell(x, whole.x0, whole.width)
        order = np.argsort(cell, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=_SIDE * _SIDE))])
        return order if self._members is None else self._members[order], starts

    @staticmethod
    def _cell(values: np.ndarray, low: float, span: float) -> np.ndarray:
        scaled = (values - low) * (_SIDE / span if span > 0 else 0.0)
        return np.clip(scaled, 0, _SIDE - 1).astype(np.uint16)

    def candidates(self, region: Bounds) -> np.ndarray:
        """Return the indices of all points in `region`, and maybe of some beside it; in no order."""
        whole = self.bounds
        if whole is None or not (
            region.x1 >= whole.x0 and region.x0 <= whole.x1 and region.y1 >= whole.y0 and region.y0 <= whole.y1
        ):
            return np.zeros(0, dtype=np.int64)
        if region.holds(whole):
            return np.arange(len(self._x)) if self._members is None else self._members
        order, starts = self._sorted
        first, last = self._cell(np.array([region.x0, region.x1]), whole.x0, whole.width).tolist()
        low, high = self._cell(np.array([region.y0, region.y1]), whole.y0, whole.height).tolist()
        parts = [order[starts[row * _SIDE + first] : starts[row * _SIDE + last + 1]] for row in range(low, high + 1)]
        return np.concatenate(parts)

    def in_rectangle(self, region: Bounds) -> np.ndarray:
        """Return the indices of the points in `region`, its edges included; int64, ascending."""
        if self.crowded:
            return self._crowd().in_rectangle(region)
        found = self.candidates(region)
        x, y = self._x[found], self._y[found]
        inside = (x >= region.x0) & (x <= region.x1) & (y >= region.y0) & (y <= region.y1)
        return np.sort(found[inside]).astype(np.int64)

    def count(self, region: Bounds) -> int:
        """Return how many points are in `region`, its edges included."""
        if self.bounds is None or region.holds(self.bounds):
            return self.n_finite
        if self.crowd is not None:
            return self.crowd.count(region)
        x, y = self._x, self._y
        x0, x1, y0, y1 = (np.float64(side) for side in (region.x0, region.x1, region.y0, region.y1))  # not in single
        inside = x >= x0
        for outside in (x <= x1, y >= y0, y <= y1):
            inside &= outside
        return int(np.count_nonzero(inside))

    def few_in(self, region: Bounds, most: int) -> np.ndarray:
        """Return the indices of the points in `region`, int64, ascending; of more than `most`, none."""
        if self.crowded:
            if self.crowd is None or self.crowd.count(region) > most:
                return np.zeros(0, dtype=np.int64)
            return np.sort(self.crowd.order[self.crowd.places(region, most)]).astype(np.int64)
        found = self.in_rectangle(region)
        return found if len(found) <= most else found[:0]

    def in_polygon(self, corners: np.ndarray) -> np.ndarray:
        """Return the indices of the points inside a polygon ``(M, 2)`` by the even-odd rule; int64, ascending."""
        if len(corners) < 3:
            return np.zeros(0, dtype=np.int64)
        if self.crowded:
            return self._crowd().in_polygon(corners)
        low, high = corners.min(axis=0), corners.max(axis=0)
        found = self.in_rectangle(Bounds(low[0], high[0], low[1], high[1]))
        return found[inside_polygon(self._x[found], self._y[found], corners)]

    def nearest(
        self, px: float, py: float, view: MapView, reach: float, *, front: np.ndarray | None = None, touch: float = 0.0
    ) -> int:
        """Return the index of the point nearest to a pixel, within `reach` pixels; -1 where there is none.

        Given how far to the `front` ``(N,)`` points are, of those within `touch` pixels the foremost. Of a crowd that
        is not sorted yet there is none.
        """
        if self.crowded and front is None:
            x, y = view.to_data(px, py)
            return -1 if self.crowd is None else self.crowd.nearest(x, y, view.sx, view.sy, reach)
        x0, y1 = view.to_data(px - reach, py - reach)
        x1, y0 = view.to_data(px + reach, py + reach)
        found = self.candidates(Bounds(x0, x1, y0, y1))
        if not len(found):
            return -1
        there_x, there_y = view.to_px(self._x[found], self._y[found])
        distance = (there_x - px) ** 2 + (there_y - py) ** 2
        best = int(np.argmin(distance))
        if distance[best] > reach**2:
            return -1
        touched = found[distance <= touch**2] if front is not None else found[:0]
        if front is not None and len(touched):
            return int(touched[np.argmax(front[touched])])
        return int(found[best])


def _whole(x: np.ndarray, y: np.ndarray) -> Bounds | None:
    """Return the smallest rectangle that holds all points; None where one is not finite, or there is none."""
    if not len(x):
        return None
    sides = [float(side) for values in (x, y) for side in (values.min(), values.max())]
    return Bounds(*sides) if np.isfinite(sides).all() else None


def inside_polygon(x: np.ndarray, y: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Return whether points ``(N,)`` are inside a polygon ``(M, 2)``.

    They are where a ray to the right crosses its edges an odd number of times (even-odd rule). Only the points at
    an edge's height are looked at for that edge, so a loop of many short edges stays quick.
    """
    inside = np.zeros(len(x), dtype=bool)
    order = np.argsort(y, kind="stable")
    x, y = x[order], y[order]
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        low, high = np.searchsorted(y, sorted((ay, by)))
        if low == high:
            continue
        crossing = ax + (y[low:high] - ay) * ((bx - ax) / (by - ay))
        inside[low:high] ^= x[low:high] < crossing
    result = np.empty_like(inside)
    result[order] = inside
    return result
