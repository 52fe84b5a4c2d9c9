"""Forecasts: what is past and what is future, what they are compared with, and the recipes that make them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.models.forecaster import Forecaster
from explorer.models.forecasts import AutoRegression, futures, pasts, persistence
from explorer.models.parts.composition import Coded, Pass
from explorer.models.parts.future import Within, future_of, is_future, past_of
from explorer.models.parts.reconstruction import SquaredError
from explorer.models.recipes.composite_autoencoder import CompositeAutoencoder
from explorer.models.recipes.future_predictor import FuturePredictor
from explorer.training.step import Batch, Step
from tests.models.conftest import padded, unequal

LENGTHS = np.array([6, 3, 1])
SERIES = np.array([[1, 2, 3, 4, 5, 6], [1, 2, 3, 9, 9, 9], [1, 9, 9, 9, 9, 9]], np.float32)[:, :, None]
NAN = np.nan


def waves(n: int = 200, steps: int = 20, seed: int = 0) -> Dataset:
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 6.28, (n, 1)) + rng.uniform(0.4, 0.9, (n, 1)) * np.arange(steps)
    clean = (3 + np.sin(angle)).astype(np.float32)[:, :, None]
    noise = rng.standard_normal(clean.shape, dtype=np.float32)
    return Dataset(values=clean + np.float32(0.05) * noise, targets=clean)


def same(found: np.ndarray, wanted: list[list[float]]) -> None:
    np.testing.assert_array_equal(found[..., 0], np.array(wanted, np.float32))


# Known answers


def test_the_future_is_the_last_steps_before_a_series_own_end() -> None:
    same(futures(SERIES, LENGTHS, 2), [[5, 6], [2, 3], [NAN, NAN]])
    same(futures(SERIES, None, 2), [[5, 6], [9, 9], [9, 9]])
    same(pasts(SERIES, LENGTHS, 2, 3), [[2, 3, 4], [1, 1, 1], [1, 1, 1]])
    same(persistence(SERIES, LENGTHS, 2), [[4, 4], [1, 1], [1, 1]])


def test_persistence_repeats_the_last_known_value() -> None:
    holes = SERIES[:1].copy()
    holes[0, [0, 2, 3]] = NAN
    same(persistence(holes, None, 2), [[2, 2]])
    same(pasts(holes, None, 2, 4), [[2, 2, 2, 2]])
    holes[0, :4] = NAN
    assert np.isnan(persistence(holes, None, 2)).all()


def test_an_autoregression_finds_the_process() -> None:
    rng = np.random.default_rng(0)
    x = np.zeros((100, 60, 2))
    for t in range(2, 60):
        noise = rng.standard_normal((100, 2))
        x[:, t, 0] = 1 + 1.2 * x[:, t - 1, 0] - 0.5 * x[:, t - 2, 0] + noise[:, 0]
        x[:, t, 1] = -0.8 * x[:, t - 1, 1] + noise[:, 1]
    found = AutoRegression.fit(x.astype(np.float32), 2)
    np.testing.assert_allclose(found.weights, [[1, -0.5, 1.2], [0, 0, -0.8]], atol=0.05)
    one = found.forecast(x.astype(np.float32), None, 2)
    first = found.weights[0, 0] + x[:, 56:58, 0] @ found.weights[0, 1:]
    np.testing.assert_allclose(one[:, 0, 0], first, rtol=1e-4)
    second = found.weights[0, 0] + found.weights[0, 1] * x[:, 57, 0] + found.weights[0, 2] * first
    np.testing.assert_allclose(one[:, 1, 0], second, rtol=1e-4)


def test_an_autoregression_continues_a_sine_and_a_constant() -> None:
    t = np.arange(40)
    x = np.stack([np.sin(0.3 * t), np.full(40, 5.0)], axis=1)[None].astype(np.float32)
    forecast = AutoRegression.fit(x, 6).forecast(x, None, 5)
    np.testing.assert_allclose(forecast[0], x[0, 35:], atol=0.02)


def test_batches_are_parted_at_each_series_own_end() -> None:
    x = torch.from_numpy(SERIES)
    batch = Batch(x, 10 * x, None, torch.from_numpy(LENGTHS))
    past, future = past_of(batch, 2), future_of(batch, 2)
    assert past.inputs[..., 0].tolist() == [[1, 2, 3, 4], [1, 0, 0, 0], [1, 0, 0, 0]]
    assert past.lengths is not None and past.lengths.tolist() == [4, 1, 1]
    assert future.targets[..., 0].tolist() == [[50, 60], [20, 30], [0, 0]]
    assert future.lengths is not None and future.lengths.tolist() == [2, 2, 0]
    assert is_future(batch, 2)[:, :, 0].sum(1).tolist() == [2, 5, 5]
    whole = Batch(x, x)
    assert torch.equal(past_of(whole, 2).inputs, x[:, :4]) and torch.equal(future_of(whole, 2).inputs, x[:, 4:])


def test_a_side_of_an_error_knows_nothing_of_the_other() -> None:
    x = torch.from_numpy(SERIES)
    observed = torch.ones_like(x, dtype=torch.bool)
    observed[0, 5] = False
    batch = Batch(x, x, observed)
    output = torch.full_like(x, torch.nan)
    output[:, 4:] = x[:, 4:] + 2
    output.requires_grad_()
    nothing = torch.zeros(3, 1)
    seen: Any = Pass(None, batch, nothing, Coded(nothing, nothing), output)  # type: ignore[arg-type] - not looked at
    step = Step(0, 1, True, torch.Generator())
    value, share = Within(SquaredError(), "future", 2)(seen, step)
    assert value.item() == 4.0
    share.backward()
    assert output.grad is not None and (output.grad[:, :4] == 0).all() and output.grad[0, 5] == 0
    assert Within(SquaredError(), "past", 2).name == "past_mse"


# Recipes


@pytest.fixture(scope="module", params=[FuturePredictor, CompositeAutoencoder])
def model(request: pytest.FixtureRequest) -> Forecaster:
    torch.set_num_threads(1)
    return request.param(hidden=16, latent_dim=4, horizon=4, epochs=40, batch_size=16, learning_rate=0.02).fit(waves())


def test_it_beats_what_anyone_could_do(model: Forecaster) -> None:
    test = waves(seed=1)
    errors = model.forecast_errors(test)
    assert {name: each.shape for name, each in errors.items()} == dict.fromkeys(errors, (4,))
    assert (errors["model"] < errors["persistence"]).all()
    measured = model.measure(test)
    assert measured["forecast_mse"] == pytest.approx(errors["model"].mean())
    assert measured["persistence_mse"] == pytest.approx(
        float(np.mean((test.clean[:, 16:] - test.values[:, 15:16]) ** 2)), rel=1e-5
    )
    again = LatentModel.from_bytes(model.to_bytes())
    assert isinstance(again, Forecaster) and again.measure(test) == measured and again.horizon_ == 4


def test_the_future_is_not_looked_at(model: Forecaster) -> None:
    test = waves(seed=2)
    hidden = test.values.copy()
    hidden[:, -4:] = 1e3
    np.testing.assert_array_equal(model.transform(test.values), model.transform(hidden))
    np.testing.assert_array_equal(model.forecast(test.values), model.forecast(hidden))
    assert model.forecast(test).shape == (200, 4, 1)


def test_what_is_written(model: Forecaster) -> None:
    test = waves(seed=2)
    written = model.reconstruct(test)
    np.testing.assert_array_equal(model.forecast(test), written[:, -4:])
    assert np.isnan(written[:, :-4]).all() == (model.decodes == "future")
    assert np.isfinite(written[:, -4:]).all()
    assert np.isnan(model.errors(test)[:, :-4]).all() == (model.decodes == "future")


@pytest.mark.parametrize("recipe", [FuturePredictor, CompositeAutoencoder])
def test_the_scale_is_that_of_the_past(recipe: type[Forecaster]) -> None:
    data = waves()
    other = replace(data, values=data.values.copy(), targets=None)
    other.values[:, -4:] *= 100
    scalers = [recipe(hidden=4, horizon=4, epochs=1).fit(each)._scaler for each in (data, other)]
    np.testing.assert_array_equal(scalers[0].scale_, scalers[1].scale_)
    assert data.values[data.indices("train")][:, :-4].mean() == pytest.approx(float(scalers[0].shift_.item()), rel=1e-5)


@pytest.mark.parametrize("recipe", [FuturePredictor, CompositeAutoencoder])
@pytest.mark.parametrize("decoder", ["unconditioned", "conditioned"])
def test_series_of_unequal_lengths_are_forecast_at_their_own_ends(recipe: type[Forecaster], decoder: Any) -> None:
    data = unequal(steps=14)
    assert data.lengths is not None
    model = recipe(hidden=6, horizon=3, epochs=2, decoder=decoder, frame=2).fit(data)
    longer = padded(data, 4, 50.0)
    assert np.abs(model.transform(data) - model.transform(longer)).max() < 1e-6
    forecast = model.forecast(data)
    assert np.isfinite(forecast).all()
    np.testing.assert_allclose(model.forecast(longer), forecast, atol=1e-5)
    written = model.reconstruct(data)
    for i, length in enumerate(data.lengths):
        np.testing.assert_array_equal(written[i, length - 3 : length], forecast[i])
    # The future of a shorter series is past the code, too.
    hidden = data.values.copy()
    future = (np.arange(14) >= data.lengths[:, None] - 3) & (np.arange(14) < data.lengths[:, None])
    hidden[future] = 77.0
    np.testing.assert_array_equal(model.transform(replace(data, values=hidden)), model.transform(data))
    assert model.measure(data).keys() >= {"forecast_mse", "persistence_mse", "autoregression_mse"}


def test_a_horizon_that_leaves_no_past_is_refused() -> None:
    with pytest.raises(InputError, match="horizon of 20 steps"):
        FuturePredictor(horizon=20, epochs=1).fit(waves())
    assert FuturePredictor(epochs=1, hidden=4).fit(waves(40)).horizon_ == 4


def test_a_branch_without_weight_learns_nothing() -> None:
    model = CompositeAutoencoder(hidden=4, epochs=2, forecast_weight=0.0, seed=1).fit(waves(60))
    other = CompositeAutoencoder(hidden=4, epochs=1, forecast_weight=0.0, seed=1).fit(waves(60))
    first, second = (
        {name: array for name, array in each._arrays().items() if "decoder.future" in name} for each in (model, other)
    )
    assert first and all(np.array_equal(array, second[name]) for name, array in first.items())
    assert {"past_mse", "future_mse", "loss"} == model.history_.epochs[0].train.keys()


def test_answers_of_characters_are_counted() -> None:
    rng = np.random.default_rng(0)
    question = rng.integers(0, 3, (120, 2))
    text = np.column_stack([question, question[:, ::-1]])
    data = Dataset(values=np.eye(3, dtype=np.float32)[text])
    for decoder in ("unconditioned", "conditioned"):
        model = FuturePredictor(horizon=2, hidden=24, epochs=40, batch_size=16, learning_rate=0.02, decoder=decoder)
        measured = model.fit(data).measure(data)
        assert measured["exact_match"] > 0.9 and measured["character_accuracy"] >= measured["exact_match"]
        right = (model.forecast(data).argmax(-1) == text[:, 2:]).all(axis=1).mean()
        assert measured["exact_match"] == pytest.approx(right)
