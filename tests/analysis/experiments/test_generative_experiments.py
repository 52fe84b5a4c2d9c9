"""The experiments of variational models, cut down."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.experiments.linear_vae import LinearVAE, jittered, probabilistic_pca
from explorer.analysis.experiments.recurrent_vae import RecurrentVAEPeriodic
from explorer.analysis.experiments.vae_digits import NETWORKS, VAEDigits
from explorer.progress import Silent


def test_probabilistic_pca_has_its_known_likelihood() -> None:
    data = jittered()
    assert probabilistic_pca(8, data) == pytest.approx((10.864, 0.0297), abs=6e-4)
    assert probabilistic_pca(32, data)[0] == pytest.approx(25.85, abs=5e-3)


def test_a_linear_vae_in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    short = {"batch_size": 130, "epochs": 10, "learning_rate": 0.03}
    monkeypatch.setattr(LinearVAE, "learning", {8: short, 32: short})
    found = LinearVAE().measure(0, Silent())
    assert {target.measure for target in LinearVAE.targets} <= found.values.keys()
    assert all(np.isfinite(value) for value in [*found.values.values(), *found.baselines.values()])
    assert found.values["elbo_k8"] > found.baselines["one_gaussian_likelihood"]
    assert found.values["elbo_k8"] < found.baselines["ppca_likelihood_k8"]


def test_vaes_of_digits_in_short() -> None:
    found = VAEDigits(epochs=3).measure(0, Silent())
    assert {target.measure for target in VAEDigits.targets} <= found.values.keys()
    assert all(np.isfinite(value) for value in [*found.values.values(), *found.baselines.values()])
    assert found.baselines["ppca_likelihood_k8"] == pytest.approx(10.45, abs=0.02)  # of fewer samples than in `pca`
    for net in NETWORKS:
        assert found.values[f"{net}_tightening_k8"] > 0
        assert 0.2 < found.values[f"{net}_knn_accuracy_k8"] < 1


def test_a_recurrent_vae_in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecurrentVAEPeriodic, "epochs", 1)
    found = RecurrentVAEPeriodic().measure(0, Silent())
    assert {target.measure for target in RecurrentVAEPeriodic.targets} <= found.values.keys()
    assert all(np.isfinite(value) for value in [*found.values.values(), *found.baselines.values()])
    assert found.baselines["mean_mse_within"] == pytest.approx(0.5, abs=0.05)
