"""The real sample whose code is nearest to a point."""

from __future__ import annotations

from typing import Any

import numpy as np

BRUTE = 2_000_000
"""Up to so many numbers the distances are just computed, in about a millisecond; building a tree takes a second."""
DEEP = 16
"""In more dimensions than this a tree visits most of its leaves, and computing all distances is faster."""
ROUNDING = 1e-6
"""What float32 may be off by in a squared distance, relative to the squared sizes of both codes."""


class Neighbours:
    """Finds nearest codes by Euclidean distance; codes with a NaN are never near.

    Parameters
    ----------
    codes : ndarray ``(N, L)``
    """

    def __init__(self, codes: np.ndarray) -> None:
        self._rows = np.flatnonzero(np.isfinite(codes).all(axis=1))
        exact = np.asarray(codes[self._rows], dtype=np.float64)
        self._centre = exact.mean(axis=0) if len(exact) else np.zeros(codes.shape[1])
        self._exact = exact - self._centre
        self._codes = self._exact.astype(np.float32)
        self._squares = np.einsum("ij,ij->i", self._codes, self._codes)
        self._farthest = float(self._squares.max(initial=0.0))
        self._tree: Any = None
        if exact.size > BRUTE and exact.shape[1] <= DEEP:
            from scipy.spatial import KDTree

            self._tree = KDTree(self._exact)

    def nearest(self, z: np.ndarray) -> tuple[int, float]:
        """Return the index of the code nearest to `z` ``(L,)`` and its distance; -1 and NaN where there is none."""
        z = np.asarray(z, dtype=np.float64)
        if not len(self._exact) or z.shape != self._centre.shape or not np.isfinite(z).all():
            return -1, float("nan")
        z = z - self._centre
        if self._tree is not None:
            distance, row = self._tree.query(z)
            return int(self._rows[row]), float(distance)
        # ‖c − z‖² = ‖c‖² − 2 c·z + ‖z‖², one pass in float32; then exactly among those that rounding leaves in doubt.
        with np.errstate(over="ignore", invalid="ignore"):
            scores = self._squares - 2 * (self._codes @ z.astype(np.float32))
        limit = scores.min() + ROUNDING * (self._farthest + np.float64(z @ z))
        # So far away that float32 tells nothing, all are in doubt.
        close = np.flatnonzero(scores <= limit) if np.isfinite(limit) else np.arange(len(scores))
        offsets = self._exact[close] - z
        squares = np.einsum("ij,ij->i", offsets, offsets)
        best = int(np.argmin(squares))
        return int(self._rows[close[best]]), float(np.sqrt(squares[best]))


def nearest(codes: np.ndarray, z: np.ndarray) -> tuple[int, float]:
    """Return the index of the code nearest to `z` and its Euclidean distance; see `Neighbours` for many questions."""
    return Neighbours(codes).nearest(z)
