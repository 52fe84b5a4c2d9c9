"""Models in continuous time: what they write, what they learn from, and what they refuse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.models.continuous import ContinuousModel
from explorer.models.recipes.latent_ode import LatentOde
from explorer.models.recipes.neural_ode import NeuralOde
from explorer.models.recipes.ode_rnn import OdeRnn

RECIPES = (NeuralOde, OdeRnn, LatentOde)


def waves(n: int = 40) -> Dataset:
    return make("periodic", n=n, observed=12, hidden=4, ahead=8)


def made(recipe: type[ContinuousModel], **params: object) -> ContinuousModel:
    return recipe(**{"epochs": 2, "hidden": 12, "encoder": 8, "latent_dim": 3, "batch_size": 16, **params})  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=RECIPES)
def model(request: pytest.FixtureRequest) -> ContinuousModel:
    return made(request.param).fit(waves())


def test_a_code_is_a_curve_that_goes_on_beyond_what_was_learnt(model: ContinuousModel) -> None:
    data = waves()
    times = model.output_times_
    assert times[0] == pytest.approx(data.times[data.split == 0].min(), abs=1e-6)
    assert times[-1] > 9.5  # nothing after 5 was learnt from, and as much again is written
    codes = model.transform(data)
    curves = model.inverse_transform(codes)
    assert curves.shape == (len(data), len(times), 1)
    np.testing.assert_allclose(model.curves(data, times), curves, atol=1e-4)
    np.testing.assert_allclose(model.curves_of(codes, data.times), model.reconstruct(data), atol=1e-3)
    assert model.evaluations_ > 0
    assert model.measure(data)["function_evaluations"] > 0
    with pytest.raises(InputError, match="do not ascend"):
        model.curves(data, np.array([1.0, 0.5]))


def test_a_shift_of_all_clocks_changes_nothing_but_the_times(model: ContinuousModel) -> None:
    data = waves()
    assert data.times is not None
    later = made(type(model)).fit(replace(data, times=data.times + 1000.0))
    np.testing.assert_allclose(
        later.transform(replace(data, times=data.times + 1000.0)), model.transform(data), atol=1e-4
    )
    np.testing.assert_allclose(later.output_times_, model.output_times_ + 1000.0)


def test_what_lies_ahead_reaches_no_code_and_no_weight(model: ContinuousModel) -> None:
    data = waves()
    assert data.targets is not None
    told = replace(data, targets=np.where(data.split[:, None, None] == 2, np.float32(77.0), data.targets))
    np.testing.assert_array_equal(made(type(model)).fit(told).transform(told), model.transform(data))
    # Learning from what was seen alone, it does not look at what was hidden, either.
    seen = made(type(model), target="input").fit(data)
    hidden = np.where(np.isnan(data.values), np.float32(9.0), data.targets)
    np.testing.assert_array_equal(
        made(type(model), target="input").fit(replace(data, targets=hidden)).transform(data), seen.transform(data)
    )


def test_it_is_saved_with_its_clock(model: ContinuousModel) -> None:
    data = waves()
    again = LatentModel.from_bytes(model.to_bytes())
    assert isinstance(again, type(model))
    np.testing.assert_array_equal(again.output_times_, model.output_times_)
    np.testing.assert_array_equal(again.reconstruct(data), model.reconstruct(data))


def test_a_record_without_any_observation_is_told(model: ContinuousModel) -> None:
    data = waves()
    values = data.values.copy()
    values[3] = np.nan
    empty = replace(data, values=values, observed=np.isfinite(values))
    for use in (model.transform, model.reconstruct, made(type(model)).fit):
        with pytest.raises(InputError, match="the record has no observation") as caught:
            use(empty)
        assert "sample '3'" in str(caught.value)


def test_regular_series_are_curves_too() -> None:
    data = make("sines", n=40, n_steps=20)
    model = made(NeuralOde, beyond=0.5).fit(data)
    assert model.output_times_[-1] == pytest.approx(1.5 * 19, rel=0.02)
    assert model.reconstruct(data).shape == data.values.shape


@pytest.mark.parametrize("gradients", ["direct", "adjoint"])
def test_both_gradients_train(gradients: str) -> None:
    model = made(NeuralOde, epochs=6, gradients=gradients, learning_rate=0.02).fit(waves(60))
    losses = [epoch.train["loss"] for epoch in model.history_.epochs]
    assert losses[-1] < 0.97 * losses[0]


def test_an_equation_that_runs_away_keeps_the_last_good_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from explorer.models.parts.dynamics import Field
    from explorer.training.history import Epoch

    data, broken = waves(), []
    sound = Field.forward
    monkeypatch.setattr(Field, "forward", lambda self, t, z: torch.exp(z * 1e4) if broken else sound(self, t, z))

    class Breaks:
        def report(self, fraction: float, message: str = "", payload: object = None) -> None:
            if isinstance(payload, Epoch) and payload.number == 2:
                broken.append(True)

        def cancelled(self) -> bool:
            return False

    model = made(NeuralOde, epochs=5, patience=0).fit(data, progress=Breaks())
    assert model.history_.stopped == "diverged"
    assert len(model.history_.epochs) == 2
    assert "The solver's" in model.history_.notes[0] and "the weights of epoch" in model.history_.notes[0]
    broken.clear()
    assert np.isfinite(model.reconstruct(data)).all()
    broken.append(True)
    with pytest.raises(InputError, match="the solver's"):
        model.inverse_transform(np.ones((1, 3), np.float32))
    with pytest.raises(InputError, match="in the first epoch, so nothing was learnt"):
        made(NeuralOde).fit(data)
