"""How work grows with the number of samples, from ten thousand to ten million.

Of a memory map of vectors of 50 numbers, and of as many waves of 50 steps: the processor's seconds for a PCA of it
("pca"), for the codes of the case study's model ("encode") and of a dense one ("encode_dense"), and the peak of the
memory that each takes, in megabytes. Of named sets of a third of the samples: the milliseconds to make one, to unite
two, to count one, to ask of a thousand samples whether they are in one, and to give each sample the class of the sets
that it is in. Of a table of the samples: to filter it by two comparisons, to sort it by a number, and to do both. Of a
recording of as many steps, in a file: the seconds to look through it once and make its levels, and the milliseconds of
the points of a frame of all of it and of a thousandth, each 1,200 pixels wide. Each has its memory. Of the map of the
codes, what follows.

For each size: the processor's milliseconds to sort the points once, to draw all of them into 1200 × 800 pixels by
class, to draw a view zoomed tenfold and one zoomed a hundredfold, to find what is in a loop, and to find the nearest to
a place; and the peak of the memory in megabytes, the points' own included. "slope" is that of the logarithm over the
logarithm of the number, from a hundred thousand on: 1 where twice as many take twice as much, 0 where it does not
matter.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
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
from explorer.workspace.named_sets import NamedSet, classes_of, combined
from explorer.workspace.sample_columns import SampleColumn
from tests.benchmarks import _crowd
from tests.benchmarks._measure import main, tell
from tests.benchmarks.lasso import loop
from tests.benchmarks.series import write

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
TIMES = 5


def measure() -> dict[str, Any]:
    """Measure every size, and the slopes."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = _crowd.application()
    _sized(SIZES[0])  # compiles
    _of_memory_maps(SIZES[0])
    _of_sets(SIZES[0])
    rows = {}
    for n in SIZES:
        rows[n] = _sized(n) | _of_sets(n) | _of_table(n) | _of_recording(n) | _of_memory_maps(n)
        tell(f"{n:,}", rows[n])
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
    row["memory_mb"] = _peak_over(before)
    return row


def _of_memory_maps(n: int) -> dict[str, float]:
    """Return what a PCA and the codes of so many samples take that lie in a file, most of which has no content."""
    from explorer.models.recipes.autoencoder import Autoencoder
    from explorer.models.recipes.lstm_autoencoder import LSTMAutoencoder
    from explorer.models.recipes.pca import PCA

    recurrent = LSTMAutoencoder(epochs=1).fit(make("sines", n=200))
    dense = Autoencoder(epochs=1, latent_dim=2).fit(make("sines", n=200))
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
            ("encode", lambda: write_array(Path(folder) / "codes.npy", encoded(recurrent, waves), (n, 4))),
            ("encode_dense", lambda: write_array(Path(folder) / "codes.npy", encoded(dense, waves), (n, 2))),
        ):
            before = _crowd.used_bytes()
            _crowd.fresh_peak()
            began = time.process_time()
            work()
            row[f"{name}_s"] = round(time.process_time() - began, 3)
            row[f"{name}_mb"] = _peak_over(before)
    return row


def _of_sets(n: int) -> dict[str, float]:
    """Return what two named sets of so many samples take."""
    rng = np.random.default_rng(0)
    indices, others = (np.flatnonzero(rng.random(n, dtype=np.float32) < 1 / 3) for _ in range(2))
    asked = rng.integers(0, n, 1000).tolist()
    before = _crowd.used_bytes()
    _crowd.fresh_peak()
    row = {"set_make_ms": _milliseconds(lambda: NamedSet.of("first", indices, n))}
    first, second = NamedSet.of("first", indices, n), NamedSet.of("second", others, n)
    row["set_union_ms"] = _milliseconds(lambda: combined("union", [first, second], "either"))
    row["set_count_ms"] = _milliseconds(lambda: len(first))
    row["set_holds_1000_ms"] = _milliseconds(lambda: [first.holds(index) for index in asked])
    row["set_colours_ms"] = _milliseconds(lambda: classes_of([first, second], n))
    row["set_mb"] = round(first.bits.nbytes / 1e6, 3)
    row["sets_peak_mb"] = _peak_over(before)
    return row


def _of_table(n: int) -> dict[str, float]:
    """Return what it takes to filter and to sort a table of so many samples."""
    rng = np.random.default_rng(0)
    columns = [
        SampleColumn("label", rng.integers(0, 10, n), tuple("abcdefghij")),
        SampleColumn("score", rng.standard_normal(n, dtype=np.float32)),
    ]
    where = "score > 0 and label = c"
    before = _crowd.used_bytes()
    _crowd.fresh_peak()
    row = {
        f"table_{name}_ms": _milliseconds(lambda of=of: of(columns, n), 2)
        for name, of in (
            ("filter", partial(Arrangement.of, wanted=where)),
            ("sort", partial(Arrangement.of, column=1)),
            ("filter_sort", partial(Arrangement.of, wanted=where, column=1)),
        )
    }
    row["table_mb"] = _peak_over(before)
    return row


def _of_recording(n: int) -> dict[str, float]:
    """Return what it takes to look through a recording of so many steps, and to draw frames of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.npy"
        write(path, n, 1)
        recording = np.load(path, mmap_mode="r")
        before = _crowd.used_bytes()
        _crowd.fresh_peak()
        pyramid = Pyramid(recording)
        began = time.thread_time()
        pyramid.sketch()
        for _ in pyramid.build():
            pass
        row = {"series_levels_s": round(time.thread_time() - began, 4)}
        row["series_levels_mb"] = round(pyramid.bytes / 1e6, 3)
        row["series_peak_mb"] = _peak_over(before)
        row["series_frame_ms"] = _milliseconds(lambda: pyramid.view(0, n, _crowd.WIDTH))
        row["series_zoomed_ms"] = _milliseconds(lambda: pyramid.view(n // 2, n // 2 + n // 1000, _crowd.WIDTH))
    return row


def _peak_over(before: int) -> float:
    """Return the peak of the memory over what was used before, in megabytes."""
    return round((_crowd.peak_bytes() - before) / 1e6, 1)


def _milliseconds(work: Callable[[], Any], times: int = TIMES) -> float:
    found = []
    for _ in range(times):
        began = time.thread_time()
        work()
        found.append(1000 * (time.thread_time() - began))
    return round(min(found), 3)


if __name__ == "__main__":
    main(__doc__ or "", measure)
