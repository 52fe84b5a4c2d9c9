"""Which samples train, which stop the training, which judge it."""

from __future__ import annotations

import numpy as np

TRAIN, VALIDATION, TEST = 0, 1, 2


def assign_split(
    n: int,
    *,
    fractions: tuple[float, float, float] = (0.7, 0.15, 0.15),
    labels: np.ndarray | None = None,
    seed: int = 0,
) -> np.ndarray:
    """Return a part for each of `n` samples, int8: 0 train, 1 validation, 2 test.

    Parameters
    ----------
    n : int
    fractions : tuple of float
        Shares of train, validation and test; they are scaled to sum to one.
    labels : ndarray or None, int ``(n,)``
        Where given, every class is divided in these shares (stratified).
    seed : int

    Notes
    -----
    There is always a sample to train on: with one sample, that is it; with two, none validates.
    """
    rng = np.random.default_rng(seed)
    shares = np.asarray(fractions, dtype=float) / np.sum(fractions)
    # Order the samples so that classes alternate evenly, then cut the line by the shares: each class is divided
    # alike, and a class of three samples is not lost to rounding.
    order = rng.permutation(n)
    if labels is not None:
        shuffled = labels[order]
        rank = np.empty(n)
        for label in np.unique(shuffled):
            members = np.flatnonzero(shuffled == label)
            rank[members] = (np.arange(len(members)) + rng.random()) / len(members)
        order = order[np.argsort(rank, kind="stable")]
    counts = np.floor(shares * n).astype(int)
    counts[0] += n - counts.sum()
    split = np.empty(n, dtype=np.int8)
    if labels is None:
        split[order] = np.repeat([TRAIN, VALIDATION, TEST], counts)
    else:
        # Walk along the even order and give each sample to the part that lags most behind its share.
        given = np.zeros(3)
        for position, sample in enumerate(order):
            part = int(np.argmax(np.where(given < counts, shares * (position + 1) - given, -np.inf)))
            split[sample] = part
            given[part] += 1
    return split
