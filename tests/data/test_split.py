import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.data.split import TEST, TRAIN, VALIDATION, assign_split


@given(n=st.integers(1, 400), seed=st.integers(0, 2**31), classes=st.integers(0, 6))
def test_every_sample_has_a_part_and_the_shares_are_met(n: int, seed: int, classes: int) -> None:
    labels = np.random.default_rng(seed).integers(0, classes, n) if classes else None
    split = assign_split(n, labels=labels, seed=seed)
    assert split.shape == (n,)
    assert split.dtype == np.int8
    counts = np.bincount(split, minlength=3)
    assert len(counts) == 3
    assert counts[TRAIN] >= 1
    assert counts[VALIDATION] == counts[TEST] == int(0.15 * n)
    np.testing.assert_array_equal(split, assign_split(n, labels=labels, seed=seed))


@given(sizes=st.lists(st.integers(1, 200), min_size=1, max_size=12), seed=st.integers(0, 1000))
def test_classes_are_divided_alike(sizes: list[int], seed: int) -> None:
    labels = np.repeat(np.arange(len(sizes)), sizes)
    split = assign_split(len(labels), labels=labels, seed=seed)
    for label, size in enumerate(sizes):
        counts = np.bincount(split[labels == label], minlength=3)
        assert counts[TRAIN] >= 1 or size == 1
        assert np.abs(counts - np.array([0.7, 0.15, 0.15]) * size).max() <= 2.5


@pytest.mark.parametrize(("n", "expected"), [(1, [1, 0, 0]), (2, [2, 0, 0]), (7, [5, 1, 1])])
def test_there_is_always_a_sample_to_train_on(n: int, expected: list[int]) -> None:
    np.testing.assert_array_equal(np.bincount(assign_split(n), minlength=3), expected)


def test_another_seed_is_another_split() -> None:
    assert (assign_split(100, seed=0) != assign_split(100, seed=1)).any()


def test_a_class_of_one_sample_is_trained_on() -> None:
    labels = np.array([0] * 13 + [1])
    assert all(assign_split(14, labels=labels, seed=seed)[13] == TRAIN for seed in range(20))
