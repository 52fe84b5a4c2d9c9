"""Ways between codes."""

import numpy as np
import pytest

from explorer.analysis.paths import spherical, straight

A, B = np.array([3.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])


@pytest.mark.parametrize("way", [straight, spherical])
def test_it_begins_and_ends_at_the_two(way) -> None:
    found = way(A, B, 5)
    assert found.shape == (5, 3)
    np.testing.assert_allclose(found[[0, -1]], [A, B], atol=1e-12)


def test_a_line_is_straight_and_even() -> None:
    np.testing.assert_allclose(straight(A, B, 4)[1], [2.0, 1 / 3, 0.0])


def test_an_arc_turns_evenly_at_an_even_distance_from_the_origin() -> None:
    found = spherical(A, B, 4)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [3, 7 / 3, 5 / 3, 1])
    np.testing.assert_allclose(np.arctan2(found[:, 1], found[:, 0]), np.arange(4) * np.pi / 6)


def test_without_an_arc_it_is_the_line() -> None:
    for b in (np.zeros(3), -A, 2 * A):
        np.testing.assert_allclose(spherical(A, b, 3), straight(A, b, 3), atol=1e-12)
