"""Measures of generated samples, on samples whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ks_2samp, wasserstein_distance

from explorer.analysis.generation.features import Features, summaries
from explorer.analysis.generation.fidelity import compare_variables, correlation, distances
from explorer.analysis.generation.manifold import manifold_scores
from explorer.analysis.generation.memory import memory_scores
from explorer.analysis.generation.usefulness import useful_scores
from explorer.data.dataset import Dataset


def normal(n: int, width: int = 3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, width))


# Variables


def test_the_distances_are_scipys() -> None:
    first, second = normal(200, 1)[:, 0], 2 * normal(150, 1, seed=1)[:, 0] + 1
    first[:20] = second[:20]  # ties
    ks, wasserstein = distances(first, second)
    assert ks == pytest.approx(ks_2samp(first, second).statistic)
    assert wasserstein == pytest.approx(wasserstein_distance(first, second))
    assert distances(first, first) == (0, 0)


def test_the_correlation_is_numpys_where_nothing_is_missing() -> None:
    values = normal(300, 4) @ normal(4, 4, seed=1) + 1e4
    np.testing.assert_allclose(correlation(values), np.corrcoef(values.T), atol=1e-6)


def test_the_correlation_is_that_of_the_rows_at_which_both_are_there() -> None:
    values = normal(400, 2) @ np.array([[1.0, 0.5], [0.0, 1.0]])
    values[:200, 0], values[250:, 1] = np.nan, np.nan
    both = values[200:250]
    assert correlation(values)[0, 1] == pytest.approx(np.corrcoef(both.T)[0, 1])
    values[225:, 1] = np.nan  # 25 pairs are too few
    assert np.isnan(correlation(values)[0, 1])


def test_variables_are_compared_one_by_one() -> None:
    real = normal(3000, 2).reshape(1000, 3, 2)
    made = real + np.array([0.0, 2.0])  # a shift of two deviations
    made[:, :, 0][np.random.default_rng(2).random((1000, 3)) < 0.25] = np.nan
    found = compare_variables(real, made, ("same", "shifted"))
    assert found.ks[0] < 0.05 and found.ks[1] == pytest.approx(0.68, abs=0.03)  # 2 Φ(1) − 1
    assert found.wasserstein[1] == pytest.approx(2, abs=0.08)
    np.testing.assert_allclose(found.made_rate, [0.75, 1], atol=0.02)
    scores = found.scores()
    assert scores["missingness_error"] == pytest.approx(0.125, abs=0.01)
    assert scores["correlation_error"] < 0.06


def test_a_variable_that_is_never_there_is_told() -> None:
    real = normal(100, 2).reshape(50, 2, 2)
    made = real.copy()
    made[..., 1] = np.nan
    assert compare_variables(real, made, ("a", "b")).ks.tolist() == [0, 1]


# Manifolds


def test_real_against_real_covers() -> None:
    found = manifold_scores(normal(800), normal(800, seed=1))
    assert min(found["precision"], found["recall"], found["coverage"]) > 0.9
    assert found["density"] == pytest.approx(1, abs=0.08)


def test_one_sample_again_and_again_covers_nothing() -> None:
    real = normal(800)
    found = manifold_scores(real, np.repeat(real[:1], 800, axis=0))
    assert found["precision"] == 1
    assert found["recall"] < 0.01 and found["coverage"] < 0.02


def test_outliers_are_imprecise_and_a_lost_mode_is_no_recall() -> None:
    modes = np.repeat([[-10.0, 0, 0], [10.0, 0, 0]], 300, axis=0)
    real, one = normal(600) + modes, normal(600, seed=1) + modes[0]
    found = manifold_scores(real, one)
    assert found["precision"] > 0.9
    assert found["recall"] == pytest.approx(0.5, abs=0.05) and found["coverage"] == pytest.approx(0.5, abs=0.05)
    far = manifold_scores(real, real + 100)
    assert far["precision"] == far["coverage"] == 0


# Memory


def test_copies_of_the_training_samples_are_caught() -> None:
    train, unseen = normal(500), normal(500, seed=1)
    copied = memory_scores(train, unseen, train[:200] + 1e-4)
    assert copied["closer_to_train"] > 0.99 and copied["closer_low"] > 0.9 and copied["closer_p"] < 1e-6
    assert copied["copies"] == 1
    honest = memory_scores(train, unseen, normal(500, seed=2))
    assert honest["closer_low"] < 0.5 < honest["closer_high"]
    assert honest["closer_p"] > 0.05
    assert honest["copies"] < 0.05


def test_samples_near_the_same_real_one_are_one_witness() -> None:
    """The same sample a thousand times; and samples that are far from all, whose nearest is the outermost of all."""
    train, unseen = normal(500), normal(500, seed=1)
    far = np.array([30.0, 0, 0]) + 0.01 * normal(1000, seed=3)
    for made in (np.repeat(train[:1], 1000, axis=0), far):
        found = memory_scores(train, unseen, made)
        assert found["closer_low"] < 0.5 and found["closer_p"] > 0.1
        assert found["closer_to_train"] in (0, 1)


def test_the_interval_holds_the_half_as_often_as_it_should() -> None:
    held = 0
    for seed in range(60):
        train, unseen, made = (normal(200, seed=3 * seed + k) for k in range(3))
        found = memory_scores(train, unseen, made)
        held += found["closer_low"] < 0.5 < found["closer_high"]
    assert 52 <= held <= 60


def test_a_share_is_told_with_its_interval() -> None:
    """A tenth of copies among new ones: 0.55."""
    train, unseen = normal(2000), normal(2000, seed=1)
    made = np.concatenate([train[:200], normal(1800, seed=2)])
    found = memory_scores(train, unseen, made)
    assert 0.5 < found["closer_low"] < 0.55 < found["closer_high"] < 0.6


# Use


def labelled(n: int, seed: int, shift: float = 1.0) -> Dataset:
    rng = np.random.default_rng(seed)
    labels = (np.arange(n) % 2).astype(np.int64)
    values = rng.standard_normal((n, 6, 2)) + shift * labels[:, None, None]
    return Dataset(values=values.astype(np.float32), labels=labels)


def test_what_is_learnt_from_real_like_samples_holds() -> None:
    test = labelled(300, 1)
    good = useful_scores(labelled(300, 0), test, "tstr")
    assert good["tstr_auroc"] > 0.95 and good["tstr_accuracy"] > 0.9
    wrong = useful_scores(labelled(300, 0, shift=-1.0), test, "tstr")
    assert wrong["tstr_auroc"] < 0.05
    unrelated = useful_scores(labelled(300, 0, shift=0.0), test, "tstr")
    assert 0.2 < unrelated["tstr_auroc"] < 0.8


def test_without_labels_nothing_is_told_and_of_one_class_nothing_is_known() -> None:
    test = labelled(100, 1)
    assert useful_scores(Dataset(values=test.values), test, "tstr") == {}
    one = labelled(100, 0).subset(np.arange(0, 100, 2))
    assert np.isnan(useful_scores(one, test, "tstr")["tstr_auroc"])


# Features


def test_summaries_leave_out_what_is_missing() -> None:
    values = np.array([[[1.0], [np.nan], [4.0], [1.0]], [[np.nan]] * 4])
    found = summaries(values)
    np.testing.assert_allclose(found[0], [2, np.sqrt(2), 1, 4, 1, 1, np.log(4)])
    assert np.isnan(found[1, :6]).all() and found[1, 6] == 0


def test_features_are_in_units_of_the_training_samples() -> None:
    data = Dataset(values=(5 + 3 * normal(600).reshape(200, 3, 3)).astype(np.float32))
    assert Features(data).of(data.values).std() == pytest.approx(1, abs=0.01)
    with_gaps = data.values.copy()
    with_gaps[::2, 1] = np.nan
    features = Features(Dataset(values=with_gaps)).of(with_gaps)
    assert features.shape == (200, 21) and np.isfinite(features).all()
