"""Classical filters, to judge a network by: what anyone could do to a series without learning."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from explorer.data.gaps import bridge_gaps

ORDER = 3
"""Degree of Savitzky and Golay's polynomials: keeps peaks, where a moving average cuts them."""
LONGEST = 201
"""Steps of the widest window that is tried."""


def savitzky_golay(series: np.ndarray) -> np.ndarray:
    """Return a series smoothed by local cubics (Savitzky and Golay 1964).

    The window is the best of 5, 7, 9, … steps (in growing strides, up to half the series or 201 steps) by generalised
    cross-validation (Craven and Wahba 1979): it needs no truth, and is chosen for each series and channel. Gaps are
    bridged first.

    Parameters
    ----------
    series : ndarray ``(T, C)``
        NaN where missing.

    Returns
    -------
    ndarray, float32 ``(T, C)``
    """
    from scipy.signal import savgol_coeffs, savgol_filter

    def smooth(filled: np.ndarray, window: int) -> np.ndarray:
        return np.asarray(savgol_filter(filled, window, ORDER, axis=0))

    return _best(series, ORDER + 2, smooth, lambda window: savgol_coeffs(window, ORDER)[window // 2])


def moving_average(series: np.ndarray) -> np.ndarray:
    """Return a series smoothed by the mean over a window of 3, 5, 7, … steps, chosen as in `savitzky_golay`."""

    def smooth(filled: np.ndarray, window: int) -> np.ndarray:
        padded = np.pad(filled, ((window // 2, window // 2), (0, 0)), mode="edge").astype(np.float64)
        sums = np.cumsum(np.concatenate([np.zeros_like(padded[:1]), padded]), axis=0)
        return (sums[window:] - sums[:-window]) / window

    return _best(series, 3, smooth, lambda window: 1 / window)


FILTERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "Savitzky–Golay": savitzky_golay,
    "Moving average": moving_average,
}
"""The filters by the names that people know them by."""


def _best(
    series: np.ndarray,
    smallest: int,
    smooth: Callable[[np.ndarray, int], np.ndarray],
    centre: Callable[[int], float],
) -> np.ndarray:
    """Return each channel smoothed over the window of the lowest GCV = mean(residual²) / (1 − centre)².

    `centre` is the weight of a value in its own smoothing, the mean of the diagonal of the smoother's matrix.
    """
    filled = bridge_gaps(series)
    windows, longest = [smallest], min(len(filled) // 2, LONGEST)
    while (wider := windows[-1] + 2 * max(1, windows[-1] // 12)) <= longest:
        windows.append(wider)
    if len(filled) < smallest:
        return filled
    smoothed = [smooth(filled, window) for window in windows]
    scores = [
        np.mean((filled - each) ** 2, axis=0) / (1 - centre(window)) ** 2
        for window, each in zip(windows, smoothed, strict=True)
    ]
    chosen = np.argmin(scores, axis=0)
    return np.stack([smoothed[k][:, channel] for channel, k in enumerate(chosen)], axis=1).astype(np.float32)
