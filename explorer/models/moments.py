"""Mean, and directions of the greatest variance, of samples that are gone through a block at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

Blocks = Callable[[], Iterable[np.ndarray]]
"""Starts another pass over all samples, as rows: float32 ``(n, D)`` at a time."""

WIDEST = 4096
"""Features of which a covariance matrix is made; of more, only the directions that are asked for are sought."""
IN_MEMORY = 512 << 20
"""Bytes of samples, in double precision, that are taken as a whole where that is simpler."""
SINGLE = 2e9
"""Products from which it pays to multiply in single precision."""
_BATCH = 4096  # samples whose products are added up in single precision
_ROUNDING = 2e-8  # of the largest variance: what single precision, so used, gets wrong of a covariance; measured 5e-9
_ANGLE = 5e-5  # in radians: what that may turn the directions by
_SPARE = 12  # directions that are followed beside those that are asked for
_SPACE = 300 << 20  # bytes of the space in which they are sought
_PASSES = 40
_SETTLED = 1e-6  # of the largest variance: how much the covariance may change a direction beside its length


@dataclass(frozen=True, eq=False)
class Principal:
    """What is found.

    Attributes
    ----------
    mean : ndarray, float64 ``(D,)``
    variances : ndarray, float64 ``(K,)``
        Falling; those of samples, divided by N − 1.
    components : ndarray, float64 ``(K, D)``
        Orthonormal rows, each up to its sign.
    total : float
        Of the variances of all features.
    settled : bool
        Whether further passes would have changed nothing.
    """

    mean: np.ndarray
    variances: np.ndarray
    components: np.ndarray
    total: float
    settled: bool = True


def principal(blocks: Blocks, n: int, d: int, count: int) -> Principal:
    """Return the `count` directions in which `n` samples of `d` features vary most.

    Samples with fewer features than `WIDEST` have their covariance added up, in double precision where it costs little
    or matters (the eigenvalues lie close to each other), else in single precision within short stretches. Of wider
    samples it is never made: see `_followed`.
    """
    if d > WIDEST and 8 * count < d:
        return _followed(blocks, n, d, count)
    if n * d * d > SINGLE:
        found, spectrum = _of_covariance(blocks, n, d, count, np.float32)
        # What the directions span is turned by the error over the gap to the next eigenvalue (Davis & Kahan, 1970).
        if len(spectrum) == count or _ROUNDING * spectrum[0] <= _ANGLE * (spectrum[-2] - spectrum[-1]):
            return found
    return _of_covariance(blocks, n, d, count, np.float64)[0]


def _of_covariance(blocks: Blocks, n: int, d: int, count: int, kind: type[np.floating]) -> tuple[Principal, np.ndarray]:
    """Return the directions, and the eigenvalues of the covariance down to the first that is not asked for."""
    squares, total = np.zeros((d, d)), np.zeros(d)
    shift, moved = None, True
    centred, products = np.empty((_BATCH, d), kind), np.empty((d, d), kind)
    ones = np.ones(_BATCH, kind)
    for block in blocks():
        if shift is None:
            shift = _origin(block[: 8 * _BATCH], kind)
            moved = kind != block.dtype or shift.any()
        for start in range(0, len(block), _BATCH):
            rows = block[start : start + _BATCH]
            if moved:
                rows = np.subtract(rows, shift, out=centred[: len(rows)])
            total += ones[: len(rows)] @ rows
            np.dot(rows.T, rows, out=products)
            squares += products
    assert shift is not None
    offset = total / n
    squares -= n * np.outer(offset, offset)
    squares /= max(1, n - 1)
    variances, vectors = _largest(squares, min(count + 1, d))
    found = Principal(shift + offset, variances[:count], vectors[:count], float(np.trace(squares)))
    return found, variances


def _origin(samples: np.ndarray, kind: type[np.floating]) -> np.ndarray:
    """Return where to measure from, so that little cancels: the mean of some, or 0 where that does as well."""
    mean, spread = samples.mean(axis=0, dtype=np.float64), samples.std(axis=0, dtype=np.float64)
    near = kind == np.float32 and np.all(np.abs(mean) <= 2 * spread)
    return (np.zeros_like(mean) if near else mean).astype(np.float32).astype(kind)


def _largest(symmetric: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest eigenvalues, falling and not below 0, and their eigenvectors as rows."""
    d = len(symmetric)
    if d < 200 or 4 * count > d:
        values, vectors = np.linalg.eigh(symmetric)
    else:
        from scipy.linalg import eigh  # which need not find them all

        values, vectors = eigh(symmetric, subset_by_index=[d - count, d - 1], check_finite=False)
    return np.maximum(values[::-1][:count], 0.0), vectors.T[::-1][:count]


