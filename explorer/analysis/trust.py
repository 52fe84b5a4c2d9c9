"""Whether a map can be trusted: which neighbours it shows, and which it tears apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.errors import InputError

MOST = 2000
"""Samples that are compared; of more, as many are drawn."""
NEIGHBOURS = 12


@dataclass(frozen=True)
class Trust:
    """Trustworthiness and continuity, 0 to 1, for neighbourhoods of `neighbours` among `n_samples`."""

    trustworthiness: float
    continuity: float
    neighbours: int
    n_samples: int


def trust(
    original: np.ndarray, shown: np.ndarray, neighbours: int = NEIGHBOURS, *, most: int = MOST, seed: int = 0
) -> Trust:
    """Return how well neighbourhoods are kept (Venna and Kaski 2001).

    T(k) = 1 − 2 / (N k (2N − 3k − 1)) Σᵢ Σ_{j ∈ U(i)} (r(i, j) − k), where U(i) are the k nearest of i in `shown` that
    are not among its k nearest in `original`, and r(i, j) is the rank of j there. Trustworthiness falls where the map
    shows neighbours that are none; continuity is the same with both sides exchanged, and falls where neighbours are
    torn apart.

    Parameters
    ----------
    original, shown : ndarray ``(N, D)``, ``(N, d)``
        Of the same samples, which the map should not have learnt from; flattened here. Those with a NaN are left out.
    neighbours : int
        k; lowered where it is not below half the samples, as the definition needs.
    most : int
        Samples that are compared at most, drawn by `seed`.

    Raises
    ------
    InputError
        If there are fewer than three samples.
    """
    first, second = (np.asarray(each, np.float64).reshape(len(each), -1) for each in (original, shown))
    rows = np.flatnonzero(np.isfinite(first).all(axis=1) & np.isfinite(second).all(axis=1))
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    n = len(rows)
    if n < 3:
        raise InputError("neighbourhoods need three samples at least", remedy="Give more of them")
    k = max(1, min(neighbours, (n - 1) // 2))
    ranks = [_ranks(each[rows]) for each in (first, second)]
    norm = 2 / (n * k * (2 * n - 3 * k - 1))
    values = []
    for there, here in (ranks, ranks[::-1]):
        intruders = (here <= k) & (there > k)
        values.append(1 - norm * float((there[intruders] - k).sum()))
    return Trust(values[0], values[1], k, n)


def _ranks(points: np.ndarray) -> np.ndarray:
    """Return for each point the rank of every other by distance, from 1 for the nearest; 0 for itself."""
    centred = points - points.mean(axis=0)
    squares = np.einsum("ij,ij->i", centred, centred)
    distances = squares[:, None] + squares - 2 * centred @ centred.T
    np.fill_diagonal(distances, -np.inf)
    order = np.argsort(distances, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(len(points))[None].repeat(len(points), axis=0), axis=1)
    return ranks
