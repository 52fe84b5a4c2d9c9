"""Masks without a network: what anyone could draw, to judge a segmentation by."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from explorer.data.gaps import fill_gaps


def background(sample: np.ndarray) -> np.ndarray:
    """Return a mask of a sample ``(T, C)`` or ``(H, W, C)`` in which nothing is: int64 of its places."""
    return np.zeros(sample.shape[:-1], dtype=np.int64)


def otsu(sample: np.ndarray) -> np.ndarray:
    """Return a mask of two classes by Otsu's (1979) threshold, chosen for each sample without looking at a truth.

    Pixels of pictures are told apart by the mean of their channels; steps of series by how far they are from the
    median of their channel, since what happens there goes either way. Region 1 is the smaller side.

    Parameters
    ----------
    sample : ndarray ``(T, C)`` or ``(H, W, C)``

    Returns
    -------
    ndarray, int64 ``(T,)`` or ``(H, W)``
        0 and 1; all 0 where every value is the same.
    """
    filled = fill_gaps(sample[None], np.zeros(1))[0].astype(np.float64)
    sizes = np.abs(filled - np.median(filled, axis=0)) if sample.ndim == 2 else filled
    values = sizes.mean(axis=-1)
    above = values > threshold(values)
    smaller = above if above.mean() <= 0.5 else ~above
    return smaller.astype(np.int64)


def threshold(values: np.ndarray, bins: int = 256) -> float:
    """Return the threshold that parts values into the two groups of the greatest variance between them (Otsu 1979).

    That is the edge after bin k of a histogram which maximises w₀ w₁ (μ₀ − μ₁)²; of several the middle one. The
    greatest value where all are the same.
    """
    low, high = float(values.min()), float(values.max())
    if not low < high:
        return high
    counts, edges = np.histogram(values, bins=bins, range=(low, high))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1].astype(np.float64)
    sums = np.cumsum(counts * middles)
    above = values.size - below
    between = below * above * (sums[:-1] / below - (sums[-1] - sums[:-1]) / above) ** 2
    best = np.flatnonzero(between >= between.max() * (1 - 1e-12))
    return float(edges[1 + best[len(best) // 2]])


BASELINES: dict[str, Callable[[np.ndarray], np.ndarray]] = {"all background": background, "Otsu": otsu}
"""The methods by the names that people know them by."""
