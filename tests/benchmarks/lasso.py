"""A loop drawn around a part of ten million points, and a box: how long it takes to know which samples are inside.

The loop has 240 corners and holds about a third of the points; "small" is a tenth as wide. The index that both use is
made once, in "index_ms"; "busy" is the processor's time. "exact" says that the samples are those that a test of every
point finds.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from explorer.gui.map.index import PointIndex, inside_polygon
from explorer.gui.map.view import Bounds
from tests.benchmarks import _crowd
from tests.benchmarks._measure import main

N = 10_000_000
CORNERS = 240
TIMES = 7


def measure() -> dict[str, Any]:
    """Look for the points in a loop and in a box."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    x, y, _ = _crowd.crowd(N)
    began = time.perf_counter()
    index = PointIndex(x, y)
    index.in_rectangle(Bounds(0, 0.1, 0, 0.1))
    made = 1000 * (time.perf_counter() - began)
    large, small = loop(1.0), loop(0.1)
    figures: dict[str, Any] = {"index_ms": round(made, 1)}
    box = Bounds(-2.0, 1.5, -1.0, 2.5)
    for name, look in (
        ("lasso", lambda: index.in_polygon(large)),
        ("small", lambda: index.in_polygon(small)),
        ("box", lambda: index.in_rectangle(box)),
    ):
        found, taken, busy = _timed(look)
        figures |= {f"{name}_ms": taken, f"{name}_busy_ms": busy, f"{name}_samples": len(found)}
    exact = all(np.array_equal(index.in_polygon(each), _by_hand(x, y, each)) for each in (large, small))
    inside = (x >= box.x0) & (x <= box.x1) & (y >= box.y0) & (y <= box.y1)
    return {**figures, "exact": exact and np.array_equal(index.in_rectangle(box), np.flatnonzero(inside))}


def loop(size: float) -> np.ndarray:
    """Return the corners of a loop as a hand draws one: not convex, and it does not go round evenly."""
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    radius = size * (2.6 + 0.7 * np.sin(3 * angle) + 0.2 * np.sin(17 * angle))
    return np.column_stack([0.3 + radius * np.cos(angle), 0.4 + radius * np.sin(angle)])


def _timed(look: Callable[[], np.ndarray]) -> tuple[np.ndarray, float, float]:
    """Return what is found, and the median of the milliseconds by the clock, and by the processor."""
    times, busy = [], []
    for _ in range(TIMES):
        began, worked = time.perf_counter(), time.thread_time()
        found = look()
        busy.append(1000 * (time.thread_time() - worked))
        times.append(1000 * (time.perf_counter() - began))
    return found, round(statistics.median(times), 1), round(statistics.median(busy), 1)


def _by_hand(x: np.ndarray, y: np.ndarray, corners: np.ndarray) -> np.ndarray:
    low, high = corners.min(axis=0), corners.max(axis=0)
    near = np.flatnonzero((x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))
    return near[inside_polygon(x[near].astype(np.float64), y[near].astype(np.float64), corners)]


if __name__ == "__main__":
    main(__doc__ or "", measure)
