"""Mixes, group vectors and counts of what is near, by known answers."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.blends import far_apart, grid, group_vector, mixed, near_counts
from explorer.errors import InputError


def test_corners_are_themselves_and_the_middle_is_their_mean() -> None:
    corners = np.random.default_rng(0).normal(size=(4, 3))
    x, y = np.array([0.0, 1, 0, 1, 0.5]), np.array([0.0, 0, 1, 1, 0.5])
    np.testing.assert_allclose(mixed(corners, x, y), [*corners, corners.mean(axis=0)])
    square = grid(corners, 3)
    np.testing.assert_allclose(square[[0, 2, 6, 8, 4]], [*corners, corners.mean(axis=0)])
    np.testing.assert_allclose(square[1], (corners[0] + corners[1]) / 2)


def test_a_group_vector_leads_from_one_mean_to_the_other() -> None:
    codes = np.array([[0.0, 0], [2, 0], [5, 5], [7, 7], [np.nan, 1], [99, 99]])
    labels = np.array([0, 0, 1, 1, 1, -1])
    np.testing.assert_array_equal(group_vector(codes, labels, 0, 1), [5, 6])
    np.testing.assert_array_equal(group_vector(codes, labels, 1, 0), [-5, -6])
    with pytest.raises(InputError, match="class 2"):
        group_vector(codes, labels, 0, 2)


def test_counts_are_of_samples_within_the_radius() -> None:
    codes = np.arange(40.0)[:, None]
    codes[7] = np.nan
    z = np.array([[20.0], [0.0], [-100.0]])
    counts, radius = near_counts(codes, z)
    assert radius == 3
    assert counts.tolist() == [7, 4, 0]


def test_without_a_spacing_nothing_is_near() -> None:
    counts, radius = near_counts(np.zeros((5, 2)), np.zeros((2, 2)))
    assert counts.tolist() == [0, 0]
    assert np.isnan(radius)


def test_samples_that_are_far_apart_are_the_ends_of_a_cross() -> None:
    codes = np.concatenate([np.random.default_rng(0).normal(size=(50, 2)) * 0.1, [[9, 0], [-9, 0], [0, 7], [0, -7]]])
    assert set(far_apart(codes, 4).tolist()) == {50, 51, 52, 53}
    assert len(far_apart(np.zeros((9, 2)), 4)) == 1
    assert len(far_apart(np.full((9, 2), np.nan), 4)) == 0
