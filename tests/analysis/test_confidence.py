"""Intervals and paired tests on samples whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.confidence import adjusted, bootstrap, compare_pair


def mean(total: np.ndarray) -> np.ndarray:
    return total[..., 0] / total[..., 1]


def test_intervals_of_a_mean_are_those_of_its_standard_error() -> None:
    values = np.random.default_rng(0).normal(5, 2, 400)
    found = bootstrap(np.column_stack([values, np.ones(400)]), mean)
    error = values.std(ddof=1) / 20
    assert found.value == pytest.approx(values.mean())
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.1)
    assert found == bootstrap(np.column_stack([values, np.ones(400)]), mean)
    alone = bootstrap(np.array([[3.0, 1.0]]), mean)
    assert alone.value == 3 and np.isnan(alone.low) and np.isnan(alone.high)


def test_intervals_cover_as_often_as_they_say() -> None:
    rng, hits = np.random.default_rng(1), 0
    for _ in range(200):
        values = rng.normal(0, 1, 60)
        found = bootstrap(np.column_stack([values, np.ones(60)]), mean, draws=300)
        hits += found.low <= 0 <= found.high
    assert 0.88 <= hits / 200 <= 0.99


def test_pairs() -> None:
    one, two = np.arange(1.0, 21), np.arange(1.0, 21) + np.linspace(0.1, 1, 20)
    found = compare_pair("a", "b", one, two)
    assert (found.wins, found.rank_biserial, found.n_samples) == (1, 1, 20)
    assert found.p < 1e-4 and found.cohens_dz > 1
    other = compare_pair("b", "a", two, one)
    assert (other.wins, other.rank_biserial, other.cohens_dz) == (0, -1, -found.cohens_dz)
    same = compare_pair("a", "b", one, one)
    assert same.wins == 0.5 and np.isnan(same.p) and np.isnan(same.cohens_dz)
    few = compare_pair("a", "b", one[:5], two[:5])
    assert np.isnan(few.p) and few.wins == 1, "of five samples nothing can be told"


def test_corrected_p_values() -> None:
    found = adjusted(np.array([0.01, np.nan, 0.04, 0.03]))
    np.testing.assert_allclose(found, [0.03, np.nan, 0.06, 0.06])
    np.testing.assert_array_equal(adjusted(np.array([0.9, 0.8])), [1.0, 1.0])
    assert np.isnan(adjusted(np.array([np.nan]))).all()
