"""The image of many points has numpy's counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.gui.map import binning
from explorer.gui.map.binning import Grid


def reference(x: np.ndarray, y: np.ndarray, grid: Grid) -> np.ndarray:
    """Return the counts by numpy, the lowest row first."""
    good = np.isfinite(x) & np.isfinite(y)
    return np.histogram2d(x[good], y[good], bins=(grid.x_edges, grid.y_edges))[0].T


def counts(x: np.ndarray, y: np.ndarray, grid: Grid) -> np.ndarray:
    return binning.count(binning.cells(x, y, grid), grid)


def test_counts_are_those_of_histogram2d() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 100_000))
    x[:50], y[50:80], x[80:90] = np.nan, np.inf, -np.inf
    grid = Grid(-2.5, 2.1, 613, -1.7, 2.2, 409)
    np.testing.assert_array_equal(counts(x, y, grid), reference(x, y, grid))


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.integers(0, 2**31))
def test_points_on_edges_are_counted_as_numpy_does(nx: int, ny: int, low: float, span: float, seed: int) -> None:
    grid = Grid(low, low + span, nx, -low, -low + 2 * span, ny)
    rng = np.random.default_rng(seed)
    x = np.concatenate([grid.x_edges, np.nextafter(grid.x_edges, -np.inf), rng.uniform(low - 1, low + span + 1, 50)])
    y = rng.choice(np.concatenate([grid.y_edges, np.nextafter(grid.y_edges, np.inf)]), len(x))
    np.testing.assert_array_equal(counts(x, y, grid), reference(x, y, grid))


def test_points_beyond_a_chunk_are_not_lost() -> None:
    n = 2 * (1 << 15) + 7
    x = np.linspace(0, 1, n)
    assert counts(x, x, Grid(0, 1, 10, 0, 1, 10)).sum() == n


def test_sums_are_weighted_counts() -> None:
    grid = Grid(0, 1, 2, 0, 1, 1)
    flat = binning.cells(np.array([0.1, 0.2, 0.9, 5.0]), np.full(4, 0.5), grid)
    np.testing.assert_array_equal(binning.total(flat, np.array([1.0, 2.0, 4.0, 8.0]), grid), [[3.0, 4.0]])


def test_opacity_grows_with_the_count() -> None:
    alpha = binning.opacity(np.array([0, 1, 2, 10, 100], dtype=float))
    assert alpha[0] == 0
    assert alpha[1] == pytest.approx(0.35)
    assert (np.diff(alpha) > 0).all()
    assert alpha[-1] == pytest.approx(1.0)
    assert binning.opacity(np.array([0.0, 1.0])).tolist() == [0.0, 0.8]


@pytest.mark.parametrize("reach", [1, 2])
def test_a_dot_is_round_and_does_not_wrap_around_the_edge(reach: int) -> None:
    grid = Grid(0, 7, 7, 0, 5, 5)

    def dots(*places: tuple[float, float]) -> np.ndarray:
        flat = binning.cells(*np.array(places, dtype=float).T, grid)
        return binning.total(*binning.widen(flat, grid, reach), grid)

    middle = dots((3.5, 2.5))
    assert middle[2, 3] == middle.max() == 1.0
    np.testing.assert_array_equal(middle, middle[::-1])
    np.testing.assert_array_equal(middle, middle[:, ::-1])
    assert middle[2, 3 + reach] > 0
    corner = dots((6.5, 4.5))
    assert not corner[:, : 7 - 1 - reach].any()
    assert not corner[: 5 - 1 - reach].any()
    assert not dots((7.5, 2.5)).any()
    np.testing.assert_allclose(dots((3.5, 2.5), (6.5, 4.5), (3.5, 2.5)), 2 * middle + corner)
