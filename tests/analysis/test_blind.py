"""What is said without a truth, where the truth is known to the test."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.blind import blind_measures, sure
from explorer.analysis.denoiser import parse_denoiser
from explorer.analysis.noise import noise_sigma


def test_the_noise_of_smooth_signals_is_estimated() -> None:
    rng = np.random.default_rng(0)
    smooth = 50 + 3 * np.sin(np.arange(4000) / 40)
    series = np.stack([smooth + size * rng.standard_normal(4000) for size in (0.2, 1.0)])[:, :, None]
    np.testing.assert_allclose(noise_sigma(series)[:, 0], [0.2, 1.0], rtol=0.06)
    assert noise_sigma(np.full((2, 40, 1), 3.0)).max() < 1e-12
    assert noise_sigma(np.zeros((1, 1, 2))).shape == (1, 2)


def test_what_was_removed_is_white_or_is_not() -> None:
    rng = np.random.default_rng(0)
    signal = np.sin(np.arange(500) / 15)[None, :, None]
    noise = 0.3 * rng.standard_normal((40, 500, 1))
    right = blind_measures(signal + noise, np.repeat(signal, 40, axis=0))
    assert right["residual_white"] > 0.85 and abs(right["residual_autocorrelation"]) < 0.02
    assert right["residual_sigma"] == pytest.approx(0.3, rel=0.02)
    assert right["estimated_sigma"] == pytest.approx(0.3, rel=0.02)
    flat = blind_measures(signal + noise, np.zeros((40, 500, 1)))
    assert flat["residual_white"] == 0 and flat["residual_autocorrelation"] > 0.5
    gappy = (signal + noise).astype(np.float32)
    gappy[:, 100:150] = np.nan
    assert blind_measures(gappy, np.repeat(signal, 40, axis=0))["residual_white"] > 0.8
    assert blind_measures(np.full((3, 9, 1), np.nan), np.zeros((3, 9, 1))) == {}


@pytest.mark.parametrize("text", ["moving-average:9", "wavelet", "median:7", "total-variation:1", "kalman:0.01"])
def test_stein_estimates_the_error(text: str) -> None:
    rng = np.random.default_rng(0)
    clean = np.sin(np.arange(600) / 20 + rng.uniform(0, 6, (60, 1)))[:, :, None]
    noisy = (clean + 0.4 * rng.standard_normal(clean.shape)).astype(np.float32)
    denoiser = parse_denoiser(text)
    truth = float(np.mean((denoiser.denoise(noisy) - clean) ** 2))
    assert float(sure(denoiser, noisy).mean()) == pytest.approx(truth, abs=0.008)
