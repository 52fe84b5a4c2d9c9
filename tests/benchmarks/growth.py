"""How work grows with the number of samples, from ten thousand to ten million.

Of the map, for each size: the processor's milliseconds to sort the points once, to draw all of them into 1200 × 800
pixels by class, to draw a view zoomed tenfold and one zoomed a hundredfold, to find what is in a loop, and to find the
nearest to a place; and the peak of the memory in megabytes, the points' own included.

Of a memory map of vectors of 50 numbers, and of as many waves of 50 steps: the processor's seconds for a PCA of it, and
for the codes of the case study's model, and the peak of the memory that each takes, in megabytes. Of the table of
samples: milliseconds to filter it by two comparisons and to sort what is left. Of named sets: to unite two that hold
half of all, and to count what is in both. Of a recording of so many steps: to look through it once, and the longest
picture of 1,200 pixels of it, at ten scales. With the peak of memory of each.

"slope" is that of the logarithm over the logarithm of the number, from a hundred thousand on: 1 where twice as many
take twice as much, 0 where it does not matter.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from explorer.analysis.pyramid import Pyramid
from explorer.data.generated import make
from explorer.data.writing import write_array
from explorer.gui.map.colours import Colouring, PointColours
from explorer.gui.map.crowd import Crowd
from explorer.gui.map.developing import develop
from explorer.gui.map.look import Look
from explorer.gui.map.view import Bounds, Frame, MapView
from explorer.gui.theme import theme
from explorer.models.encoding import encoded
from explorer.workspace.arrangement import Arrangement
from explorer.workspace.named_sets import NamedSet, combined
from explorer.workspace.sample_columns import SampleColumn
from tests.benchmarks import _crowd
from tests.benchmarks._measure import main, tell
from tests.benchmarks.lasso import loop

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
TIMES = 5


def measure() -> dict[str, Any]:
    """Measure every size, and the slopes."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = _crowd.application()
    _sized(SIZES[0])  # compiles
    _of_memory_maps(SIZES[0])
    rows: dict[int, dict[str, float]] = {}
    for n in SIZES:
        rows[n] = _sized(n) | _of_memory_maps(n) | _of_the_table(n) | _of_sets(n) | _of_a_recording(n)
        tell(str(n), rows[n])
    big = [n for n in SIZES if n >= 100_000]
    slope = {
        name: round(float(np.polyfit(np.log(big), np.log([max(rows[n][name], 1e-3) for n in big]), 1)[0]), 2)
        for name in rows[big[0]]
    }
    app.quit()
    return {**{str(n): row for n, row in rows.items()}, "slope": slope}


def _sized(n: int) -> dict[str, float]:
    x, y, labels = _crowd.crowd(n)
    before = _crowd.used_bytes() - x.nbytes - y.nbytes
    _crowd.fresh_peak()
    sort = _milliseconds(lambda: Crowd.of(x, y), 1 if n > 5_000_000 else TIMES)
    crowd = Crowd.of(x, y)
    look = Look(PointColours(Colouring("class", "", labels, tuple("abcdefghij")), n, theme().palette), theme().palette)
    keys = look.keys(crowd.order)
    whole = Bounds.of(x, y)
    assert whole is not None
    view = MapView.fit(Frame(0, 0, _crowd.WIDTH, _crowd.HEIGHT), whole)
    row = {"sort_ms": sort}
    for name, factor in (("draw_ms", 1), ("zoom_10_ms", 10), ("zoom_100_ms", 100)):
        seen = MapView(view.frame, -1.9, 0.2, view.sx * factor, view.sy * factor) if factor > 1 else view
        row[name] = _milliseconds(lambda seen=seen: develop(crowd, keys, look, seen, 1.0))
    row["lasso_ms"] = _milliseconds(lambda: crowd.in_polygon(loop(1.0)))
    row["nearest_ms"] = _milliseconds(lambda: crowd.nearest(-1.9, 0.2, view.sx, view.sy, 8.0))
    row["memory_mb"] = round((_crowd.peak_bytes() - before) / 1e6, 1)
    return row


