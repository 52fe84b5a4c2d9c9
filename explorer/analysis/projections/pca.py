"""The directions in which codes vary most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np


@dataclass(frozen=True, eq=False)
class Axes:
    """A linear map of codes z to ``vectors @ (z - mean)``.

    Parameters
    ----------
    mean : ndarray, float64 ``(L,)``
    vectors : ndarray, float64 ``(dims, L)``
        Orthonormal; rows past the code's width are 0.
    ratios : ndarray, float64 ``(dims,)``
        Share of the codes' variance along each.
    """

    mean: np.ndarray
    vectors: np.ndarray
    ratios: np.ndarray

    def apply(self, codes: np.ndarray) -> np.ndarray:
        """Return the coordinates ``(M, dims)`` of codes ``(M, L)``."""
        return (np.asarray(codes, np.float64) - self.mean) @ self.vectors.T


@dataclass(kw_only=True, eq=False, repr=False)
class PCA:
    """The plane in which the codes vary most: exact, linear, and every point of it is a code."""

    title: ClassVar[str] = "PCA"

    def fit(self, codes: np.ndarray, dims: int) -> Axes:
        """Return the first `dims` principal axes of codes ``(N, L)``.

        The eigenvectors of their covariance matrix, with signs such that the largest entry of each is positive.
        """
        width = codes.shape[1]
        mean = codes.mean(axis=0)
        centred = codes - mean
        variances, columns = np.linalg.eigh(centred.T @ centred / max(1, len(codes) - 1))
        kept = min(dims, width)
        vectors, ratios = np.zeros((dims, width)), np.zeros(dims)
        rows = columns.T[::-1][:kept]
        largest = rows[np.arange(kept), np.abs(rows).argmax(axis=1)]
        vectors[:kept] = rows * np.where(largest < 0, -1.0, 1.0)[:, None]
        total = variances.sum()
        if total > 0:
            ratios[:kept] = np.maximum(variances[::-1][:kept], 0) / total
        return Axes(mean, vectors, ratios)
