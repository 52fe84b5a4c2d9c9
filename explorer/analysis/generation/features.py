"""Samples as vectors between which a distance means something, and as what a simple classifier reads."""

from __future__ import annotations

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.scaling import Scaler


def summaries(values: np.ndarray) -> np.ndarray:
    """Return of each channel the mean, deviation, least, greatest, first and last value and how often it was measured.

    Parameters
    ----------
    values : ndarray ``(N, T, C)``
        NaN where missing.

    Returns
    -------
    ndarray, float64 ``(N, 7 C)``
        The count as its log1p; NaN where a channel was never measured.
    """
    values = values.astype(np.float64)
    seen = np.isfinite(values)
    counts = seen.sum(axis=1)
    ever = counts > 0
    mean = np.divide(np.where(seen, values, 0.0).sum(axis=1), counts, out=np.full(counts.shape, np.nan), where=ever)
    squares = np.where(seen, (values - mean[:, None]) ** 2, 0.0).sum(axis=1)
    deviation = np.sqrt(np.divide(squares, counts, out=np.full(counts.shape, np.nan), where=ever))
    least = np.where(ever, np.where(seen, values, np.inf).min(axis=1), np.nan)
    greatest = np.where(ever, np.where(seen, values, -np.inf).max(axis=1), np.nan)
    first = np.take_along_axis(values, seen.argmax(axis=1)[:, None], axis=1)[:, 0]
    at = values.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    last = np.take_along_axis(values, at[:, None], axis=1)[:, 0]
    return np.concatenate([mean, deviation, least, greatest, first, last, np.log1p(counts)], axis=1)


class Features:
    """Vectors of samples, in units of the real training samples: what distances between samples are taken by.

    Complete samples are their own values, each channel scaled to deviation 1. Records with gaps have no entries that
    stand for the same thing in all of them: of those it is `summaries`, scaled one by one, with 0 (the mean) where a
    channel was never measured.

    Parameters
    ----------
    real : Dataset
        The training samples.
    """

    def __init__(self, real: Dataset) -> None:
        self.gaps = bool(np.isnan(real.values).any()) and real.values.ndim == 3
        self._scaler = Scaler("standard").fit(self._raw(real.values))

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return the vectors of samples, float64 ``(N, F)``."""
        scaled = self._scaler.apply(self._raw(values)).astype(np.float64)
        return np.nan_to_num(scaled, nan=0.0).reshape(len(values), -1)

    def _raw(self, values: np.ndarray) -> np.ndarray:
        # float32 as the samples themselves are: twin samples must have twin vectors
        return summaries(values).astype(np.float32) if self.gaps else np.asarray(values)
