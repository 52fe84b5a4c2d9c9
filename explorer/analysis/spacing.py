"""How far the codes of real samples lie from each other, by which the handle's distance is judged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_ASKED = 128
_AMONG = 10_000
_BLOCK = 256
"""Codes whose distances are told at a time: they stay in the processor's cache."""


@dataclass(frozen=True)
class Spacing:
    """Distances from codes to their nearest neighbours: the median, and what 99 of 100 stay below."""

    median: float
    wide: float

    def off_range(self, distance: float) -> bool:
        """Whether a code at this distance from the nearest sample is far from all that the model has seen.

        It is so beyond three times the usual spacing, if it is also half as far again as 99 of 100 samples are from
        their neighbour: at the thin edge of a map wide spacing is usual.
        """
        return bool(distance > max(3.0 * self.median, 1.5 * self.wide))


def typical_spacing(codes: np.ndarray) -> Spacing | None:
    """Return how far codes ``(N, L)`` lie from their nearest neighbours; None with fewer than two distinct ones.

    At most 128 codes are asked, spread over the set, among at most 10,000, so that it takes no longer than a frame;
    larger sets seem somewhat sparser than they are. Rows that are not finite are left out.
    """
    codes = np.asarray(codes, dtype=np.float64)
    codes = codes[np.isfinite(codes).all(axis=1)]
    codes = codes[:: max(1, -(-len(codes) // _AMONG))]
    if len(codes) < 2:
        return None
    codes = codes - codes.mean(axis=0)  # keeps the squares below small, and so exact
    rows = np.unique(np.linspace(0, len(codes) - 1, min(_ASKED, len(codes))).astype(int))
    asked, lengths = codes[rows], np.einsum("ij,ij->i", codes, codes)
    least = np.full(len(rows), np.inf)
    for start in range(0, len(codes), _BLOCK):
        squares = asked @ codes[start : start + _BLOCK].T
        squares *= -2.0
        squares += lengths[start : start + _BLOCK]
        own = np.flatnonzero((rows >= start) & (rows < start + _BLOCK))
        squares[own, rows[own] - start] = np.inf
        np.minimum(least, squares.min(axis=1), out=least)
    nearest = np.sqrt(np.maximum(least + lengths[rows], 0.0))
    if not nearest.max() > 0:
        return None
    return Spacing(float(np.median(nearest)), float(np.quantile(nearest, 0.99)))
