"""What the experiments of the linear and dense models measure, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.digits import judge_codes
from explorer.analysis.experiment import EXPERIMENTS
from explorer.analysis.experiments.overcomplete import identity_check
from explorer.analysis.experiments.pca import difference
from explorer.analysis.experiments.sparse_dictionary import share_found
from explorer.data.generated import make
from explorer.models.recipes.pca import PCA


def test_pca_reaches_its_row() -> None:
    outcome = EXPERIMENTS.load("pca")().run()
    assert outcome.reached
    assert outcome.measured["test_mse_k2"].mean == pytest.approx(0.0519, abs=6e-5)


def test_a_difference_from_scikit_learn_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    data = make("digits", split_at=1300)
    train, test = data.part("train").values[:100], data.part("test").values[:20]
    assert difference(train, test) < 1e-6
    transform = PCA.transform
    monkeypatch.setattr(PCA, "transform", lambda self, X: transform(self, X) + np.float32(1e-3))
    assert difference(train, test) > 1e-4


def test_projections_copy_their_share_of_the_noise() -> None:
    data = make("digits", split_at=1300)
    clean = data.part("test").values
    noise = 0.2 * np.random.default_rng(0).standard_normal(clean.shape).astype(np.float32)
    assert identity_check(PCA(latent_dim=64).fit(data), clean, noise)["copied"] == pytest.approx(1.0, abs=1e-3)
    assert identity_check(PCA(latent_dim=16).fit(data), clean, noise)["copied"] == pytest.approx(0.25, abs=0.01)


def test_found_atoms_are_counted_whatever_their_sign_and_length() -> None:
    planted = np.eye(4)
    assert share_found(planted, -3 * planted) == 1.0
    assert share_found(planted, planted[:1]) == 0.25
    assert share_found(planted, np.zeros((2, 4))) == 0.0


def test_codes_are_judged_on_the_test_part() -> None:
    data = make("digits", split_at=1300)
    judged = judge_codes(PCA(latent_dim=8).fit(data), data)
    assert judged["test_mse"] == pytest.approx(0.0248, abs=6e-5)
    assert judged["knn_accuracy"] == pytest.approx(0.924, abs=6e-4)
