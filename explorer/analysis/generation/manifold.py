"""Whether generated samples look like real ones, and whether they are as varied: by nearest neighbours."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from explorer.analysis.nearest import nearest
from explorer.progress import Progress, Silent, check

PRECISION_K = 3
COVERAGE_K = 5
_CHUNK = 1 << 22


def manifold_scores(real: np.ndarray, made: np.ndarray, progress: Progress | None = None) -> dict[str, float]:
    """Return "precision", "recall", "density" and "coverage" of vectors ``(N, F)`` and ``(M, F)``.

    Every sample has a ball that reaches to its k-th neighbour of its own kind. Precision is the share of the generated
    that lie in the ball of some real sample, recall the share of the real in that of some generated one (Kynkäänniemi
    et al. 2019, k = 3). Coverage is the share of the real whose ball holds a generated sample, and density counts in
    how many of such balls a generated sample lies, over k (Naeem et al. 2020, k = 5): 1 for real against real.

    Notes
    -----
    Give as many of the one as of the other. One sample generated again and again has a precision of 0 or 1, but a
    recall and a coverage near 0.
    """
    progress = progress or Silent()
    inside_real, inside_made = _within(real, made, PRECISION_K, progress)
    in_balls, covered = _density(real, made, progress)
    return {
        "precision": float(inside_real.mean()),
        "recall": float(inside_made.mean()),
        "density": float(in_balls.mean() / COVERAGE_K),
        "coverage": float(covered.mean()),
    }


def _within(real: np.ndarray, made: np.ndarray, k: int, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
    """Return which generated lie in a ball of the real, and the other way round."""
    around_real, around_made = (_radii(points, k, progress) for points in (real, made))
    inside_real, inside_made = np.zeros(len(made), bool), np.zeros(len(real), bool)
    for rows, squares in _squares(real, made, progress):
        inside_real |= (squares <= around_real[rows, None]).any(axis=0)
        inside_made[rows] = (squares <= around_made).any(axis=1)
    return inside_real, inside_made


def _density(real: np.ndarray, made: np.ndarray, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
    """Return in how many balls of the real each generated lies, and which real have one in theirs."""
    around = _radii(real, COVERAGE_K, progress)
    count, covered = np.zeros(len(made)), np.zeros(len(real), bool)
    for rows, squares in _squares(real, made, progress):
        within = squares <= around[rows, None]
        count += within.sum(axis=0)
        covered[rows] = within.any(axis=1)
    return count, covered


def _radii(points: np.ndarray, k: int, progress: Progress) -> np.ndarray:
    """Return the squared distance from each point to its k-th neighbour, and a rounding more."""
    _, found = nearest(points, min(k, len(points) - 1), progress=progress)
    return found[:, -1] ** 2 * (1 + 1e-9) if found.shape[1] else np.zeros(len(points))


def _squares(real: np.ndarray, made: np.ndarray, progress: Progress) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield slices of the real, and their squared distances to all generated."""
    centre = real.mean(axis=0)
    first, second = real - centre, made - centre
    lengths = np.einsum("ij,ij->i", second, second)
    step = max(1, _CHUNK // max(1, len(second)))
    for start in range(0, len(first), step):
        check(progress)
        rows = slice(start, min(start + step, len(first)))
        piece = first[rows]
        yield rows, np.maximum(0.0, np.einsum("ij,ij->i", piece, piece)[:, None] + lengths - 2 * piece @ second.T)
