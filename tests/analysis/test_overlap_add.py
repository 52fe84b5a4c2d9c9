"""Long series denoised piece by piece: no seams, the same numbers however they are cut, bounded memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from explorer.analysis.overlap_add import (
    blocks_of,
    bridged,
    chained,
    hop_of,
    overlap_add,
    taper_of,
    with_reach,
)
from explorer.data.gaps import bridge_gaps
from explorer.errors import InputError


def _series(steps: int, channels: int = 2, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(1.0, 2.0, (steps, channels)).astype(np.float32)


def _cut(series: np.ndarray, sizes: list[int]) -> Iterator[np.ndarray]:
    """Yield blocks of the sizes, again and again, empty ones among them."""
    start = 0
    while start < len(series):
        for size in sizes:
            yield series[start : start + size]
            start += size


def _joined(blocks: Iterator[np.ndarray]) -> np.ndarray:
    return np.concatenate(list(blocks))


def _mean(width: int) -> Callable[[np.ndarray], np.ndarray]:
    from scipy.ndimage import uniform_filter1d

    return lambda rows: uniform_filter1d(rows.astype(np.float64), width, axis=0, mode="nearest")


@pytest.mark.parametrize("taper", ["hann", "root-hann"])
@pytest.mark.parametrize(("window", "hop"), [(50, 25), (50, 50), (50, 1), (50, 7), (7, 3), (1, 1)])
@pytest.mark.parametrize("steps", [50, 499])
def test_what_changes_nothing_gives_the_series_back(taper, window: int, hop: int, steps: int) -> None:
    series = _series(steps)
    found = _joined(overlap_add(_cut(series, [17, 0, 120]), np.copy, window, hop, taper=taper, batch=3))
    assert found.dtype == np.float32
    assert_allclose(found, series, rtol=1e-6)


@pytest.mark.parametrize("hop", [1, 9, 20, 31, 40])
def test_the_weights_of_every_step_sum_to_one(hop: int) -> None:
    """Windows whose output is the window's own number: the mean by the weights, worked out window by window."""
    window, steps = 40, 333
    numbers = iter(range(10_000))

    def numbered(windows: np.ndarray) -> np.ndarray:
        return np.ones_like(windows) * np.array([next(numbers) for _ in windows])[:, None, None]

    starts = [*range(0, steps - window, hop), steps - window]
    weights = np.zeros((len(starts), steps))
    for row, start in zip(weights, starts, strict=True):
        row[start : start + window] = taper_of(window)
    weights /= weights.sum(axis=0)
    assert_allclose(weights.sum(axis=0), 1, atol=1e-6)
    expected = weights.T @ np.arange(len(starts))
    found = _joined(overlap_add([np.zeros((steps, 1), np.float32)], numbered, window, hop, batch=4))
    assert_allclose(found[:, 0], expected, rtol=1e-6, atol=1e-6)


def test_the_numbers_do_not_depend_on_how_the_series_is_cut() -> None:
    series = _series(5000)
    series[1000:1200] = np.nan
    stages = [
        bridged,
        lambda blocks: with_reach(blocks, _mean(9), 4, size=300),
        lambda blocks: overlap_add(blocks, lambda windows: windows**2, 64, 24, batch=5),
    ]
    whole = _joined(chained([series], stages))
    for sizes in ([1, 700], [64], [4999]):
        assert_array_equal(_joined(chained(_cut(series, sizes), stages)), whole)


def test_a_level_step_between_windows_leaves_no_seam() -> None:
    """A network that adds an offset of its own to each window: with overlap the result goes over without a jump."""

    def shifted(windows: np.ndarray) -> np.ndarray:
        return windows + (np.arange(len(windows)) % 2)[:, None, None]

    flat = np.zeros((2000, 1), np.float32)
    seams = np.abs(np.diff(_joined(overlap_add([flat], shifted, 100, 100, batch=100)), axis=0)).max()
    smooth = np.abs(np.diff(_joined(overlap_add([flat], shifted, 100, 50, batch=100)), axis=0)).max()
    assert seams == 1
    assert smooth < 0.04  # the steepest rise of a Hann window of 100 steps is π / 100


