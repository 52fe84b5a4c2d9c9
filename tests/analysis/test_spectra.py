"""Spectra and autocorrelations against what is known of them."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.spectra import (
    autocorrelation,
    decibels,
    default_lags,
    power_spectrum,
    segment_length,
    spectrogram,
    white_band,
)


def test_a_sine_has_its_peak_at_its_frequency_and_its_power() -> None:
    rate, frequency, amplitude = 250.0, 12.5, 3.0
    times = np.arange(4000) / rate
    found = power_spectrum(amplitude * np.sin(2 * np.pi * frequency * times), rate)
    step = found.frequencies[1]
    assert abs(found.frequencies[np.argmax(found.density)] - frequency) <= step / 2 + 1e-9
    assert found.density.sum() * step == pytest.approx(amplitude**2 / 2, rel=0.01)
    assert found.frequencies[-1] == rate / 2


@pytest.mark.parametrize("steps", [63, 64])
def test_parseval(steps: int) -> None:
    series = np.random.default_rng(0).standard_normal((steps, 2)) + 1.5
    found = power_spectrum(series, 50.0, segment=steps, window="boxcar", detrend=False)
    power = found.density.sum(axis=0) * found.frequencies[1]
    np.testing.assert_allclose(power, np.mean(np.float32(series).astype(float) ** 2, axis=0), rtol=1e-12)


@pytest.mark.parametrize(("steps", "segment"), [(100, None), (1000, 128), (1001, 129)])
def test_it_is_the_method_that_scipy_has(steps: int, segment: int | None) -> None:
    from scipy.signal import welch

    series = np.random.default_rng(1).standard_normal(steps).astype(np.float32)
    found = power_spectrum(series, 10.0, segment=segment)
    frequencies, density = welch(series.astype(float), 10.0, nperseg=segment or steps)
    np.testing.assert_allclose(found.frequencies, frequencies)
    np.testing.assert_allclose(found.density, density, rtol=1e-9, atol=1e-12)


def test_white_noise_is_flat() -> None:
    series = np.random.default_rng(2).standard_normal(20_000)
    density = power_spectrum(series).density[2:-2]
    assert density.mean() == pytest.approx(2.0, rel=0.02)  # variance 1 over frequencies up to a half
    assert density.std() < 0.6


def test_a_gap_is_bridged() -> None:
    times = np.arange(1000.0)
    series = np.sin(2 * np.pi * times / 50)
    series[[3, 400, 401, 999]] = np.nan
    found = power_spectrum(series)
    assert np.isfinite(found.density).all()
    assert found.frequencies[np.argmax(found.density)] == pytest.approx(1 / 50, abs=found.frequencies[1] / 2)


def test_a_spectrogram_sees_the_frequency_change() -> None:
    rate = 100.0
    times = np.arange(2000) / rate
    series = np.where(times < 10, np.sin(2 * np.pi * 5 * times), np.sin(2 * np.pi * 20 * times))
    found = spectrogram(series, rate)
    assert found.density.shape == (len(found.frequencies), len(found.times))
    strongest = found.frequencies[np.argmax(found.density, axis=0)]
    early, late = strongest[found.times < 9], strongest[found.times > 11]
    assert np.all(np.abs(early - 5) < 2) and np.all(np.abs(late - 20) < 2)
    half = (found.times[1] - found.times[0]) / 2
    assert abs(found.times[0]) <= half and abs(found.times[-1] - times[-1]) <= 2 * half


def test_segments_grow_with_the_series() -> None:
    lengths = [segment_length(steps) for steps in (2, 256, 257, 5_000, 100_000)]
    assert lengths == sorted(lengths) and lengths[:3] == [2, 256, 256]
    assert 5_000 / lengths[3] > 8


def test_decibels_have_a_floor() -> None:
    np.testing.assert_allclose(decibels(np.array([100.0, 1.0, 0.0])), [20, 0, -100])
    assert np.isfinite(decibels(np.zeros(3))).all()


# Autocorrelation


def test_the_autocorrelation_is_the_sum_that_it_says() -> None:
    series = np.random.default_rng(3).standard_normal(40)
    centred = series - series.mean()
    expected = [np.sum(centred[: 40 - k] * centred[k:]) / np.sum(centred**2) for k in range(11)]
    np.testing.assert_allclose(autocorrelation(series), expected, atol=1e-12)


def test_white_noise_stays_in_the_band_and_a_drift_does_not() -> None:
    rng = np.random.default_rng(4)
    inside = [np.abs(autocorrelation(rng.standard_normal(500))[1:]) <= white_band(500) for _ in range(40)]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)
    drift = np.cumsum(rng.standard_normal(500))
    assert np.mean(np.abs(autocorrelation(drift)[1:]) <= white_band(500)) < 0.5


def test_an_autoregression_has_its_powers() -> None:
    rng = np.random.default_rng(5)
    series = np.zeros(20_000)
    for step in range(1, len(series)):
        series[step] = 0.8 * series[step - 1] + rng.standard_normal()
    np.testing.assert_allclose(autocorrelation(series, 5), 0.8 ** np.arange(6), atol=0.03)
    series[rng.random(len(series)) < 0.3] = np.nan  # what is missing at random changes it little
    np.testing.assert_allclose(autocorrelation(series, 5), 0.8 ** np.arange(6), atol=0.05)


def test_of_a_constant_there_is_no_autocorrelation() -> None:
    for series in (np.full(20, 0.1, np.float32), np.full(20, np.nan), np.zeros(20)):
        assert np.isnan(autocorrelation(series)).all()
    assert len(autocorrelation(np.arange(3.0))) == 2
    assert default_lags(2) == 1
