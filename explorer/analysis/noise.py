"""How much noise is in series of which nobody knows the truth."""

from __future__ import annotations

import numpy as np

NORMAL = 0.6744897501960817
"""The median of the absolute values of a standard normal variable."""


def noise_sigma(series: np.ndarray) -> np.ndarray:
    """Return the standard deviation of white noise in each series and channel, float64 ``(N, C)``.

    The median of the absolute finest wavelet coefficients over that of a normal variable (Donoho and Johnstone 1994);
    the wavelet, of four vanishing moments, sees nothing of a cubic. Of fewer than 8 steps by first differences. What
    changes from step to step is taken for noise: too much where the signal does so, too little where gaps were bridged
    or the noise is not white.

    Parameters
    ----------
    series : ndarray ``(N, T, C)``
        Finite.
    """
    exact = np.asarray(series, np.float64)
    if exact.shape[1] < 2:
        return np.zeros((len(exact), exact.shape[2]))
    if exact.shape[1] < 8:
        fine = np.diff(exact, axis=1) / np.sqrt(2)
    else:
        import pywt

        _, fine = pywt.dwt(exact, "db4", mode="symmetric", axis=1)
    return np.median(np.abs(fine), axis=1) / NORMAL
