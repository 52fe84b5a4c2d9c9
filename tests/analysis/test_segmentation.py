"""Masks without a network, and how masks are judged."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.segmentation import BASELINES, background, otsu, threshold
from explorer.models.overlap import overlap


def test_overlap_by_hand() -> None:
    truth = np.array([[0, 0, 1, 1], [1, 2, -1, 0]])
    mask = np.array([[0, 1, 1, 1], [0, 0, 2, 0]])
    found = overlap(truth, mask, 4)
    np.testing.assert_allclose(found.iou, [2 / 5, 2 / 4, 0, np.nan])
    np.testing.assert_allclose(found.dice, [4 / 7, 4 / 6, 0, np.nan])
    assert found.measures() == pytest.approx({"accuracy": 4 / 7, "iou": 1 / 4, "dice": 1 / 3})


def test_a_class_that_is_only_claimed_counts_as_missed() -> None:
    assert overlap(np.array([0, 1]), np.array([2, 1]), 3).measures()["iou"] == 0.5


def test_nothing_there_and_nothing_claimed_is_right() -> None:
    assert overlap(np.zeros(4, int), np.zeros(4, int), 3).measures() == {"accuracy": 1.0, "iou": 1.0, "dice": 1.0}
    assert overlap(np.full(4, -1), np.zeros(4, int), 3).measures() == {}


def test_counts_of_samples_add_up() -> None:
    rng = np.random.default_rng(0)
    truth, mask = rng.integers(-1, 3, (2, 30)), rng.integers(0, 3, (2, 30))
    apart = overlap(truth[0], mask[0], 3) + overlap(truth[1], mask[1], 3)
    np.testing.assert_array_equal(apart.iou, overlap(truth, mask, 3).iou)


def test_accuracy_hides_a_rare_class_and_overlap_does_not() -> None:
    truth = np.zeros(100, int)
    truth[:3] = 1
    found = overlap(truth, background(np.zeros((100, 1))), 2).measures()
    assert found == {"accuracy": 0.97, "iou": 0.0, "dice": 0.0}


def test_otsus_threshold_as_scikit_image() -> None:
    filters = pytest.importorskip("skimage.filters")
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0, 1, 900), rng.normal(3, 1, 300)])
    # It names the middle of the last bin below, and not its edge.
    bin_width = np.ptp(values) / 256
    assert threshold(values) == pytest.approx(filters.threshold_otsu(values) + bin_width / 2, abs=1e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_otsu_finds_a_bright_or_dark_square(sign: int) -> None:
    image = np.random.default_rng(0).normal(0, 0.1, (12, 12, 3))
    image[2:5, 3:8] += sign
    truth = np.zeros((12, 12), int)
    truth[2:5, 3:8] = 1
    np.testing.assert_array_equal(otsu(image), truth)


def test_otsu_finds_an_event_of_a_series_either_way() -> None:
    series = np.random.default_rng(0).normal(0, 0.05, (60, 1))
    series[10:14] += 1
    series[30:34] -= 1
    assert np.flatnonzero(otsu(series)).tolist() == [*range(10, 14), *range(30, 34)]


@pytest.mark.parametrize("name", BASELINES)
def test_of_a_constant_sample_nothing_is_claimed(name: str) -> None:
    sample = np.ones((5, 4, 1), np.float32)
    sample[0, 0] = np.nan
    mask = BASELINES[name](np.where(np.isnan(sample), 1, sample))
    assert mask.shape == (5, 4)
    assert mask.dtype == np.int64
    assert not mask.any()
    assert set(np.unique(BASELINES[name](sample))) <= {0, 1}
