"""Very many points, sorted once so that a small region costs only its own. Knows no Qt.

They are cut into upright strips of equally many points, each strip into cells of equally many: dense places have
small cells, and an outlier far away makes none of them larger. A cell that lies inside a region as a whole is not
looked into.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.gui.map.kernels import finding, sorting
from explorer.gui.map.view import Bounds

_STRIPS, _CELLS = 255, 256  # their number fits 16 bits, with one to spare for points that are not finite
_SAMPLED = 4  # points for each cell, by which it is found where the cells begin
_AIM = 150  # points in a cell, where there are fewer than the most cells would hold


@dataclass(frozen=True, eq=False)
class Crowd:
    """Sorted points.

    Attributes
    ----------
    n : int
        How many there are, those included that are not finite.
    x, y : ndarray, float32 or float64 ``(M,)``
        The finite ones, by cell.
    order : ndarray, uint32 ``(M,)``
        Which of the N points each is; ascending within a cell.
    starts : ndarray, int64 ``(C + 1,)``
        Where each cell begins.
    boxes : ndarray ``(C, 4)``
        The least and the greatest x, the least and the greatest y of each; upside down where it is empty.
    """

    n: int
    x: np.ndarray
    y: np.ndarray
    order: np.ndarray
    starts: np.ndarray
    boxes: np.ndarray

    @classmethod
    def of(cls, x: np.ndarray, y: np.ndarray) -> Crowd:
        """Sort points ``(N,)``, of which at least one is finite."""
        x_edges, y_edges = _edges(x, y)
        cells, counts = np.empty(len(x), dtype=np.uint16), np.zeros(y_edges.size + 1, dtype=np.int64)
        sorting.assign(x, y, x_edges, y_edges, cells, counts)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts[:-1])])
        m = int(starts[-1])
        xs, ys, order = np.empty(m, dtype=x.dtype), np.empty(m, dtype=y.dtype), np.empty(m, dtype=np.uint32)
        sorting.scatter(x, y, cells, starts.copy(), xs, ys, order)
        boxes = np.empty((y_edges.size, 4), dtype=x.dtype)
        sorting.extents(xs, ys, starts, boxes)
        return cls(len(x), xs, ys, order, starts, boxes)

    def count(self, region: Bounds) -> int:
        """Return how many points are in `region`, its edges included."""
        return int(finding.count_in(self.x, self.y, self.starts, self.boxes, *_box(region)))

    def places(self, region: Bounds, most: int) -> np.ndarray:
        """Return where in the order the points of `region` are, at most so many, int64."""
        places = np.empty(most, dtype=np.int64)
        found = finding.places_in(self.x, self.y, self.starts, self.boxes, _box(region), places)
        return places[: min(int(found), most)]

    def in_rectangle(self, region: Bounds) -> np.ndarray:
        """Return the indices of the points in `region`, its edges included; int64, ascending."""
        marks = np.zeros(self.n, dtype=np.bool_)
        finding.mark_rectangle(self.x, self.y, self.order, self.starts, self.boxes, _box(region), marks)
        return np.flatnonzero(marks)

    def in_polygon(self, corners: np.ndarray) -> np.ndarray:
        """Return the indices of the points inside a polygon ``(M, 2)`` by the even-odd rule; int64, ascending."""
        marks = np.zeros(self.n, dtype=np.bool_)
        corners = np.ascontiguousarray(corners, dtype=np.float64)
        finding.mark_polygon(self.x, self.y, self.order, self.starts, self.boxes, corners, marks)
        return np.flatnonzero(marks)

    def nearest(self, x: float, y: float, sx: float, sy: float, reach: float) -> int:
        """Return the index of the point nearest to a place, within `reach` pixels; -1 where there is none.

        A unit has `sx` pixels along x, and `sy` along y. Of several that are equally near, the first.
        """
        return int(finding.nearest(self.x, self.y, self.order, self.starts, self.boxes, x, y, sx, sy, reach))


def _box(region: Bounds) -> tuple[float, float, float, float]:
    return float(region.x0), float(region.x1), float(region.y0), float(region.y1)


def _edges(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where strips, and their cells, begin: quantiles of evenly many of the points; see `sorting.assign`."""
    per = _CELLS
    while per > 16 and per * per * _AIM > 2 * len(x):
        per //= 2
    strips = min(per, _STRIPS)
    step = max(1, len(x) // (strips * per * _SAMPLED))
    x, y = x[::step], y[::step]
    finite = np.isfinite(x) & np.isfinite(y)
    x, y = x[finite], y[finite]
    by_x = np.argsort(x, kind="stable")
    x, y = x[by_x], y[by_x]
    first = np.arange(strips + 1) * len(x) // strips
    x_edges = np.full(per, np.inf, dtype=x.dtype)
    y_edges = np.full((strips, per), np.inf, dtype=x.dtype)
    for strip in range(strips if len(x) else 0):
        members = np.sort(y[first[strip] : first[strip + 1]])
        x_edges[strip] = x[min(first[strip], len(x) - 1)]
        if len(members):
            y_edges[strip] = members[np.arange(per) * len(members) // per]
    x_edges[0], y_edges[:, 0] = -np.inf, -np.inf
    return x_edges, y_edges
