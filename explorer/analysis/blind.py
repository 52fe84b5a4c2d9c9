"""What can be said of a denoising when nobody knows the truth: signs of trouble, not errors."""

from __future__ import annotations

import numpy as np

from explorer.analysis.denoiser import Denoiser
from explorer.analysis.noise import noise_sigma
from explorer.analysis.spectra import autocorrelation
from explorer.data.gaps import bridge_gaps

LAGS = 10
"""Steps up to which the residual's correlations are looked at."""
LEVEL = 0.05
"""Significance of the test for whiteness."""
PROBE = 0.01
"""Size of the disturbance that measures a denoiser's freedom, over the noise's deviation."""

BLIND: dict[str, str] = {
    "residual_autocorrelation": "what was removed, with itself a step later: 0 of white noise, high where signal went",
    "residual_white": "share of series whose residual passes for white noise (Ljung and Box 1978, 10 lags, 5 %)",
    "residual_sigma": "standard deviation of what was removed",
    "estimated_sigma": "that of the noise, estimated from the finest wavelet coefficients of the noisy series",
    "roughness_db": "mean squared step from value to value, denoised over noisy: below 0 it is smoother",
    "sure": "Stein's unbiased estimate of the mean squared error; takes the noise for white and normal",
}
"""The blind measures and what they say."""


def blind_measures(noisy: np.ndarray, denoised: np.ndarray) -> dict[str, float]:
    """Return the measures of `BLIND` but for "sure", over all series.

    Parameters
    ----------
    noisy, denoised : ndarray ``(N, T, C)``
        NaN where missing and past the ends.
    """
    lags, white, removed, sigmas, rough = [], [], [], [], []
    for y, x in zip(_rows(noisy), _rows(denoised), strict=True):
        known = np.isfinite(y) & np.isfinite(x)
        if known.sum() < 3:
            continue
        residual = y[known].astype(np.float64) - x[known]
        removed.append(np.mean(residual**2))
        lag, passes = _whiteness(residual)
        lags.append(lag)
        white.append(passes)
        sigmas.append(float(noise_sigma(y[known][None, :, None])[0, 0]) ** 2)
        rough.append((np.sum(np.diff(x[known]) ** 2), np.sum(np.diff(y[known]) ** 2)))
    if not removed:
        return {}
    after, before = (float(np.sum(each)) for each in zip(*rough, strict=True))
    found = {
        "residual_autocorrelation": _mean(lags),
        "residual_white": _mean(white),
        "residual_sigma": float(np.sqrt(np.mean(removed))),
        "estimated_sigma": float(np.sqrt(np.mean(sigmas))),
        "roughness_db": float(10 * np.log10(after / before)) if after > 0 and before > 0 else np.nan,
    }
    return {name: value for name, value in found.items() if np.isfinite(value)}


def sure(denoiser: Denoiser, noisy: np.ndarray, lengths: np.ndarray | None = None, seed: int = 0) -> np.ndarray:
    """Return Stein's unbiased estimate of the mean squared error of each series and channel, float64 ``(N, C)``.

    mean((f(y) − y)²) − σ² + 2 σ² div f(y) / T for white normal noise of deviation σ, which is estimated; the divergence
    by the change that a small random disturbance of y makes (Ramani, Blu and Unser 2008). Holds for any denoiser whose
    output moves smoothly with its input, a network too. NaN where nothing is known.

    Parameters
    ----------
    denoiser : Denoiser
        Fitted.
    noisy : ndarray, float32 ``(N, T, C)``
    lengths : ndarray of int ``(N,)``, optional
    seed : int
        Of the disturbance.
    """
    filled = bridge_gaps(noisy)
    sigma = noise_sigma(filled)[:, None, :]
    size = PROBE * sigma
    probe = np.random.default_rng(seed).standard_normal(filled.shape)
    moved = (filled + size * probe).astype(np.float32)
    # The disturbance as it is after rounding: near 1e-7 of the values it would not be what was meant.
    step = moved.astype(np.float64) - filled
    estimate = denoiser.denoise(filled, lengths).astype(np.float64)
    change = denoiser.denoise(moved, lengths) - estimate
    known = np.isfinite(noisy) & np.isfinite(estimate)
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = _known_mean(np.where(size > 0, step * change / np.maximum(size, 1e-300) ** 2, 0), known)
        return _known_mean((estimate - filled) ** 2, known) - sigma[:, 0] ** 2 * (1 - 2 * freedom)


def _known_mean(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(known, values, 0).sum(axis=1) / known.sum(axis=1)


def _whiteness(residual: np.ndarray) -> tuple[float, float]:
    """Return the autocorrelation of one step, and whether the test of Ljung and Box finds nothing (NaN: untold)."""
    from scipy.special import gammaincc

    count, lags = len(residual), min(LAGS, len(residual) // 2)
    found = autocorrelation(residual, lags)[1:]
    if not np.isfinite(found).all():
        return np.nan, np.nan
    statistic = count * (count + 2) * np.sum(found**2 / (count - np.arange(1, lags + 1)))
    return float(found[0]), float(gammaincc(lags / 2, statistic / 2) > LEVEL)


def _rows(values: np.ndarray) -> np.ndarray:
    """Return the series of all samples and channels, ``(N C, T)``."""
    return np.moveaxis(values, 2, 1).reshape(-1, values.shape[1])


def _mean(values: list[float]) -> float:
    finite = np.asarray(values)[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else np.nan
