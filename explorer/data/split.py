"""Which samples train, which stop the training, which judge it."""

from __future__ import annotations

import numpy as np

TRAIN, VALIDATION, TEST = 0, 1, 2
GAP = 3
"""Of a window between two parts of a recording: it shares steps with both, so it is in neither."""


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
    counts = np.floor(shares * n).astype(int)
    counts[0] += n - counts.sum()
    order = rng.permutation(n)
    split = np.empty(n, dtype=np.int8)
    if labels is None:
        split[order] = np.repeat([TRAIN, VALIDATION, TEST], counts)
        return split
    # Each class gets the whole part of its shares; what is left of them goes where most is still to be given, and first
    # to the training of a class that has none. So the parts have the sizes that they have without labels.
    classes, sizes = np.unique(labels, return_counts=True)
    given = np.floor(shares * sizes[:, None]).astype(int)
    wanted = counts - given.sum(axis=0)
    rows = rng.permutation(len(classes))
    for row in rows[np.argsort(given[rows, TRAIN] > 0, kind="stable")]:
        for _ in range(sizes[row] - given[row].sum()):
            part = TRAIN if given[row, TRAIN] == 0 and wanted[TRAIN] > 0 else int(np.argmax(wanted))
            given[row, part] += 1
            wanted[part] -= 1
    shuffled = labels[order]
    for label, parts in zip(classes, given, strict=True):
        split[order[shuffled == label]] = np.repeat([TRAIN, VALIDATION, TEST], parts)
    return split
