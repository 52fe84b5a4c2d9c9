"""Ways from code to code."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.paths import spherical, straight, through


def test_a_line_is_even_and_an_arc_keeps_its_distance() -> None:
    a, b = np.array([2.0, 0.0]), np.array([0.0, 2.0])
    np.testing.assert_allclose(straight(a, b, 3), [[2, 0], [1, 1], [0, 2]])
    arc = spherical(a, b, 7)
    np.testing.assert_allclose(np.linalg.norm(arc, axis=1), 2)
    np.testing.assert_allclose(np.diff(np.arctan2(arc[:, 1], arc[:, 0])), np.pi / 12)


@pytest.mark.parametrize(("steps", "places"), [(3, [0, 1, 2]), (9, [0, 4, 8]), (8, [0, 4, 7])])
def test_a_way_through_several_has_them_all_and_no_step_twice(steps: int, places: list[int]) -> None:
    codes = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    way = through(codes, steps, straight)
    assert len(way) == steps
    np.testing.assert_allclose(way[places], codes)
    assert (np.linalg.norm(np.diff(way, axis=0), axis=1) > 0).all()
