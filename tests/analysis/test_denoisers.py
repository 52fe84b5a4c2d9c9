"""Denoisers on signals whose best estimate is known."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.denoisers import (
    FILTERS,
    WINDOWS,
    bayes_shrink,
    best_window,
    likeliest_phase,
    likeliest_sine,
    linear_mmse,
    moving_average,
    wiener,
)
from explorer.analysis.metrics import snr_gain_db

STEPS = np.arange(50)


def pairs(n: int = 300, cycles: float = 2.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    clean = np.sin(2 * np.pi * cycles / 50 * STEPS + rng.uniform(0, 2 * np.pi, (n, 1)))
    return clean + 0.3 * rng.standard_normal(clean.shape), clean


@pytest.mark.parametrize("levels", [1, 3])
@pytest.mark.parametrize("steps", [48, 50, 53])
def test_wavelets_without_noise_give_the_series_back(steps: int, levels: int) -> None:
    series = np.random.default_rng(0).standard_normal((4, steps))
    np.testing.assert_allclose(bayes_shrink(series, 1e-9, levels), series, atol=1e-7)
    assert np.abs(bayes_shrink(series, 10.0, levels)).mean() < np.abs(series).mean()


def test_wiener_trusts_where_much_happens() -> None:
    noisy, clean = pairs()
    np.testing.assert_allclose(wiener(noisy, 0.0, 5), noisy, atol=1e-9)
    np.testing.assert_allclose(wiener(noisy, 1e3, 5)[:, 2:-2], moving_average(noisy, 5)[:, 2:-2], atol=1e-9)
    assert snr_gain_db(clean, noisy, wiener(noisy, 0.3, 5)) > 2


def test_the_window_is_that_which_is_best_on_the_training_series() -> None:
    noisy, clean = pairs()
    errors = {window: np.mean((moving_average(noisy, window) - clean) ** 2) for window in WINDOWS}
    best = min(errors, key=lambda window: errors[window])
    assert 3 < best < 15
    np.testing.assert_allclose(best_window(FILTERS["moving_average"], clean, noisy, clean), moving_average(clean, best))
    np.testing.assert_allclose(best_window(FILTERS["moving_average"], noisy, clean, clean), moving_average(noisy, 3))
    assert snr_gain_db(clean, noisy, best_window(FILTERS["savitzky_golay_quartic"], noisy, noisy, clean)) > 7


def test_the_linear_estimate_of_two_unknowns_gains_what_it_should() -> None:
    """Sine and cosine weights of variance 1/2: each is estimated from 50 values, 14.0 dB and a little of the prior."""
    noisy, clean = pairs(20_000, seed=1)
    test_noisy, test_clean = pairs(2000, seed=2)
    gain = snr_gain_db(test_clean, test_noisy, linear_mmse(test_noisy, noisy, clean))
    assert gain == pytest.approx(14.0, abs=0.15)


def test_the_likeliest_sine_is_the_sine() -> None:
    _, clean = pairs(50, cycles=3.21)
    np.testing.assert_allclose(likeliest_sine(clean, 0.02, 0.1), clean, atol=2e-3)
    noisy, clean = pairs(1000, cycles=3.21)
    # Three unknowns in 50 values: 10 log₁₀(50 / 3) = 12.2 dB.
    assert snr_gain_db(clean, noisy, likeliest_sine(noisy, 0.02, 0.1)) == pytest.approx(12.2, abs=0.4)


def test_the_likeliest_phase_leaves_one_fiftieth_of_the_noise() -> None:
    noisy, clean = pairs(4000)
    np.testing.assert_allclose(likeliest_phase(clean, 2 / 50), clean, atol=1e-9)
    assert snr_gain_db(clean, noisy, likeliest_phase(noisy, 2 / 50)) == pytest.approx(17.0, abs=0.2)