@pytest.mark.parametrize("size", [1, 10, 10_000])
@pytest.mark.parametrize("steps", [1, 9, 500])
def test_a_local_filter_is_that_over_the_whole_series(size: int, steps: int) -> None:
    series = _series(steps)
    found = _joined(with_reach(_cut(series, [13]), _mean(9), 4, size=size))
    assert_allclose(found, _mean(9)(series), atol=1e-6)


def test_a_filter_that_fits_its_ends_is_so_over_the_whole_series() -> None:
    from scipy.signal import savgol_filter

    series = _series(400)

    def smooth(rows: np.ndarray) -> np.ndarray:
        return savgol_filter(rows.astype(np.float64), 21, 3, axis=0)

    assert_allclose(_joined(with_reach(_cut(series, [50]), smooth, 10, size=7)), smooth(series), atol=1e-5)


def test_gaps_are_bridged_as_over_the_whole_series() -> None:
    series = _series(3000, channels=3)
    rng = np.random.default_rng(1)
    for start in rng.integers(0, 3000, 60):
        series[start : start + rng.integers(1, 90), rng.integers(0, 3)] = np.nan
    series[:40, 0] = series[-25:, 1] = np.nan
    for sizes in ([1], [64, 3], [5000]):
        assert_allclose(_joined(bridged(_cut(series, sizes))), bridge_gaps(series), rtol=1e-5, atol=1e-6)
    nothing = np.full((50, 1), np.nan, np.float32)
    assert_array_equal(_joined(bridged(_cut(nothing, [8]))), np.zeros((50, 1)))


@pytest.mark.parametrize("sizes", [[1], [7], [1000]])
def test_a_gap_too_long_to_wait_for_holds_the_last_value(sizes: list[int]) -> None:
    series = _series(300)
    series[100:120, 0] = np.nan  # just short enough
    series[150:171, 0] = np.nan
    series[:21, 1] = np.nan
    found = _joined(bridged(_cut(series, sizes), longest=20))
    assert_allclose(found[100:120, 0], bridge_gaps(series)[100:120, 0], rtol=1e-5)
    assert_array_equal(found[150:171, 0], np.full(21, series[149, 0]))
    assert_array_equal(found[:21, 1], np.zeros(21))
    assert_array_equal(found[171:], series[171:])


def test_gaps_are_kept_or_filled() -> None:
    series = _series(500)
    series[100:130, 1] = np.nan
    stages = [bridged, lambda blocks: with_reach(blocks, _mean(5), 2, size=64)]
    kept = _joined(chained(_cut(series, [50]), stages, keep_gaps=True))
    filled = _joined(chained(_cut(series, [50]), stages))
    assert_array_equal(np.isnan(kept), np.isnan(series))
    assert np.isfinite(filled).all()
    assert_array_equal(kept[~np.isnan(series)], filled[~np.isnan(series)])


def test_mistakes_are_told() -> None:
    with pytest.raises(InputError, match="30 steps, fewer than the 50"):
        list(overlap_add([_series(30)], np.copy, 50, 25))
    for overlap in (-0.1, 1.0, float("nan")):
        with pytest.raises(InputError, match="cannot overlap"):
            hop_of(50, overlap)
    assert [hop_of(50, overlap) for overlap in (0, 0.5, 0.75, 0.999)] == [50, 25, 12, 1]
    assert list(overlap_add([], np.copy, 50, 25)) == []


def test_memory_is_bounded(tmp_path: Path) -> None:
    """Of a memory map of 16 MB (and of 4 times that, as much) less than 8 MB are held at once."""
    peaks = []
    for steps in (1_000_000, 4_000_000):
        path = tmp_path / f"{steps}.bin"
        mapped = np.memmap(path, np.float32, "w+", shape=(steps, 1))
        tracemalloc.start()
        for _ in overlap_add(blocks_of(mapped), np.negative, 200, 100, batch=1000):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 8e6
    assert peaks[1] < 1.1 * peaks[0]
