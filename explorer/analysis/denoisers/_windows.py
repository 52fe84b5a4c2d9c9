"""Windows of an odd number of steps: which are tried, and which suits a series best when no truth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from explorer.analysis.denoiser import TRIES

LONGEST = 201
"""Steps of the widest window that is tried."""


def odd(window: int, steps: int) -> int:
    """Return the widest odd window of at most `window` steps that fits into a series."""
    fitting = min(window, steps)
    return fitting if fitting % 2 else max(1, fitting - 1)


def windows(smallest: int, steps: int, count: int = TRIES) -> list[int]:
    """Return `count` odd windows from `smallest` to the length of the series (201 at most), in growing strides.

    All that there are, where they are fewer; `smallest` itself where the series is shorter.
    """
    largest = max(smallest, odd(LONGEST, steps))
    if (largest - smallest) // 2 + 1 <= count:
        return list(range(smallest, largest + 1, 2))
    points = count
    while True:
        found = np.unique(2 * np.round((np.geomspace(smallest, largest, points) - 1) / 2).astype(int) + 1)
        if len(found) >= count:
            return found[np.linspace(0, len(found) - 1, count).round().astype(int)].tolist()
        points += 1


def best_by_gcv(
    series: np.ndarray, tried: Sequence[float], smooth: Callable[[np.ndarray, float], tuple[np.ndarray, np.ndarray]]
) -> np.ndarray:
    """Return each series and channel smoothed as is best by generalised cross-validation (Craven and Wahba 1979).

    GCV = mean(residual²) / (1 − share)², where share is the degrees of freedom that the smoothing has for each value:
    the mean of the diagonal of the smoother's matrix. It needs no truth.

    Parameters
    ----------
    series : ndarray, float64 ``(N, T, C)``
    tried : sequence of float
    smooth : callable
        Takes series and a setting, and returns them smoothed and their shares, broadcastable to ``(N, C)``.
    """
    best, lowest = series.copy(), np.full((len(series), series.shape[2]), np.inf)
    for setting in tried:
        smoothed, share = smooth(series, setting)
        free = np.maximum(1 - share, 1e-9)
        score = np.mean((series - smoothed) ** 2, axis=1) / free**2
        # What is left of a constant after rounding is no reason to prefer another setting.
        better = score < lowest * (1 - 1e-9)
        lowest = np.where(better, score, lowest)
        best = np.where(better[:, None, :], smoothed, best)
    return best
