"""Scaling by ranks, and facts of whole samples as numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from explorer.data.facts import Facts
from explorer.data.normal_scores import NormalScores, scaler_from, scaler_of
from explorer.data.scaling import Scaler


def skewed(n: int = 4000, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.stack([rng.lognormal(3, 1, (n, 2)), rng.integers(3, 16, (n, 2)), np.ones((n, 2))], 2)
    values = values.astype(np.float32)
    values[rng.random(values.shape) < 0.2] = np.nan
    return values


def test_scores_are_normal_and_come_back() -> None:
    values = skewed()
    scaler = scaler_of("normal").fit(values)
    scores = scaler.apply(values)
    np.testing.assert_array_equal(np.isnan(scores), np.isnan(values))
    first = scores[..., 0][np.isfinite(scores[..., 0])]
    assert kstest(first, "norm").statistic < 0.01
    back = scaler.undo(scores)
    np.testing.assert_array_equal(back[..., 1:], values[..., 1:])  # whole numbers and constants exactly
    known = np.isfinite(values[..., 0])
    relative = np.abs(back[..., 0][known] / values[..., 0][known] - 1)
    assert np.quantile(relative, 0.98) < 0.05
    assert np.abs(scores[..., 2][np.isfinite(scores[..., 2])]).max() < 1e-6


def test_any_score_gives_a_value_that_was_there() -> None:
    values = skewed()
    scaler = scaler_of("normal").fit(values)
    drawn = scaler.undo(3 * np.random.default_rng(1).standard_normal((500, 2, 3)).astype(np.float32))
    for c in range(3):
        assert np.isin(drawn[..., c], values[..., c]).all()


def test_unseen_values_have_finite_scores_in_order() -> None:
    scaler = scaler_of("normal").fit(skewed())
    given = np.array([[-1e9, 0, 0], [20, 9, 1], [1e9, 99, 9]], np.float32)
    scores = scaler.apply(given)
    assert np.isfinite(scores).all() and (np.diff(scores[:, :2], axis=0) > 0).all()


def test_it_is_saved_and_read() -> None:
    for kind in ("normal", "standard"):
        scaler = scaler_of(kind).fit(skewed())
        again = scaler_from(scaler.to_arrays())
        assert type(again) is type(scaler) is (NormalScores if kind == "normal" else Scaler)
        np.testing.assert_array_equal(again.apply(skewed()), scaler.apply(skewed()))


def test_only_what_was_observed_counts() -> None:
    values = skewed()
    observed = np.isfinite(values)
    hidden = np.where(observed, values, 1e6)
    first, second = NormalScores().fit(values), NormalScores().fit(hidden, observed)
    np.testing.assert_array_equal(first.knots_, second.knots_)


# Facts


def columns(n: int = 300) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    age = rng.normal(60, 15, n).round()
    age[:10] = np.nan
    return {
        "age": age,
        "ward": np.array(["medical", "surgical", "unknown"])[rng.integers(0, 3, n)],
        "name": np.arange(n).astype(str),
        "constant": np.ones(n),
    }


def test_facts_are_the_columns_that_say_something() -> None:
    given = columns()
    facts = Facts(given)
    assert facts.sizes == (0, 2)
    numbers = facts.apply(given, 300)
    assert np.isnan(numbers[:10, 0]).all()
    np.testing.assert_array_equal(np.isnan(numbers[:, 1]), given["ward"] == "unknown")
    known = np.isfinite(numbers).all(axis=1)
    back = facts.undo(numbers[known])
    np.testing.assert_array_equal(back["ward"], given["ward"][known])
    np.testing.assert_array_equal(back["age"], given["age"][known])


def test_facts_that_are_not_there_are_unknown() -> None:
    facts = Facts(columns())
    assert np.isnan(facts.apply({}, 4)).all()
    other = facts.apply({"age": np.array(["old"] * 4), "ward": np.array(["new"] * 4)}, 4)
    assert np.isnan(other).all()


def test_facts_are_saved_and_read() -> None:
    facts = Facts(columns())
    again = Facts.from_json(facts.to_json())
    np.testing.assert_array_equal(again.apply(columns(), 300), facts.apply(columns(), 300))
    assert again.facts == facts.facts


@pytest.mark.parametrize("n", [1, 5])
def test_no_columns_no_facts(n: int) -> None:
    assert Facts({}).apply({}, n).shape == (n, 0)
