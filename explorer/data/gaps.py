"""Filling what is missing by the least that anyone would do, for what cannot do without."""

from __future__ import annotations

import numpy as np


def fill_gaps(values: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Return samples without NaN: gaps in series are bridged along time, in vectors and images the usual value is put.

    Parameters
    ----------
    values : ndarray, float32, ``(N, T, C)``, ``(N, D)`` or ``(N, H, W, C)``
    usual : ndarray, broadcastable against `values`
        As of `explorer.data.scaling.typical_value`; for vectors and images only.

    Returns
    -------
    ndarray, float32, shape of `values`
        `values` itself where nothing is missing.
    """
    missing = np.isnan(values)
    if not missing.any():
        return values
    if values.ndim == 3:
        return bridge_gaps(values)
    return np.where(missing, np.asarray(usual, dtype=np.float32), values)


def bridge_gaps(series: np.ndarray) -> np.ndarray:
    """Return series with each gap of NaN bridged by a straight line.

    At the ends the nearest value is held; a channel without any value becomes 0.

    Parameters
    ----------
    series : ndarray ``(T, C)`` or ``(N, T, C)``
        Any further axes are taken as channels.

    Returns
    -------
    ndarray, float32, shape of `series`
    """
    filled = np.array(series, dtype=np.float32)
    if filled.ndim > 2:
        for index in np.flatnonzero(np.isnan(filled).reshape(len(filled), -1).any(axis=1)):
            filled[index] = bridge_gaps(filled[index].reshape(filled.shape[1], -1)).reshape(filled.shape[1:])
        return filled
    steps = np.arange(len(filled))
    for channel in filled.T:
        known = np.isfinite(channel)
        if not known.all():
            channel[:] = np.interp(steps, steps[known], channel[known]) if known.any() else 0.0
    return filled