def principal_of_few(rows: np.ndarray, count: int) -> Principal:
    """Return the directions of fewer samples ``(n, D)`` than features.

    Their n×n Gram matrix has the same eigenvalues as the covariance, and is a smaller problem to solve.
    """
    n = len(rows)
    rows = rows.astype(np.float64)
    mean = rows.mean(axis=0)
    rows -= mean
    variances, vectors = np.linalg.eigh(rows @ rows.T / max(1, n - 1))
    variances = np.maximum(variances[::-1][:count], 0.0)
    total = float(np.einsum("nd,nd->", rows, rows)) / max(1, n - 1)
    return Principal(mean, variances, _orthonormal(vectors.T[::-1][:count] @ rows), total)


def _orthonormal(rows: np.ndarray) -> np.ndarray:
    """Return unit vectors along `rows`; those that are lost in rounding become any that are orthogonal to the rest."""
    triangular = np.linalg.qr(rows.T)
    signs = np.sign(np.diag(triangular.R))
    return triangular.Q.T * np.where(signs == 0, 1.0, signs)[:, None]


def _followed(blocks: Blocks, n: int, d: int, count: int) -> Principal:
    """Return the directions without a covariance matrix: by block Lanczos iteration on the samples.

    A few random directions are multiplied by the covariance again and again, a pass over the samples each. In the space
    that all of them span, Rayleigh and Ritz's method finds the best eigenvectors (Golub & Van Loan, *Matrix
    Computations*, 10.3; Musco & Musco 2015). They are good when multiplying them does no more than scale them. Where
    the space would take too much memory, it begins anew from the best of it.
    """
    total, squared = np.zeros(d), 0.0
    for block in blocks():
        total += block.sum(axis=0, dtype=np.float64)
    mean = total / n
    width = min(count + max(_SPARE, count // 4), n, d)
    most = max(3, _SPACE // (16 * d * width)) * width
    directions = np.linalg.qr(np.random.default_rng(0).standard_normal((d, width))).Q
    space, images = np.empty((d, 0)), np.empty((d, 0))
    values, wanted, settled = np.zeros(count), directions[:, :count], False
    for number in range(_PASSES):
        image = np.zeros_like(directions)
        for block in blocks():
            rows = block - mean
            image += rows.T @ (rows @ directions)
            if number == 0:
                squared += float(np.einsum("nd,nd->", rows, rows))
        image /= max(1, n - 1)
        space, images = np.hstack([space, directions]), np.hstack([images, image])
        small = space.T @ images
        values, turn = np.linalg.eigh((small + small.T) / 2)
        values, turn = np.maximum(values[::-1], 0.0), turn[:, ::-1]
        wanted = space @ turn[:, :count]
        away = np.linalg.norm(images @ turn[:, :count] - wanted * values[:count], axis=0).max()
        settled = bool(away <= _SETTLED * values[0])
        if settled or number + 1 == _PASSES:
            break
        directions = image
        for _ in range(2):  # once more for what rounding leaves
            directions = np.linalg.qr(directions - space @ (space.T @ directions)).Q
        if space.shape[1] + width > most:
            space, images = space @ turn[:, :width], images @ turn[:, :width]
    return Principal(mean, values[:count], wanted.T, squared / max(1, n - 1), settled)
