"""Probes of codes."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.probes import Probing, probe
from explorer.errors import Cancelled, InputError
from explorer.progress import Silent


def by_name(found: Probing) -> dict[tuple[str, str], float]:
    return {(score.features, score.probe): float(score.folds.mean()) for score in found.scores}


def test_what_is_there_is_read_and_what_is_not_is_not() -> None:
    rng = np.random.default_rng(0)
    target = np.arange(120) % 3
    codes = np.eye(3)[target] + 0.05 * rng.normal(size=(120, 3))
    raw = rng.normal(size=(120, 4, 2))
    found = probe(codes, raw, target)
    scores = by_name(found)
    assert scores["code", "knn"] == scores["code", "linear"] == 1.0
    for features in ("raw", "pca"):
        for name in ("knn", "linear"):
            assert scores[features, name] < 0.55
    assert found.baseline == pytest.approx(1 / 3)
    assert (found.measure, found.n_samples, found.n_folds) == ("accuracy", 120, 5)
    assert all(len(score.folds) == 5 for score in found.scores)


def test_the_order_on_a_line_is_read_by_neighbours_but_not_linearly() -> None:
    line = np.linspace(0, 1, 200)[:, None]
    target = (np.arange(200) // 25) % 2
    scores = by_name(probe(line, line, target))
    assert scores["code", "knn"] > 0.9
    assert scores["code", "linear"] < 0.7
    for features in ("raw", "pca"):
        assert scores[features, "knn"] == pytest.approx(scores["code", "knn"], abs=0.02)


def test_folds_are_the_same_for_all_features() -> None:
    """Of the same features every fold is the same, whatever they are called."""
    rng = np.random.default_rng(0)
    values, target = rng.normal(size=(60, 2)), rng.integers(0, 2, 60)
    found = {(score.features, score.probe): score.folds for score in probe(values, values, target, seed=4).scores}
    np.testing.assert_array_equal(found["code", "linear"], found["raw", "linear"])
    np.testing.assert_array_equal(found["code", "knn"], found["raw", "knn"])


def test_scaling_is_learnt_within_the_fold_and_matters_not_to_the_linear_probe() -> None:
    rng = np.random.default_rng(0)
    target = np.arange(90) % 2
    codes = np.column_stack([target + 0.1 * rng.normal(size=90), 1e4 * rng.normal(size=90)])
    assert by_name(probe(codes, codes, target, features=("code",)))["code", "linear"] == 1.0


def test_numbers_are_predicted_by_regression() -> None:
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(150, 2))
    target = 3 * codes[:, 0] - codes[:, 1] + 7
    target[5] = np.nan
    found = probe(codes, rng.normal(size=(150, 5)), target)
    scores = by_name(found)
    assert found.measure == "r2"
    assert found.n_samples == 149
    assert scores["code", "linear"] > 0.999
    assert scores["code", "knn"] > 0.9
    assert scores["raw", "linear"] < 0.1
    assert -0.2 < found.baseline <= 0


def test_rare_classes_are_left_out_and_unknown_ones_too() -> None:
    target = np.repeat([0, 1, 2, -1], [20, 20, 2, 8])
    codes = np.eye(4)[target]
    found = probe(codes, codes, target)
    assert found.n_samples == 40
    few = probe(codes, codes, np.repeat([0, 1, -1], [3, 2, 45]))
    assert (few.n_samples, few.n_folds) == (5, 2)


def test_missing_values_and_channels_without_any() -> None:
    raw = np.random.default_rng(0).normal(size=(40, 3))
    raw[::7, 1] = np.nan
    raw[:, 2] = np.nan
    target = np.arange(40) % 2
    scores = by_name(probe(raw[:, :1], raw, target))
    assert all(np.isfinite(value) for value in scores.values())


@pytest.mark.parametrize(
    ("target", "folds"), [(np.zeros(9, int), 5), (np.array([0] * 8 + [1]), 5), (np.arange(9) % 2, 1)]
)
def test_what_cannot_be_probed(target: np.ndarray, folds: int) -> None:
    with pytest.raises(InputError, match=r"two classes|on 1 folds"):
        probe(np.ones((9, 2)), np.ones((9, 2)), target, folds)
    with pytest.raises(InputError, match="too few samples whose number"):
        probe(np.ones((9, 2)), np.ones((9, 2)), np.array([1.0, 2.0, 3.0] + [np.nan] * 6))


def test_it_can_be_cancelled() -> None:
    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        probe(np.ones((9, 2)), np.ones((9, 2)), np.arange(9) % 2, 2, progress=Stop())
