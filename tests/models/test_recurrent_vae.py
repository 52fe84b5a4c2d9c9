"""A recurrent VAE: what its decoder is shown, what it draws, and whether its code is used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from explorer.data.generated import make
from explorer.models.parts.noise import StepDropout
from explorer.models.parts.taught import TaughtDecoder
from explorer.models.recipes.recurrent_vae import RecurrentVAE
from explorer.training.step import Batch, Step
from tests.models.conftest import unequal


def step(*, training: bool) -> Step:
    return Step(0, 10, training, torch.Generator().manual_seed(0))


def test_steps_are_dropped_whole_and_only_while_training() -> None:
    x = torch.ones(50, 40, 3)
    spoilt = StepDropout(0.3)(x, step(training=True))
    assert torch.equal(spoilt.amin(-1), spoilt.amax(-1))
    assert (spoilt == 0).float().mean().item() == pytest.approx(0.3, abs=0.03)
    assert torch.equal(StepDropout(0.3)(x, step(training=False)), x)


def decoder(**options: Any) -> TaughtDecoder:
    torch.manual_seed(0)
    return TaughtDecoder(2, 8, 10, 1, "gru", **options)


def test_a_taught_decoder_sees_the_true_steps_before_and_none_after() -> None:
    made, z = decoder(), torch.randn(3, 2)
    x = torch.randn(3, 10, 1)
    changed = x.clone()
    changed[:, 6:] += 1.0
    first, second = (made(z, Batch(each, each), step(training=False)) for each in (x, changed))
    assert torch.equal(first[:, :7], second[:, :7]) and not torch.equal(first[:, 7:], second[:, 7:])
    with torch.no_grad():  # by itself it does not look at them
        free = made(z, Batch(x, x))
        assert torch.equal(free, made(z, Batch(changed, changed))) and not torch.allclose(free, first)
    blind = decoder(dropout=1.0)
    first, second = (blind(z, Batch(each, each), step(training=True)) for each in (x, changed))
    assert torch.equal(first, second)


@pytest.mark.parametrize("frame", [1, 3])
def test_draws_without_noise_are_what_it_writes_by_itself(frame: int) -> None:
    made, z = decoder(frame=frame), torch.randn(4, 2)
    with torch.no_grad():
        torch.testing.assert_close(made.drawn(z, lambda output: output), made(z))
        # A draw comes in again: noise at the first step changes those after it.
        shifted = made.drawn(z, lambda output: output + 1.0)
        assert not torch.allclose(shifted - 1.0, made(z), atol=1e-2)


@pytest.mark.parametrize("feedback", ["unconditioned", "conditioned"])
def test_it_learns_to_generate_waves(feedback: Any) -> None:
    """Waves of one frequency and random phase: codes from the prior must give waves of that frequency."""
    data = make("sines", n=300)
    model = RecurrentVAE(latent_dim=2, hidden=24, epochs=40, decoder=feedback, patience=0, batch_size=16).fit(data)
    assert model.active_units(data) >= 1 and model.elbo(data)["kl"] > 1.0
    waves = model.inverse_transform(model.sample_prior(50))[:, :, 0]
    spectrum = np.abs(np.fft.rfft(waves - waves.mean(axis=1, keepdims=True), axis=1)) ** 2
    assert np.median(spectrum[:, 1:4].sum(axis=1) / spectrum.sum(axis=1)) > 0.8
    assert waves.std(axis=0).mean() > 0.3  # and not always the same one


def test_series_of_unequal_lengths_are_judged_to_their_ends() -> None:
    data = unequal(30)
    for feedback in ("unconditioned", "conditioned"):
        model = RecurrentVAE(epochs=2, hidden=8, decoder=feedback, input_dropout=0.2).fit(data)
        each = model.log_likelihoods(data, 4)
        assert np.isfinite(each).all()
        assert model.draw(model.sample_prior(1), 3).shape == (3, 12, 2)


def test_irregular_times_count_where_they_are_told() -> None:
    data = make("periodic", n=60, observed=20, hidden=10, ahead=5)
    model = RecurrentVAE(epochs=2, hidden=12, timed=True).fit(data)
    codes = model.transform(data)
    assert data.times is not None and model.output_times_ is not None and len(model.output_times_) == 35
    later = replace(data, times=data.times + np.linspace(0, 2, 35))
    assert np.abs(model.transform(later) - codes).max() > 1e-3
    loaded = RecurrentVAE.from_bytes(model.to_bytes())
    np.testing.assert_array_equal(loaded.reconstruct(data), model.reconstruct(data))
    np.testing.assert_array_equal(loaded.output_times_, model.output_times_)
    # What was not observed is not seen, whatever stands there.
    spoilt = replace(data, values=np.where(data.observed, data.values, np.nan).astype(np.float32))
    np.testing.assert_array_equal(model.transform(spoilt), codes)
    assert np.isfinite(model.log_likelihoods(data, 4)).all() and model.draw(model.sample_prior(2)).shape == (2, 35, 1)
