"""Estimates that know the form of the signal, against what theory says of them."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.likeliest import likeliest_phase, likeliest_sine
from explorer.analysis.metrics import snr_gain_db

STEPS = np.arange(50)


def pairs(n: int = 300, cycles: float = 2.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    clean = np.sin(2 * np.pi * cycles / 50 * STEPS + rng.uniform(0, 2 * np.pi, (n, 1)))
    return clean + 0.3 * rng.standard_normal(clean.shape), clean


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
