"""Which of the sorted points are in a rectangle or a loop, how many, and which is nearest to a place."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.gui.map.kernels.compiling import kernel

_HEIGHTS = 1024


@kernel
def count_in(xs: Any, ys: Any, starts: Any, boxes: Any, x0: float, x1: float, y0: float, y1: float) -> Any:
    """Return how many points are in a rectangle, its edges included; cells that lie inside are not looked into."""
    total = 0
    for cell in range(len(boxes)):
        if boxes[cell, 0] > x1 or boxes[cell, 1] < x0 or boxes[cell, 2] > y1 or boxes[cell, 3] < y0:
            continue
        first, last = starts[cell], starts[cell + 1]
        if boxes[cell, 0] >= x0 and boxes[cell, 1] <= x1 and boxes[cell, 2] >= y0 and boxes[cell, 3] <= y1:
            total += last - first
            continue
        for i in range(first, last):
            if xs[i] >= x0 and xs[i] <= x1 and ys[i] >= y0 and ys[i] <= y1:
                total += 1
    return total


@kernel
def places_in(xs: Any, ys: Any, starts: Any, boxes: Any, box: Any, places: Any) -> Any:
    """Write where the points in `box` (x0, x1, y0, y1) are in the order, as far as `places` goes; return how many."""
    total = 0
    for cell in range(len(boxes)):
        if boxes[cell, 0] > box[1] or boxes[cell, 1] < box[0] or boxes[cell, 2] > box[3] or boxes[cell, 3] < box[2]:
            continue
        for i in range(starts[cell], starts[cell + 1]):
            if xs[i] >= box[0] and xs[i] <= box[1] and ys[i] >= box[2] and ys[i] <= box[3]:
                if total < len(places):
                    places[total] = i
                total += 1
    return total


@kernel
def mark_rectangle(xs: Any, ys: Any, order: Any, starts: Any, boxes: Any, box: Any, marks: Any) -> None:
    """Set `marks` ``(N,)`` of the points in `box` (x0, x1, y0, y1), its edges included."""
    for cell in range(len(boxes)):
        if boxes[cell, 0] > box[1] or boxes[cell, 1] < box[0] or boxes[cell, 2] > box[3] or boxes[cell, 3] < box[2]:
            continue
        for i in range(starts[cell], starts[cell + 1]):
            if xs[i] >= box[0] and xs[i] <= box[1] and ys[i] >= box[2] and ys[i] <= box[3]:
                marks[order[i]] = True


@kernel
def _height(y: float, low: float, scale: float) -> Any:
    return min(max(int((y - low) * scale), 0), _HEIGHTS - 1)


@kernel
def mark_polygon(xs: Any, ys: Any, order: Any, starts: Any, boxes: Any, corners: Any, marks: Any) -> Any:
    """Set `marks` ``(N,)`` of the points inside a polygon ``(M, 2)``, by the even-odd rule.

    Of a cell, only the edges count that a ray to the right from one of its points may cross. Where all of them are
    surely crossed by every such ray, the cell is inside or outside as a whole; only in the others points are looked at.

    Returns
    -------
    looked : int
        How many points were looked at one by one.
    """
    m = len(corners)
    near, seen = np.empty((m, 5)), np.full(m, -1, dtype=np.int64)
    low_x, high_x = corners[:, 0].min(), corners[:, 0].max()
    low_y, high_y = corners[:, 1].min(), corners[:, 1].max()
    # Which edges reach into each of many even heights: of a cell, few need be looked at.
    scale = _HEIGHTS / (high_y - low_y) if high_y > low_y else 0.0
    first_of = np.zeros(_HEIGHTS + 1, dtype=np.int64)
    for k in range(m):
        ends = corners[k, 1], corners[(k + 1) % m, 1]
        for height in range(_height(min(ends), low_y, scale), _height(max(ends), low_y, scale) + 1):
            first_of[height + 1] += 1
    first_of = np.cumsum(first_of)
    edges, filled = np.empty(first_of[-1], dtype=np.int64), first_of.copy()
    for k in range(m):
        ends = corners[k, 1], corners[(k + 1) % m, 1]
        for height in range(_height(min(ends), low_y, scale), _height(max(ends), low_y, scale) + 1):
            edges[filled[height]] = k
            filled[height] += 1
    looked = 0
    for cell in range(len(boxes)):
        left, right, bottom, top = boxes[cell, 0], boxes[cell, 1], boxes[cell, 2], boxes[cell, 3]
        if left > high_x or right < low_x or bottom > high_y or top < low_y:
            continue
        odd, count = False, 0
        lowest, highest = _height(bottom, low_y, scale), _height(top, low_y, scale)
        for place in range(first_of[lowest], first_of[highest + 1]):
            k = edges[place]
            if seen[k] == cell:
                continue
            seen[k] = cell
            ax, ay = corners[k, 0], corners[k, 1]
            bx, by = corners[(k + 1) % m, 0], corners[(k + 1) % m, 1]
            low, high = min(ay, by), max(ay, by)
            if bottom >= high or top < low:
                continue
            slack = 1e-9 * (abs(ax) + abs(bx))
            if left > max(ax, bx) + slack:
                continue
            if right < min(ax, bx) - slack and bottom >= low and top < high:
                odd = not odd
                continue
            # Written as `inside_polygon` has it, so that rounding puts no point on the other side.
            near[count, 0], near[count, 1], near[count, 2], near[count, 3] = low, high, ax, ay
            near[count, 4] = (bx - ax) / (by - ay)
            count += 1
        if count == 0 and not odd:
            continue
        first, last = starts[cell], starts[cell + 1]
        if count == 0:
            for i in range(first, last):
                marks[order[i]] = True
            continue
        looked += last - first
        for i in range(first, last):
            x, y = np.float64(xs[i]), np.float64(ys[i])
            inside = odd
            for j in range(count):
                if y >= near[j, 0] and y < near[j, 1] and x < near[j, 2] + (y - near[j, 3]) * near[j, 4]:
                    inside = not inside
            if inside:
                marks[order[i]] = True
    return looked


@kernel
def nearest(
    xs: Any, ys: Any, order: Any, starts: Any, boxes: Any, x: float, y: float, sx: float, sy: float, reach: float
) -> Any:
    """Return the index of the point nearest to a place, within `reach` pixels of `sx` and `sy` to a unit; else -1.

    Of several that are equally near, the first.
    """
    best, found = reach * reach, -1
    dx, dy = reach / sx, reach / sy
    for cell in range(len(boxes)):
        if boxes[cell, 0] > x + dx or boxes[cell, 1] < x - dx or boxes[cell, 2] > y + dy or boxes[cell, 3] < y - dy:
            continue
        for i in range(starts[cell], starts[cell + 1]):
            across, up = (xs[i] - x) * sx, (ys[i] - y) * sy
            away = across * across + up * up
            if away < best or (away == best and (found < 0 or order[i] < found)):
                best, found = away, np.int64(order[i])
    return found
