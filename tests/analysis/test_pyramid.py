"""Every scale of a recording is exact, whatever it holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.analysis.pyramid import BLOCK, RAW_VALUES, Pyramid, exact, thinned_by_shape
from explorer.errors import Cancelled
from explorer.progress import Silent


def noise(steps: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(steps, channels)).astype(np.float32)


def built(values: np.ndarray) -> Pyramid:
    pyramid = Pyramid(values)
    for _ in pyramid.build():
        pass
    return pyramid


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40_000), st.integers(1, 3))
def test_every_level_holds_the_extremes_of_its_blocks(steps: int, channels: int) -> None:
    values = noise(steps, channels)
    pyramid = built(values)
    assert pyramid.whole
    size = BLOCK
    for level in pyramid.levels:
        for block in {0, len(level) // 2, len(level) - 1}:
            part = values[block * size : (block + 1) * size]
            np.testing.assert_array_equal(level[block, 0], part.min(axis=0))
            np.testing.assert_array_equal(level[block, 1], part.max(axis=0))
        size *= 4


def test_a_view_of_a_long_recording_loses_no_peak() -> None:
    steps = 8 * RAW_VALUES
    values = noise(steps)
    for at in (5, steps // 2 + 1, steps - 1):
        values[at] = 40
    pyramid = built(values)
    seen = pyramid.view(0, steps, 1000)
    assert seen.size > 1
    assert len(seen.steps) < 10_000
    assert (seen.values == 40).sum() == 3
    assert seen.values.min() == values.min()
    assert pyramid.is_exact(0, steps, 1000)
    found = seen.steps[np.flatnonzero(seen.values[:, 0] == 40)]
    np.testing.assert_allclose(found, [5, steps // 2 + 1, steps - 1], atol=seen.size)
    assert (np.diff(seen.steps) > 0).all()


def test_a_short_view_is_the_recording_itself() -> None:
    values = noise(100_000, 2)
    seen = Pyramid(values).view(50.2, 149.9, 800)
    assert seen.size == 1
    np.testing.assert_array_equal(seen.values, values[50:151])
    np.testing.assert_array_equal(seen.steps, np.arange(50, 151))


def test_beyond_the_ends_there_is_nothing() -> None:
    pyramid = built(noise(1000))
    assert not len(pyramid.view(2000, 3000, 100).steps)
    assert not len(pyramid.view(-50, -2, 100).steps)
    assert len(pyramid.view(-50, 5000, 5000).steps) == 1000


def test_what_is_not_built_yet_is_sketched() -> None:
    values = noise(20 * RAW_VALUES)
    pyramid = Pyramid(values)
    pyramid.sketch()
    before = pyramid.view(0, len(values), 500)
    assert len(before.steps) > 500 and np.isfinite(before.values).all()
    steps = pyramid.build()
    next(steps)
    half = pyramid.view(0, len(values), 500)
    assert 0 < pyramid.built < len(values)
    assert np.isfinite(half.values).all()
    assert half.steps[-1] > 0.99 * len(values)
    low, high = pyramid.extent()
    assert low[0] < -3 < 3 < high[0]


def test_gaps_stay_gaps() -> None:
    values = noise(4 * RAW_VALUES)
    values[RAW_VALUES : 2 * RAW_VALUES] = np.nan
    values[10] = np.nan
    seen = built(values).view(0, len(values), 400)
    inside = (seen.steps > RAW_VALUES + seen.size) & (seen.steps < 2 * RAW_VALUES - seen.size)
    assert np.isnan(seen.values[inside]).all()
    assert np.isfinite(seen.values[seen.steps < RAW_VALUES - seen.size]).all()


def test_exact_columns() -> None:
    values = noise(10_000, 2)
    found = exact(values, 1000, 9000, 100)
    assert found.size == 80
    assert len(found.steps) == 200
    np.testing.assert_array_equal(found.values[:2].min(axis=0), values[1000:1080].min(axis=0))
    np.testing.assert_array_equal(found.values[:2].max(axis=0), values[1000:1080].max(axis=0))


def test_it_stops_when_told() -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    pyramid = Pyramid(noise(1000))
    with pytest.raises(Cancelled):
        next(pyramid.build(Stop()))


def test_thinning_by_shape_keeps_ends_and_extremes() -> None:
    y = noise(50_000)[:, 0]
    y[777] = 30
    chosen = thinned_by_shape(y, 500)
    assert len(chosen) <= 500 and (np.diff(chosen) > 0).all()
    assert 777 in chosen and chosen[0] == 0 and chosen[-1] == len(y) - 1
    y[900:1200] = np.nan
    assert 777 in thinned_by_shape(y, 500) or np.isnan(y[thinned_by_shape(y, 500)]).any()
    assert thinned_by_shape(y[:10], 500).tolist() == list(range(10))
