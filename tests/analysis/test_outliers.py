"""Scores of outliers, and what they are judged by."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis import outliers
from explorer.analysis.outliers import anomalies, baseline_errors, fold_back, judge, sample_scores, step_scores
from explorer.data.dataset import Dataset
from explorer.errors import InputError


def test_means_over_what_is_known() -> None:
    errors = np.array([[[1.0, 3.0], [np.nan, 5.0]], [[np.nan, np.nan], [np.nan, np.nan]]])
    np.testing.assert_allclose(sample_scores(errors), [3.0, np.nan])
    np.testing.assert_allclose(step_scores(errors), [[2.0, 5.0], [np.nan, np.nan]])


def test_windows_are_folded_back() -> None:
    windows = np.array([[1.0, 2.0, 3.0], [10.0, np.nan, 30.0], [7.0, 7.0, 7.0]])
    found = fold_back(windows, np.array([0, 1, 6]), 10)
    np.testing.assert_allclose(found, [1, 6, 3, 30, np.nan, np.nan, 7, 7, 7, np.nan])
    assert len(fold_back(windows, np.array([0, 1, 6]))) == 9


def test_folding_back_what_was_cut_gives_it_again() -> None:
    rng = np.random.default_rng(0)
    recording = rng.normal(size=100)
    starts = np.arange(0, 81, 5)
    windows = np.stack([recording[start : start + 20] for start in starts])
    np.testing.assert_allclose(fold_back(windows, starts), recording)


def test_judged_by_hand() -> None:
    """Ranked: anomaly, normal, anomaly, normal. Precision at the anomalies 1 and 2/3; 3 of 4 pairs are in order."""
    found = judge(np.array([True, False, True, False, True]), np.array([4.0, 3.0, 2.0, 1.0, np.nan]))
    assert found == pytest.approx({"roc_auc": 0.75, "average_precision": (1 + 2 / 3) / 2, "prevalence": 0.5})


def test_ties_are_worth_half() -> None:
    assert judge(np.array([True, False]), np.zeros(2))["roc_auc"] == 0.5


def test_random_scores_reach_the_prevalence() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random(20_000) < 0.1
    found = judge(truth, rng.random(20_000))
    assert found["average_precision"] == pytest.approx(found["prevalence"], abs=0.01)
    assert found["roc_auc"] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("truth", [np.ones(3, bool), np.zeros(3, bool)])
def test_one_class_alone_tells_nothing(truth: np.ndarray) -> None:
    assert judge(truth, np.arange(3.0)) == {}


def series(**fields: object) -> Dataset:
    return Dataset(values=np.zeros((5, 3, 1), np.float32), **fields)  # type: ignore[arg-type]


def test_masks_tell_of_steps_and_samples() -> None:
    masks = np.array([[0, 0, 0], [0, 1, 0], [-1, 0, 2], [-1, -1, -1], [0, 0, -1]])
    truth = anomalies(series(masks=masks, mask_names=("normal", "spike", "drift")))
    assert truth is not None
    assert truth.names == ["spike", "drift"]
    assert truth.samples.tolist() == [0, 1, 1, -1, 0]
    assert truth.steps is not None
    assert truth.steps.tolist() == [[0, 0, 0], [0, 1, 0], [-1, 0, 1], [-1, -1, -1], [0, 0, -1]]
    chosen = anomalies(series(masks=masks, mask_names=("normal", "spike", "drift")), ["drift"])
    assert chosen is not None
    assert chosen.samples.tolist() == [0, 0, 1, -1, 0]


@pytest.mark.parametrize(
    ("names", "labels", "found"),
    [
        (("normal", "point anomaly", "Outlier"), [0, 0, 1, 2, -1], ["point anomaly", "Outlier"]),
        (("a", "b"), [0, 0, 0, 1, 1], ["b"]),
        (("a", "b"), [1, 1, 1, 0, -1], ["a"]),
        (("a", "b"), [1, 1, 0, 0, -1], None),
        (("a", "b", "c"), [0, 0, 0, 1, 2], None),
    ],
)
def test_which_labels_are_anomalies(names: tuple[str, ...], labels: list[int], found: list[str] | None) -> None:
    truth = anomalies(series(labels=np.array(labels), class_names=names))
    assert (None if truth is None else truth.names) == found
    if truth is not None:
        wanted = [-1 if label < 0 else int(names[label] in truth.names) for label in labels]
        assert truth.samples.tolist() == wanted


def test_anomalies_that_one_names() -> None:
    data = series(labels=np.array([0, 1, 2, 0, 0]), class_names=("a", "b", "c"))
    truth = anomalies(data, ["b", "c"])
    assert truth is not None
    assert truth.samples.tolist() == [0, 1, 1, 0, 0]
    with pytest.raises(InputError, match=r"there is no class 'd'.*a, b, c"):
        anomalies(data, ["d"])
    assert anomalies(series()) is None


def test_baselines_learn_from_the_train_part_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    phase = rng.uniform(0, 2 * np.pi, 60)
    values = np.sin(2 * np.pi * np.arange(16) / 8 + phase[:, None])[..., None].astype(np.float32)
    split = np.zeros(60, np.int8)
    split[-10:] = 2
    values[-1] = 5.0  # far from everything
    values[-2] = values[0]  # as in training
    values[-3, 4] = np.nan
    data = Dataset(values=values, split=split)
    rows = data.indices("test")
    found = baseline_errors(data, rows)
    assert list(found) == ["random", "|x|", "pca", "1-nn"]
    for name, errors in found.items():
        assert errors.shape == (10, 16, 1)
        scores = sample_scores(errors)
        assert np.isnan(errors[-3]).sum() == 1, name
        if name != "random":
            assert scores.argmax() == 9, name
    assert sample_scores(found["1-nn"])[-2] == 0
    # Sines of one frequency lie in a plane, which PCA finds.
    assert sample_scores(found["pca"])[:7].max() < 1e-6
    standard = (values[rows] - values[:50].mean()) / values[:50].std()
    np.testing.assert_allclose(found["|x|"], standard**2, rtol=1e-4)
    spoilt = values.copy()
    spoilt[-5:] *= 100
    again = baseline_errors(Dataset(values=spoilt, split=split), rows)
    np.testing.assert_array_equal(again["pca"][:5], found["pca"][:5])
    monkeypatch.setattr(outliers, "MOST", 20)
    assert np.isfinite(sample_scores(baseline_errors(data, rows)["1-nn"])).all()


def test_baselines_need_training_samples() -> None:
    with pytest.raises(InputError, match="no sample is for training"):
        baseline_errors(series(split=np.full(5, 2, np.int8)), np.arange(5))
