"""Points are found by region as by looking at each."""

from collections.abc import Callable

import numpy as np
import pytest

from explorer.gui.map.index import PointIndex, inside_polygon
from explorer.gui.map.view import Bounds, Frame, MapView


@pytest.fixture
def cloud() -> tuple[np.ndarray, np.ndarray]:
    x, y = np.random.default_rng(3).normal(size=(2, 3000))
    x[::100], y[7::100] = np.nan, np.inf
    return x, y


def test_polygon_by_the_even_odd_rule(
    cloud: tuple[np.ndarray, np.ndarray], inside_by_hand: Callable[..., bool]
) -> None:
    x, y = cloud
    angle = np.linspace(0, 4 * np.pi, 11)[:-1]  # a star that crosses itself
    corners = np.column_stack([1.5 * np.cos(angle), 1.5 * np.sin(angle)])
    expected = [i for i in range(len(x)) if np.isfinite(x[i] + y[i]) and inside_by_hand(x[i], y[i], corners)]
    found = PointIndex(x, y).in_polygon(corners)
    assert found.tolist() == expected
    assert found.dtype == np.int64


def test_polygon_through_points_and_with_flat_edges(inside_by_hand: Callable[..., bool]) -> None:
    grid = np.stack(np.meshgrid(np.arange(6.0), np.arange(6.0)), axis=-1).reshape(-1, 2)
    corners = np.array([[1.0, 1.0], [4.0, 1.0], [4.0, 4.0], [1.0, 4.0]])
    inside = inside_polygon(grid[:, 0], grid[:, 1], corners)
    assert inside.tolist() == [inside_by_hand(x, y, corners) for x, y in grid]


def test_a_line_is_no_loop(cloud: tuple[np.ndarray, np.ndarray]) -> None:
    assert not len(PointIndex(*cloud).in_polygon(np.array([[0.0, 0.0], [1.0, 1.0]])))


@pytest.mark.parametrize(
    "region", [Bounds(-0.5, 0.7, -1, 0.2), Bounds(-9, 9, -9, 9), Bounds(5, 6, 5, 6), Bounds(0, 0, 0, 0)]
)
def test_rectangle(cloud: tuple[np.ndarray, np.ndarray], region: Bounds) -> None:
    x, y = cloud
    good = np.isfinite(x) & np.isfinite(y)
    inside = good & (x >= region.x0) & (x <= region.x1) & (y >= region.y0) & (y <= region.y1)
    index = PointIndex(x, y)
    assert index.in_rectangle(region).tolist() == np.flatnonzero(inside).tolist()
    assert index.count(region) == inside.sum()
    assert index.n_finite == good.sum()


def test_nearest_in_pixels(cloud: tuple[np.ndarray, np.ndarray]) -> None:
    x, y = cloud
    index = PointIndex(x, y)
    view = MapView.fit(Frame(0, 0, 400, 300), index.bounds, equal=False)
    for px, py in np.random.default_rng(0).uniform(0, 300, size=(50, 2)):
        there_x, there_y = view.to_px(x, y)
        distance = np.hypot(there_x - px, there_y - py)
        best = int(np.nanargmin(distance))
        assert index.nearest(px, py, view, 10) == (best if distance[best] <= 10 else -1)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_no_one_or_equal_points(n: int) -> None:
    index = PointIndex(np.full(n, 2.0), np.full(n, 3.0))
    assert index.in_rectangle(Bounds(0, 4, 0, 4)).tolist() == list(range(n))
    assert (index.bounds is None) == (n == 0)


def test_nothing_finite() -> None:
    index = PointIndex(np.full(4, np.nan), np.zeros(4))
    assert index.bounds is None
    assert index.count(Bounds(-1, 1, -1, 1)) == 0
    assert index.nearest(0, 0, MapView(Frame(0, 0, 10, 10)), 100) == -1
