"""The nearest of many points."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis import nearest as module
from explorer.analysis.nearest import nearest, place
from explorer.analysis.planes import NeighbourPlane
from explorer.errors import Cancelled
from explorer.progress import Silent


@pytest.mark.parametrize("chunk", [1, 1000, 1 << 22])
@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_as_scikit_learn_finds_them(chunk: int, shift: float, monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.neighbors import NearestNeighbors

    monkeypatch.setattr(module, "CHUNK_VALUES", chunk)
    rng = np.random.default_rng(0)
    points, queries = rng.normal(size=(60, 4)) + shift, rng.normal(size=(7, 4)) + shift
    reference = NearestNeighbors(n_neighbors=5).fit(points)
    for found, known in (
        (nearest(points, 5), reference.kneighbors()),
        (nearest(points, 5, queries), reference.kneighbors(queries)),
    ):
        np.testing.assert_allclose(found[1], known[0], rtol=1e-6)
        np.testing.assert_array_equal(found[0], known[1])


def test_duplicates_are_neighbours_but_nobody_is_its_own() -> None:
    indices, distances = nearest(np.ones((4, 2)), 9)
    assert indices.tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]
    assert not distances.any()


def test_a_single_point_has_none() -> None:
    assert nearest(np.ones((1, 2)), 3)[0].shape == (1, 0)


def test_placed_as_the_map_places() -> None:
    rng = np.random.default_rng(0)
    points, values, queries = rng.normal(size=(50, 4)), rng.normal(size=(50, 2)), rng.normal(size=(9, 4))
    queries[3] = np.nan
    queries[4] = points[7]
    placed = place(queries, points, values)
    np.testing.assert_allclose(placed, NeighbourPlane(values, points).project(queries), rtol=1e-5)
    assert np.isnan(placed[3]).all()
    np.testing.assert_allclose(placed[4], values[7])


def test_placed_halfway() -> None:
    points, values = np.array([[0.0], [1.0], [10.0]]), np.array([[0.0], [10.0], [50.0]])
    assert place(np.array([[0.5]]), points, values, 2)[0, 0] == pytest.approx(5)
    assert place(np.array([[3.0]]), points[:1], values[:1])[0, 0] == 0.0


def test_placed_at_duplicates_is_their_mean() -> None:
    placed = place(np.zeros((1, 2)), np.zeros((2, 2)), np.array([[1.0], [3.0]]), 5)
    assert placed.tolist() == [[2.0]]


def test_it_can_be_cancelled() -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        nearest(np.ones((4, 2)), 1, progress=Stop())
