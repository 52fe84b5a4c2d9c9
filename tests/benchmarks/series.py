"""One recording of 100 million steps, panned and zoomed.

The recording is an NPY file of random walks and waves that is mapped into memory. "first_ms" is from opening it to its
first picture, "prepared_s" until all of it was looked through, and "longest_turn_ms" the longest that the window is
held meanwhile. A frame is a move or a zoom of the view with all that is painted anew; "busy" is the processor's time of
it. "exact" says that the picture's extremes are those of numpy; "memory_mb" is what the process took on top.
"curves" is a picture of 5,000 curves of 150 steps over each other, which is drawn beside the window.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks._measure import main, percentiles

STEPS = 100_000_000
_PART = 5_000_000
FRAMES = 240
WIDTH, HEIGHT = 1200, 300


def measure(steps: int = 0, channels: int = 0) -> dict[str, Any]:
    """Pan and zoom a recording."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="latentscape-") as folder:
        path = Path(folder) / "long.npy"
        write(path, steps or STEPS, channels or 1)
        return _measured(path) | {"curves": _curves()}


def write(path: Path, steps: int, channels: int) -> None:
    """Write a recording ``(steps, channels)``."""
    file = np.lib.format.open_memmap(path, "w+", np.float32, (steps, channels))
    rng, last = np.random.default_rng(0), np.zeros(channels, np.float32)
    for start in range(0, steps, _PART):
        count = min(_PART, steps - start)
        walk = rng.standard_normal((count, channels), dtype=np.float32).cumsum(axis=0) * np.float32(0.01) + last
        last = walk[-1]
        file[start : start + count] = walk + np.sin(np.arange(start, start + count) / 50)[:, None]
    file.flush()


def _measured(path: Path) -> dict[str, Any]:
    from explorer.data.reader import load
    from explorer.gui.plots.recording import RecordingPlot
    from tests.benchmarks import _crowd

    app = _crowd.application()
    data = load(path, window=200, stride=50, sampling_rate=100.0)
    assert data.windows is not None
    recording = data.windows.recording
    plot = RecordingPlot()
    plot.resize(WIDTH, HEIGHT)
    plot.show()
    _crowd.wait(app, lambda: plot.isVisible() and plot.window().windowHandle().isExposed())
    plot.grab()
    _crowd.fresh_peak()
    before = _crowd.used_bytes() - _mapped()
    prepared: list[float] = []
    began = time.perf_counter()
    plot.prepared.connect(lambda: prepared.append(time.perf_counter() - began))
    plot.set_recording(recording, rate=100.0, channels=data.channel_names, length=200)
    opened = 1000 * (time.perf_counter() - began)
    _crowd.wait(app, lambda: plot.envelope is not None and len(plot.envelope.steps) > 0)
    plot.viewport().repaint()
    first, worst = 1000 * (time.perf_counter() - began), opened
    while not prepared:  # the window lives while the recording is looked through
        turn = time.perf_counter()
        app.processEvents()
        worst = max(worst, 1000 * (time.perf_counter() - turn))
        time.sleep(0.002)
    frames, busy = _frames(plot, len(recording))
    plot.reset_view()
    shown = plot.envelope
    assert shown is not None
    parts = [recording[start : start + _PART] for start in range(0, len(recording), _PART)]
    lowest, highest = min(float(part.min()) for part in parts), max(float(part.max()) for part in parts)
    exact = float(shown.values.min()) == lowest and float(shown.values.max()) == highest
    assert plot.pyramid is not None
    figures = {
        "steps": len(recording),
        "channels": recording.shape[1],
        "first_ms": round(first, 1),
        "prepared_s": round(prepared[0], 2),
        "longest_turn_ms": round(worst, 1),
        **percentiles(frames),
        "p95_busy_ms": percentiles(busy)["p95_ms"],
        "levels_mb": round(plot.pyramid.bytes / 2**20, 1),
        "memory_mb": round(max(0, _crowd.used_bytes() - _mapped() - before) / 2**20, 1),
        "exact": exact,
    }
    plot.stop()
    plot.close()
    return figures


def _frames(plot: Any, steps: int) -> tuple[list[float], list[float]]:
    """Zoom in to some hundred steps and out again, and pan on each scale; return milliseconds of frames, and busy."""
    taken, busy = [], []
    rng, middle = np.random.default_rng(1), 0.0
    for frame in range(FRAMES):
        share = abs(1 - 2 * frame / FRAMES)  # all, then ever less, then all again
        wide = 300 * (steps / 300) ** share / 100
        middle = rng.uniform(0.3, 0.7) * steps / 100 if frame % 40 == 0 else middle + 0.05 * wide
        began, worked = time.perf_counter(), time.thread_time()
        plot.box.setXRange(middle - wide / 2, middle + wide / 2, padding=0)
        plot.viewport().repaint()
        taken.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.thread_time() - worked))
    return taken, busy


def _curves() -> dict[str, float]:
    """Draw many curves as one picture; return milliseconds, and how many pass through all columns."""
    from explorer.analysis.many_curves import raster

    rng, taken, counts = np.random.default_rng(0), [], np.zeros((1, 1))
    curves, x = rng.normal(size=(5000, 150)).cumsum(axis=1), np.arange(150.0)
    low, high = float(curves.min()), float(curves.max())
    for _ in range(7):
        began = time.perf_counter()
        counts = raster(curves, x, (0.0, 149.0, low, high), (600, 300))
        taken.append(1000 * (time.perf_counter() - began))
    return {"count": 5000, "p50_ms": percentiles(taken)["p50_ms"], "least_in_a_column": int(counts.sum(axis=0).min())}


def _mapped() -> int:
    """Return how much of the process's memory are pages of files."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssFile:"))


if __name__ == "__main__":
    main(__doc__ or "", measure, steps="of the recording, instead of 100 million", channels="instead of one")
