"""What is in a series by frequency and by lag: power spectra, spectrograms, autocorrelation.

By numpy alone, so that the window may ask at every move of a slider: importing scipy.signal would hold it for a
second. Gaps are bridged by straight lines first (`explorer.data.gaps.bridge_gaps`), which takes nothing from the low
frequencies and leaves the high ones too quiet where much is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.data.gaps import bridge_gaps

Window = Literal["hann", "boxcar"]
FLOOR_DB = -120.0
"""What no power at all is drawn as, below the strongest there is."""
WHITE_95 = 1.959963984540054
"""Between minus and plus so many deviations lie 95 percent of a normal distribution."""


@dataclass(frozen=True, eq=False)
class PowerSpectrum:
    """Power by frequency.

    Parameters
    ----------
    frequencies : ndarray, float64 ``(F,)``
        From 0 to half the rate: in Hz where the rate is, else in cycles a step.
    density : ndarray, float64 ``(F,)`` or ``(F, C)``
        One-sided, in the data's unit squared per unit of frequency: its sum times the frequencies' distance is the
        mean square of the series (Parseval), exactly so for one boxcar segment that is not detrended.
    """

    frequencies: np.ndarray
    density: np.ndarray

    def decibels(self, reference: float = 1.0) -> np.ndarray:
        """Return the density in decibels above `reference`; no power at all is as far down as `decibels` says."""
        return decibels(self.density, reference)


@dataclass(frozen=True, eq=False)
class Spectrogram:
    """Power by frequency and time.

    Parameters
    ----------
    times : ndarray, float64 ``(S,)``
        The middles of the segments, in seconds where the rate is in Hz, else in steps; the first step is at 0.
    frequencies : ndarray, float64 ``(F,)``
    density : ndarray, float64 ``(F, S)``
        As of `PowerSpectrum`.
    """

    times: np.ndarray
    frequencies: np.ndarray
    density: np.ndarray


def decibels(power: np.ndarray, reference: float = 1.0) -> np.ndarray:
    """Return 10 log₁₀(power / reference), nowhere more than 120 dB below its own peak."""
    power = np.asarray(power, dtype=np.float64) / reference
    peak = float(power.max(initial=0.0))
    least = peak * 10 ** (FLOOR_DB / 10) if peak > 0 else 1e-30
    return 10 * np.log10(np.maximum(power, least))


def segment_length(steps: int) -> int:
    """Return how many steps the segments of a spectrum have: up to 256 steps the whole series, then less and less.

    A longer series has segments both more and longer: a power of two near the 0.7th power of its steps.
    """
    if steps <= 256:
        return steps
    return min(steps, max(256, 2 ** round(np.log2(steps**0.7))))


def power_spectrum(
    series: np.ndarray,
    rate: float | None = None,
    *,
    segment: int | None = None,
    window: Window = "hann",
    detrend: bool = True,
) -> PowerSpectrum:
    """Return the power spectrum of a series by Welch's method (1967): the mean periodogram of overlapping segments.

    Parameters
    ----------
    series : ndarray ``(T,)`` or ``(T, C)``
        NaN where missing.
    rate : float, optional
        Steps a second; one step a step where it is not given.
    segment : int, optional
        Steps of a segment, `segment_length` of them where not given; of a series no longer than that it is one
        periodogram. Segments overlap by half.
    window : {"hann", "boxcar"}
        What tapers each segment.
    detrend : bool
        Whether the mean of each segment is taken away first.
    """
    filled = bridge_gaps(series if series.ndim == 2 else series[:, None]).astype(np.float64)
    length = min(segment or segment_length(len(filled)), len(filled))
    pieces = _segments(filled, length, max(1, length - length // 2))
    density = _periodograms(pieces, rate or 1.0, window, detrend).mean(axis=0)
    frequencies = np.fft.rfftfreq(length, 1 / (rate or 1.0))
    return PowerSpectrum(frequencies, density if series.ndim == 2 else density[:, 0])


def spectrogram(series: np.ndarray, rate: float | None = None, *, segment: int | None = None) -> Spectrogram:
    """Return the power of one channel ``(T,)`` by frequency and time, in Hann segments that overlap by seven eighths.

    A segment has about twice the square root of the series' steps where not given, but 16 at least: as fine in
    frequency as in time. Half a segment is mirrored at both ends, so that the image covers the whole series.
    """
    filled = bridge_gaps(series[:, None]).astype(np.float64)
    steps = len(filled)
    length = min(steps, segment or max(16, 2 ** round(np.log2(2 * np.sqrt(steps)))))
    stride, before = max(1, length // 8), min(length // 2, steps - 1)
    pieces = _segments(np.pad(filled, ((before, before), (0, 0)), mode="reflect"), length, stride)
    density = _periodograms(pieces, rate or 1.0, "hann", True)[:, :, 0].T
    times = (np.arange(len(pieces)) * stride + (length - 1) / 2 - before) / (rate or 1.0)
    return Spectrogram(times, np.fft.rfftfreq(length, 1 / (rate or 1.0)), density)


def _segments(series: np.ndarray, length: int, stride: int) -> np.ndarray:
    """Return views of the segments of a series ``(T, C)`` as ``(S, C, length)``."""
    return np.lib.stride_tricks.sliding_window_view(series, length, axis=0)[::stride]


def _periodograms(pieces: np.ndarray, rate: float, window: Window, detrend: bool) -> np.ndarray:
    """Return the one-sided density of each segment ``(S, C, length)``, as ``(S, F, C)``."""
    length = pieces.shape[-1]
    steps = np.arange(length)
    # A Hann window over so many steps as if the next one followed, as is usual for spectra.
    taper = np.ones(length) if window == "boxcar" or length < 3 else 0.5 - 0.5 * np.cos(2 * np.pi * steps / length)
    if detrend:
        pieces = pieces - pieces.mean(axis=-1, keepdims=True)
    density = np.abs(np.fft.rfft(pieces * taper, axis=-1)) ** 2 / (rate * np.sum(taper**2))
    # Every frequency but 0 and half the rate stands for its negative as well.
    density[..., 1 : (length + 1) // 2] *= 2
    return np.moveaxis(density, -1, 1)


def autocorrelation(series: np.ndarray, lags: int | None = None) -> np.ndarray:
    """Return how a series correlates with itself some steps later, float64 ``(lags + 1,)``, 1 at lag 0.

    r_k = Σ (x_t − x̄)(x_{t+k} − x̄) / Σ (x_t − x̄)² (Box and Jenkins), over the steps that are known; the sum of each lag
    is scaled up by the share of its pairs that has a gap.

    Parameters
    ----------
    series : ndarray ``(T,)``
        NaN where missing.
    lags : int, optional
        The greatest lag; where not given the smaller of 100 and a quarter of the steps.

    Returns
    -------
    ndarray
        NaN for a constant series, or one of which nothing is known, and at lags of which no pair is.
    """
    x = np.asarray(series, dtype=np.float64)
    steps = len(x)
    lags = min(steps - 1, default_lags(steps) if lags is None else lags)
    known = np.isfinite(x)
    if not known.any():
        return np.full(lags + 1, np.nan)
    centred = np.where(known, x - x[known].mean(), 0.0)
    power = float(np.sum(centred**2))
    size = float(np.max(np.abs(x[known])))
    if power <= known.sum() * (1e-9 * size) ** 2:  # what rounding leaves of a constant
        return np.full(lags + 1, np.nan)
    size = 2 ** int(np.ceil(np.log2(2 * steps)))

    def products(values: np.ndarray) -> np.ndarray:
        return np.fft.irfft(np.abs(np.fft.rfft(values, size)) ** 2, size)[: lags + 1]

    sums = products(centred)
    if not known.all():
        pairs = np.rint(products(known.astype(np.float64)))
        possible = (steps - np.arange(lags + 1)) * (pairs[0] / steps)
        with np.errstate(divide="ignore", invalid="ignore"):
            sums = np.where(pairs > 0, sums * possible / pairs, np.nan)
    return sums / power


def default_lags(steps: int) -> int:
    """Return the greatest lag that is looked at in a series of so many steps."""
    return max(1, min(100, steps // 4))


def white_band(steps: int) -> float:
    """Return what the autocorrelation of white noise stays below at 95 percent of the lags: 1.96 / √T."""
    return WHITE_95 / float(np.sqrt(max(1, steps)))
