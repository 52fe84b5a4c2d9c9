"""Continuous time: the solver's known answers, and cut-down runs of what takes minutes."""

from __future__ import annotations

from functools import partial

import pytest

from explorer.analysis.experiments import latent_ode_periodic, latent_ode_spirals
from explorer.analysis.experiments.latent_ode_periodic import LatentOdePeriodic
from explorer.analysis.experiments.latent_ode_spirals import LatentOdeSpirals
from explorer.analysis.experiments.neural_ode import NeuralOde
from explorer.data.generated import make
from explorer.progress import Silent


def test_the_solver_keeps_its_tolerance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.analysis.experiments.neural_ode.RTOLS", (1e-2, 1e-3, 1e-4, 1e-5))
    found = NeuralOde().measure(5, Silent())
    assert found.values["error_1e-05"] < 1e-4
    assert found.values["least_fall_a_decade"] > 3
    assert found.values["direct_adjoint_difference"] < 1e-4
    assert found.baselines["rk4_error_same_evaluations"] > 3 * found.values["error_1e-04"]


def test_every_figure_of_the_waves_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent_ode_periodic, "make", partial(make, n=24, observed=6, hidden=2, ahead=4))
    monkeypatch.setattr(latent_ode_periodic, "EPOCHS", 2)
    monkeypatch.setattr(latent_ode_periodic, "LOOKED", (1, 2))
    found = LatentOdePeriodic().measure(0, Silent())
    assert {"mse_epoch_1", "mse_epoch_2", "mse_within", "mse_hidden", "mse_ahead", "kl"} <= set(found.values)
    assert {"mean_mse_hidden", "last_value_mse_ahead", "straight_lines_mse_within", "ode_rnn_mse_ahead"} <= set(
        found.baselines
    )


def test_every_figure_of_the_spirals_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent_ode_spirals, "make", partial(make, n=24, observed=6, ahead=4))
    monkeypatch.setattr(latent_ode_spirals, "EPOCHS", 1)
    found = LatentOdeSpirals().measure(0, Silent())
    assert found.values["rmse_within"] > 0 and found.values["rmse_ahead"] > 0
    assert found.baselines["mean_rmse_within"] > found.baselines["straight_lines_rmse_within"]
