"""Ten classes of a million, three and ten million points on a map of 1200 × 800 pixels, panned and zoomed.

"first_ms" is from the points to the first picture of them that is painted, "exact_ms" to the picture of every point. A
frame is one step of a pan or a zoom, from the call to its end of painting; "p50_ms" and "p95_ms" are those of 240, the
steps coming at 60 Hz; "busy_p50_ms" and "busy_p95_ms" are what of it the window's thread computes, which the load of
other programs leaves as it is. "behind_ms" is how long after the last step every point is in the picture, and
"longest_ms" the longest that the window's thread was held at a time. "memory_ratio" is the peak of the memory that the
points and their map take, over the points' own: two float32 each. "ratio_to_scatterplotitem_1m" is how many times
longer pyqtgraph's scatter takes for a step with a million of the points, and "busy_ratio" how much more it computes.
"exact" says that the picture's counts were those of `numpy.histogram2d` at every size, fitted and zoomed.
"""

from __future__ import annotations

import math
import os
import statistics
import time
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from tests.benchmarks import _crowd
from tests.benchmarks._measure import main, percentiles

SIZES = (1_000_000, 3_000_000, 10_000_000)
STEPS = 240
INTERVAL = 1 / 60


def measure() -> dict[str, Any]:
    """Show, pan and zoom each size; and a million of the points in pyqtgraph's scatter."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = _crowd.application()
    _map(app, 50_000)  # what is loaded and compiled once is in memory before it is measured
    figures: dict[str, Any] = {str(n): _map(app, n) for n in SIZES}
    exact = all(each.pop("exact") for each in figures.values())
    scatter, worked = _scatter(app, SIZES[0])
    ours = figures[str(SIZES[0])]
    figures["scatterplotitem_1m_ms"] = round(scatter, 1)
    figures["ratio_to_scatterplotitem_1m"] = round(scatter / ours["p50_ms"], 1)
    figures["busy_ratio_to_scatterplotitem_1m"] = round(worked / ours["busy_p50_ms"], 1)
    return {**figures, "exact": exact}


def _map(app: QApplication, n: int) -> dict[str, Any]:
    x, y, labels = _crowd.crowd(n)
    canvas = _crowd.shown_map(app)
    own = x.nbytes + y.nbytes
    before = _crowd.used_bytes() - own
    _crowd.fresh_peak()
    began = time.perf_counter()
    _crowd.fill(canvas, x, y, labels)
    canvas.repaint()
    first = time.perf_counter() - began
    _crowd.wait(app, lambda: canvas.points.exact)
    canvas.repaint()
    complete = time.perf_counter() - began
    peak = _crowd.peak_bytes()
    exact = _exact(canvas, x, y)  # which takes memory of its own
    _crowd.fresh_peak()
    frames, busy, held = [], [], []
    for step in range(STEPS):
        began, worked = time.perf_counter(), time.thread_time()
        _step(canvas, step)
        canvas.repaint()
        busy.append(1000 * (time.thread_time() - worked))
        frames.append(1000 * (time.perf_counter() - began))
        while time.perf_counter() - began < INTERVAL:
            started = time.perf_counter()
            app.processEvents()
            held.append(1000 * (time.perf_counter() - started))
            time.sleep(0.0005)
    began = time.perf_counter()
    _crowd.wait(app, lambda: canvas.points.exact)
    behind = time.perf_counter() - began
    peak = max(peak, _crowd.peak_bytes()) - before
    exact = exact and _exact(canvas, x, y)
    canvas.close()
    canvas.deleteLater()
    app.processEvents()
    tails = percentiles(frames)
    return {
        "first_ms": round(1000 * first, 1),
        "exact_ms": round(1000 * complete, 1),
        "p50_ms": tails["p50_ms"],
        "p95_ms": tails["p95_ms"],
        "p99_ms": tails["p99_ms"],
        "busy_p50_ms": percentiles(busy)["p50_ms"],
        "busy_p95_ms": percentiles(busy)["p95_ms"],
        "longest_ms": round(max(*frames, *held), 1),
        "behind_ms": round(1000 * behind, 1),
        "memory_ratio": round(peak / own, 2),
        "exact": exact,
    }


def _step(canvas: Any, step: int) -> None:
    """Pan for a quarter of the steps, zoom in to a hundredth for another, pan there, and zoom out again."""
    quarter, place = divmod(step, STEPS // 4)
    if quarter in (0, 2):
        angle = 2 * math.pi * place / (STEPS // 4)
        canvas.pan(round(20 * math.cos(angle)), round(15 * math.sin(angle)))
    else:
        factor = 100 ** (4 / STEPS)
        canvas.zoom(factor if quarter == 1 else 1 / factor, 500.0, 300.0)


def _exact(canvas: Any, x: np.ndarray, y: np.ndarray) -> bool:
    """Whether the counts that the picture was made of are numpy's."""
    counts, grid = canvas.points.counted()
    wanted = np.zeros((grid.ny, grid.nx), dtype=np.int64)
    for start in range(0, len(x), 1_000_000):
        part = slice(start, start + 1_000_000)
        found, _, _ = np.histogram2d(x[part], y[part], bins=(grid.x_edges, grid.y_edges))
        wanted += found.T.astype(np.int64)
    return bool(np.array_equal(counts, wanted))


def _scatter(app: QApplication, n: int) -> tuple[float, float]:
    """Return the milliseconds of a step of pyqtgraph's scatter, with brushes by class, and those that it computes.

    Each is the median of five.
    """
    os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
    import pyqtgraph as pg

    x, y, labels = _crowd.crowd(n)
    plot = pg.PlotWidget()
    plot.resize(_crowd.WIDTH, _crowd.HEIGHT)
    brushes = np.array([pg.mkBrush(pg.intColor(i, _crowd.CLASSES)) for i in range(_crowd.CLASSES)])
    plot.addItem(pg.ScatterPlotItem(x, y, size=3, pen=None, brush=brushes[labels]))
    plot.show()
    app.processEvents()
    times, busy = [], []
    for _ in range(6):
        began, worked = time.perf_counter(), time.thread_time()
        plot.getViewBox().translateBy(x=0.1)
        plot.viewport().repaint()
        busy.append(1000 * (time.thread_time() - worked))
        times.append(1000 * (time.perf_counter() - began))
    plot.close()
    return statistics.median(times[1:]), statistics.median(busy[1:])


if __name__ == "__main__":
    main(__doc__ or "", measure)