def _of_memory_maps(n: int) -> dict[str, float]:
    """Return what a PCA and the codes of so many samples take that lie in a file, most of which has no content."""
    from explorer.models.recipes.lstm_autoencoder import LSTMAutoencoder
    from explorer.models.recipes.pca import PCA

    model = LSTMAutoencoder(epochs=1).fit(make("sines", n=200))
    row: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "samples.npy"
        written = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(n, 50, 1))
        written[:10_000] = np.random.default_rng(0).standard_normal((10_000, 50, 1), dtype=np.float32)
        written.flush()
        del written
        waves = np.load(path, mmap_mode="r")
        for name, work in (
            ("pca", lambda: PCA(latent_dim=2).fit(waves.reshape(n, 50))),
            ("encode", lambda: write_array(Path(folder) / "codes.npy", encoded(model, waves), (n, 4))),
        ):
            before = _crowd.used_bytes()
            _crowd.fresh_peak()
            began = time.process_time()
            work()
            row[f"{name}_s"] = round(time.process_time() - began, 3)
            row[f"{name}_mb"] = round((_crowd.peak_bytes() - before) / 1e6, 1)
    return row


def _of_the_table(n: int) -> dict[str, float]:
    """Return what it takes to filter and sort the rows of so many samples."""
    rng = np.random.default_rng(0)
    parts = ("train", "validation", "test")
    columns = [
        SampleColumn("score", rng.random(n, dtype=np.float32)),
        SampleColumn("part", rng.integers(0, 3, n).astype(np.int8), parts),
    ]
    wanted = "part = test and score > 0.5"

    def work() -> None:
        Arrangement.of(columns, n, column=0, descending=True, wanted=wanted)

    return {"table_ms": _milliseconds(work), "table_mb": _megabytes(work)}


def _of_sets(n: int) -> dict[str, float]:
    """Return what it takes to unite and count two sets of half of so many samples each."""
    rng = np.random.default_rng(0)
    sets = [NamedSet.of(name, np.flatnonzero(rng.random(n) < 0.5), n) for name in ("a", "b")]

    def work() -> None:
        len(combined("union", sets, "c"))
        len(combined("intersection", sets, "d"))

    return {"sets_ms": _milliseconds(work), "sets_mb": _megabytes(work)}


def _of_a_recording(n: int) -> dict[str, float]:
    """Return what it takes to look through a recording of so many steps, and to have a picture of it at any scale."""
    recording = np.random.default_rng(0).standard_normal((n, 1), dtype=np.float32)

    def built() -> Pyramid:
        pyramid = Pyramid(recording)
        for _ in pyramid.build():
            pass
        return pyramid

    pyramid = built()
    middle, pictures = n / 2, []
    for share in np.geomspace(1.0, 2000 / n, 10):
        first, last = middle - share * n / 2, middle + share * n / 2
        pictures.append(_milliseconds(lambda first=first, last=last: pyramid.view(first, last, _crowd.WIDTH)))
    return {
        "recording_ms": _milliseconds(built),
        "recording_picture_ms": max(pictures),
        "recording_mb": _megabytes(built),
    }


def _megabytes(work: Callable[[], Any]) -> float:
    """Return the peak of memory of a piece of work, beyond what there was."""
    _crowd.fresh_peak()
    before = _crowd.used_bytes()
    work()
    return round(max(0, _crowd.peak_bytes() - before) / 1e6, 1)


def _milliseconds(work: Callable[[], Any], times: int = TIMES) -> float:
    found = []
    for _ in range(times):
        began = time.thread_time()
        work()
        found.append(1000 * (time.thread_time() - began))
    return round(min(found), 3)


if __name__ == "__main__":
    main(__doc__ or "", measure)
