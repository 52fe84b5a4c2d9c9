"""The real sample whose code is nearest to a point."""

from __future__ import annotations

from typing import Any

import numpy as np

BRUTE = 100_000
"""Up to so many numbers the distances are just computed: about 0.1 ms."""
DEEP = 16
"""In more dimensions than this a tree visits most of its leaves, and computing all distances is faster."""


class Neighbours:
    """Finds nearest codes by Euclidean distance; codes with a NaN are never near.

    Parameters
    ----------
    codes : ndarray ``(N, L)``
    """

    def __init__(self, codes: np.ndarray) -> None:
        self._rows = np.flatnonzero(np.isfinite(codes).all(axis=1))
        self._codes = np.ascontiguousarray(codes[self._rows], dtype=np.float64)
        self._tree: Any = None
        if self._codes.size > BRUTE and self._codes.shape[1] <= DEEP:
            from scipy.spatial import KDTree

            self._tree = KDTree(self._codes)

    def nearest(self, z: np.ndarray) -> tuple[int, float]:
        """Return the index of the code nearest to `z` ``(L,)`` and its distance; -1 and NaN where there is none."""
        z = np.asarray(z, dtype=np.float64)
        if not len(self._codes) or z.shape != self._codes.shape[1:] or not np.isfinite(z).all():
            return -1, float("nan")
        if self._tree is not None:
            distance, row = self._tree.query(z)
            return int(self._rows[row]), float(distance)
        offsets = self._codes - z
        squares = np.einsum("ij,ij->i", offsets, offsets)
        row = int(np.argmin(squares))
        return int(self._rows[row]), float(np.sqrt(squares[row]))


def nearest(codes: np.ndarray, z: np.ndarray) -> tuple[int, float]:
    """Return the index of the code nearest to `z` and its Euclidean distance; see `Neighbours` for many questions."""
    return Neighbours(codes).nearest(z)
