"""The nearest of many points to each of many points, exactly, in pieces between which one can cancel."""

from __future__ import annotations

import numpy as np

from explorer.progress import Progress, Silent, check

CHUNK_VALUES = 1 << 22
"""Distances that are computed at a time."""
NEIGHBOURS = 12
"""Points that another is placed by."""


def nearest(
    points: np.ndarray, count: int, queries: np.ndarray | None = None, *, progress: Progress | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest points of each query by Euclidean distance, the nearest first.

    Parameters
    ----------
    points : ndarray ``(N, L)``
        Finite.
    count : int
        How many to find; fewer where there are fewer.
    queries : ndarray ``(M, L)``, optional
        By default the points themselves, none of which is then its own neighbour, whatever duplicates there are.
    progress : Progress, optional
        Only asked whether to stop.

    Returns
    -------
    indices : ndarray, int64 ``(M, count)``
    distances : ndarray, float64 ``(M, count)``

    Raises
    ------
    Cancelled
        If the person cancelled.
    """
    own = queries is None
    centre = points.mean(axis=0, dtype=np.float64) if len(points) else 0.0
    base = np.asarray(points, np.float64) - centre
    asked = base if queries is None else np.asarray(queries, np.float64) - centre
    count = min(count, len(base) - own)
    indices = np.zeros((len(asked), max(0, count)), dtype=np.int64)
    distances = np.zeros(indices.shape)
    if count < 1:
        return indices, distances
    squares = np.einsum("ij,ij->i", base, base)
    step = max(1, CHUNK_VALUES // len(base))
    for start in range(0, len(asked), step):
        check(progress or Silent())
        piece = asked[start : start + step]
        rows = np.arange(len(piece))
        # ‖p − q‖² but for ‖q‖², which changes no order.
        scores = squares - 2 * (piece @ base.T)
        if own:
            scores[rows, start + rows] = np.inf
        found = np.argpartition(scores, count - 1, axis=1)[:, :count] if count < len(base) else _all(scores)
        # Of the few that were found the distances exactly: those of duplicates are 0, and not what rounding leaves.
        offsets = base[found] - piece[:, None]
        exact = np.sqrt(np.einsum("ijk,ijk->ij", offsets, offsets))
        # By distance, then by number, so that ties come out the same everywhere.
        order = np.lexsort((found, exact), axis=1)
        indices[start : start + step] = np.take_along_axis(found, order, axis=1)
        distances[start : start + step] = np.take_along_axis(exact, order, axis=1)
    return indices, distances


def _all(scores: np.ndarray) -> np.ndarray:
    return np.broadcast_to(np.arange(scores.shape[1]), scores.shape)


def place(queries: np.ndarray, points: np.ndarray, values: np.ndarray, count: int = NEIGHBOURS) -> np.ndarray:
    """Return values at new points: means of those at the nearest points, the nearer the heavier.

    Inverse distance weighting within the distance R of the farthest neighbour, ``w = ((R - d) / (R d))²`` (Franke and
    Little, in Schumaker 1976), as `explorer.analysis.planes.NeighbourPlane` mixes codes. At a point it is its value.

    Parameters
    ----------
    queries : ndarray ``(M, L)``
    points : ndarray ``(N, L)``
        Finite, at least one.
    values : ndarray ``(N, D)``
        As coordinates on a map.
    count : int
        How many neighbours; one more bounds them.

    Returns
    -------
    ndarray, float64 ``(M, D)``
        NaN for queries that are not finite.
    """
    placed = np.full((len(queries), values.shape[1]), np.nan)
    finite = np.isfinite(queries).all(axis=1)
    if not finite.any():
        return placed
    indices, distances = nearest(points, count + 1, queries[finite])
    reach = distances[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = ((reach - distances) / (reach * distances)) ** 2
    hit = distances[:, :1] == 0
    weights = np.where(hit, distances == 0, weights)
    # All as far as each other: as at the middle of a circle, or of a single point.
    weights = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1.0)
    weights /= weights.sum(axis=1, keepdims=True)
    placed[finite] = np.einsum("ij,ijk->ik", weights, np.asarray(values, np.float64)[indices])
    return placed
