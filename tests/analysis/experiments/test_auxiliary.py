"""Stays in intensive care: what nets and regressions get to see of them, and a cut-down run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.analysis.experiments import auxiliary
from explorer.analysis.experiments.auxiliary import Auxiliary, carried_forward, summaries
from explorer.data.dataset import Dataset
from explorer.progress import Silent


def stays(n: int = 200, steps: int = 6, variables: int = 3, seed: int = 0) -> Dataset:
    """Return stays of which the sicker have a higher first variable."""
    rng = np.random.default_rng(seed)
    died = (rng.random(n) < 0.3).astype(np.int64)
    values = rng.standard_normal((n, steps, variables)).astype(np.float32)
    values[:, :, 0] += 1.5 * died[:, None]
    values[rng.random(values.shape) < 0.5] = np.nan
    values[:, :, 2] = np.where(np.isfinite(values[:, :, 2]), 1.0, np.nan)  # as "ventilated" is noted
    values[0] = [[1, np.nan, np.nan], [np.nan, 2, np.nan], [0.5, np.nan, np.nan], *[[np.nan] * 3] * 3]
    return Dataset(
        values=values,
        labels=died,
        class_names=("survived", "died"),
        columns={
            "age": rng.uniform(20, 90, n),
            "gender": np.array(["male", "female", "unknown"])[rng.integers(3, size=n)],
        },
    )


def test_inputs_are_carried_forward_and_targets_are_what_was_measured() -> None:
    data = stays()
    ready = carried_forward(data)
    nan = np.nan
    np.testing.assert_array_equal(ready.values[0, :, 0], np.float32([1, 1, 0.5, 0.5, 0.5, 0.5]))
    np.testing.assert_array_equal(ready.values[0, :, 1], np.float32([nan, 2, 2, 2, 2, 2]))
    np.testing.assert_array_equal(ready.values[0, :, 3], np.float32([1, 0, 1, 0, 0, 0]))
    np.testing.assert_allclose(ready.values[:, 4, 6], data.columns["age"], rtol=1e-6)
    np.testing.assert_array_equal(np.isfinite(ready.targets[:, :, :3]), np.isfinite(data.values))
    assert np.isnan(ready.targets[:, :, 3:]).all()
    assert len(ready.channel_names) == ready.values.shape[2] == 2 * 3 + 2


def test_summaries_are_those_of_what_was_measured() -> None:
    data = stays()
    found = summaries(data)[0, :21].reshape(7, 3)
    by_hand = [[0.75, 2], [0.25, 0], [0.5, 2], [1, 2], [1, 2], [0.5, 2], [np.log(3), np.log(2)]]
    np.testing.assert_allclose(found[:, :2], by_hand, rtol=1e-5)
    assert np.isnan(found[:6, 2]).all() and found[6, 2] == 0
    np.testing.assert_allclose(summaries(data)[:, 21], data.columns["age"])


def test_nothing_of_the_test_part_decides_where_values_are_cut() -> None:
    data = stays()
    spoilt = data.values.copy()
    spoilt[data.indices("test")] *= 1e3
    train = data.indices("train")
    ours, theirs = (carried_forward(each).values[train] for each in (data, replace(data, values=spoilt)))
    np.testing.assert_array_equal(ours, theirs)


def test_few_labels_are_a_tenth_of_those_to_learn_from() -> None:
    data = stays(n=1000)
    few = auxiliary._fewer(data, seed=1)
    for part, share in (("train", 0.1), ("validation", 0.1), ("test", 1.0)):
        rows = data.indices(part)
        known = rows[few.labels[rows] >= 0]
        assert len(known) == pytest.approx(share * len(rows), abs=1.5)
        np.testing.assert_array_equal(few.labels[known], data.labels[known])


def test_a_cut_down_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Auxiliary, "epochs", 2)
    data = stays()
    found = Auxiliary().judge(data, data, 0, Silent())
    assert {target.measure for target in Auxiliary.targets} <= set(found.values)
    assert all(np.isfinite(value) for value in [*found.values.values(), *found.baselines.values()])
    assert found.baselines["logistic_auroc"] > 0.7
    assert found.values["auroc_over_control"] == found.values["auroc"] - found.values["auroc_control"]
    assert not any(name.startswith("reconstruction") and "control" in name for name in found.values)
    again = Auxiliary().judge(data, data, 0, Silent())
    assert again == found
