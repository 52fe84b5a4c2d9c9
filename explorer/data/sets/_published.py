"""Splits as the makers of a data set published them."""

from __future__ import annotations

import numpy as np

from explorer.data.split import TEST, assign_split


def published_split(labels: np.ndarray, train: int, validation: float, rng: np.random.Generator) -> np.ndarray:
    """Return a part for each sample, int8: the first `train` train or validate, and the others test.

    Parameters
    ----------
    labels : ndarray, int ``(n,)``
    train : int
    validation : float
        Share of the published training part that validates instead, of every class.
    rng : numpy.random.Generator
    """
    split = np.full(len(labels), TEST, dtype=np.int8)
    shares = (1 - validation, validation, 0)
    split[:train] = assign_split(train, fractions=shares, labels=labels[:train], seed=int(rng.integers(2**31)))
    return split
