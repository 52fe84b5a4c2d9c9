"""Filling what is missing."""

from __future__ import annotations

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.gaps import bridge_gaps, fill_gaps
from explorer.data.scaling import typical_value

NAN = np.nan


def test_gaps_are_bridged_by_straight_lines() -> None:
    series = np.array([[NAN, 1], [2, NAN], [NAN, NAN], [4, 4], [NAN, NAN]], dtype=np.float32)
    found = bridge_gaps(series)
    np.testing.assert_array_equal(found, [[2, 1], [2, 2], [3, 3], [4, 4], [4, 4]])
    assert np.isnan(series).any()  # the argument stays as it is
    np.testing.assert_array_equal(bridge_gaps(np.stack([series, series]))[1], found)
    np.testing.assert_array_equal(fill_gaps(series[None], np.zeros(2)), found[None])


def test_a_channel_without_any_value_becomes_zero() -> None:
    np.testing.assert_array_equal(bridge_gaps(np.full((3, 1), NAN, np.float32)), np.zeros((3, 1)))


def test_vectors_get_the_usual_value_of_the_feature_and_images_that_of_all_pixels() -> None:
    vectors = np.array([[1, 100], [3, 300], [NAN, 200], [2, NAN]], dtype=np.float32)
    usual = typical_value(Dataset(values=vectors, split=np.zeros(4, np.int8)))
    np.testing.assert_array_equal(fill_gaps(vectors, usual), [[1, 100], [3, 300], [2, 200], [2, 200]])
    images = np.array([0, 1, 2, NAN], dtype=np.float32).reshape(1, 2, 2, 1)
    usual = typical_value(Dataset(values=images, split=np.zeros(1, np.int8)))
    np.testing.assert_array_equal(fill_gaps(images, usual).reshape(-1), [0, 1, 2, 1])


def test_what_is_whole_is_not_copied() -> None:
    values = np.ones((2, 3, 1), np.float32)
    assert fill_gaps(values, np.zeros(1)) is values
