"""A rare digit: what is learnt from, and a cut-down run."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.experiments.outliers import KEPT, Outliers, with_rare
from explorer.data.generated import make
from explorer.progress import Silent


def test_a_few_of_the_digit_are_left_to_learn_from_and_all_to_judge_by() -> None:
    data = make("digits", seed=0)
    images, rare = with_rare(data, 4, seed=0)
    assert images.labels is None
    assert (rare & (images.split != 2)).sum() == KEPT
    assert (rare & (images.split == 2)).sum() == (data.labels[data.indices("test")] == 4).sum()
    others = data.labels != 4
    np.testing.assert_array_equal(images.values[~rare], data.values[others])
    np.testing.assert_array_equal(images.split[~rare], data.split[others])


def test_a_cut_down_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Outliers, "digits", (0,))
    monkeypatch.setattr(Outliers, "epochs", 20)
    found = Outliers().measure(0, Silent())
    assert {target.measure for target in Outliers.targets} <= set(found.values)
    assert found.values["auroc"] > 0.9 and abs(found.baselines["random_auroc"] - 0.5) < 0.2
    assert found.baselines["prevalence"] == pytest.approx(0.1, abs=0.02)
