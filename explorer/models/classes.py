"""Classes by number and by name."""

from __future__ import annotations

import numpy as np


def renumbered(numbers: np.ndarray, names: tuple[str, ...], wanted: tuple[str, ...]) -> np.ndarray:
    """Return classes as indices into other names, int64 of the same shape.

    Parameters
    ----------
    numbers : ndarray, int
        Indices into `names`; -1 where unknown.
    names, wanted : tuple of str

    Returns
    -------
    ndarray
        -1 where unknown, or of a name that is not among the wanted.
    """
    place = {name: i for i, name in enumerate(wanted)}
    table = np.array([place.get(name, -1) for name in names] + [-1], dtype=np.int64)
    return table[numbers]  # the last entry is the unknown's
