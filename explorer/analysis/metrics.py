"""How far samples are from the truth. All sums are over the entries that are known; NaN counts as unknown."""

from __future__ import annotations

import math

import numpy as np

SAME_DB = 0.05
"""A gain in SNR nearer to 0 than this is none: it would be written as 0.0 dB."""


class Errors:
    """Sums of errors over many samples, taken in piece by piece.

    Each `add` takes arrays of one shape: the clean samples, the estimates, where there is one the noisy input, and a
    mask of the entries that count (all those without NaN by default).
    """

    def __init__(self) -> None:
        self._count = 0
        self._squares = self._absolutes = self._noise = 0.0
        self._noisy = True

    def add(
        self,
        clean: np.ndarray,
        estimate: np.ndarray,
        noisy: np.ndarray | None = None,
        observed: np.ndarray | None = None,
    ) -> None:
        """Take in some samples."""
        mask = np.isfinite(clean) & np.isfinite(estimate)
        if observed is not None:
            mask &= observed
        if noisy is not None:
            mask &= np.isfinite(noisy)
        error = (np.asarray(estimate, np.float64) - clean)[mask]
        self._count += error.size
        self._squares += float(np.sum(error**2))
        self._absolutes += float(np.sum(np.abs(error)))
        if noisy is None:
            self._noisy = False
        else:
            self._noise += float(np.sum((np.asarray(noisy, np.float64) - clean)[mask] ** 2))

    @property
    def mse(self) -> float:
        """Mean squared error, in the data's units squared; NaN where nothing was known."""
        return self._squares / self._count if self._count else math.nan

    @property
    def mae(self) -> float:
        """Mean absolute error, in the data's units; NaN where nothing was known."""
        return self._absolutes / self._count if self._count else math.nan

    @property
    def snr_gain_db(self) -> float:
        """Gain in signal-to-noise ratio; see `snr_gain_db`."""
        if not (self._count and self._noisy and self._noise > 0):
            return math.nan
        return 10 * math.log10(self._noise / self._squares) if self._squares > 0 else math.inf


def mse(clean: np.ndarray, estimate: np.ndarray, observed: np.ndarray | None = None) -> float:
    """Return the mean squared error over the known entries.

    Parameters
    ----------
    clean, estimate : ndarray
        Of one shape; NaN where unknown.
    observed : ndarray or None, bool
        The entries that count.
    """
    return _errors(clean, estimate, None, observed).mse


def mae(clean: np.ndarray, estimate: np.ndarray, observed: np.ndarray | None = None) -> float:
    """Return the mean absolute error over the known entries; parameters as in `mse`."""
    return _errors(clean, estimate, None, observed).mae


def snr_gain_db(
    clean: np.ndarray, noisy: np.ndarray, estimate: np.ndarray, observed: np.ndarray | None = None
) -> float:
    """Return by how much an estimate is nearer to the truth than its input was, in decibels.

    10·log₁₀(Σ‖y − x‖² / Σ‖x̂ − x‖²) for the noisy y, the clean x and the estimate x̂, summed over all samples and
    entries that are known in all three. Below 0 the estimate is worse than its input.

    Parameters
    ----------
    clean, noisy, estimate : ndarray
        Of one shape; NaN where unknown.
    observed : ndarray or None, bool
        The entries that count.

    Returns
    -------
    float
        NaN where the input has no noise, infinite where the estimate has no error.
    """
    return _errors(clean, estimate, noisy, observed).snr_gain_db


def _errors(clean: np.ndarray, estimate: np.ndarray, noisy: np.ndarray | None, observed: np.ndarray | None) -> Errors:
    errors = Errors()
    errors.add(clean, estimate, noisy, observed)
    return errors
