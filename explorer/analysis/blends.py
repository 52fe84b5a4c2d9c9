"""Codes made of other codes: mixes of four, moves from one class towards another, and how many samples are near."""

from __future__ import annotations

import numpy as np

from explorer.analysis.spacing import typical_spacing
from explorer.errors import InputError

NEAR = 3.0
"""A sample is near to a code within so many times the usual spacing of samples' codes."""


def mixed(corners: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return bilinear mixes of four codes, as in MusicVAE's palette (Roberts et al. 2018).

    Parameters
    ----------
    corners : ndarray ``(4, L)``
        At (0, 0), (1, 0), (0, 1) and (1, 1).
    x, y : ndarray ``(M,)``
        Where each mix stands, from 0 to 1.

    Returns
    -------
    ndarray, float64 ``(M, L)``
    """
    corners = np.asarray(corners, dtype=np.float64)
    x, y = (np.asarray(each, dtype=np.float64)[:, None] for each in (x, y))
    lower, upper = (1 - x) * corners[0] + x * corners[1], (1 - x) * corners[2] + x * corners[3]
    return (1 - y) * lower + y * upper


def grid(corners: np.ndarray, side: int) -> np.ndarray:
    """Return the mixes of four codes on a square of `side` × `side` places, row by row: float64 ``(side², L)``."""
    along = np.linspace(0, 1, side)
    return mixed(corners, np.tile(along, side), np.repeat(along, side))


def group_vector(codes: np.ndarray, labels: np.ndarray, a: int, b: int) -> np.ndarray:
    """Return the way from class `a` to class `b`: the mean of one's codes less that of the other's, float64 ``(L,)``.

    An attribute vector (Larsen et al. 2016; White 2016). Added to the code of any sample it moves it as the classes
    differ, as far as that is a straight way.

    Raises
    ------
    InputError
        If a class has no sample with a code.
    """
    means = []
    for index in (a, b):
        members = codes[(labels == index) & np.isfinite(codes).all(axis=1)]
        if not len(members):
            raise InputError(f"class {index} has no sample with a code", remedy="Choose another class")
        means.append(members.mean(axis=0, dtype=np.float64))
    return means[1] - means[0]


def near_counts(codes: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, float]:
    """Return how many samples are near to each of some codes, and what near is.

    Parameters
    ----------
    codes : ndarray ``(N, L)``
        Of samples; those that are not finite count nowhere.
    z : ndarray ``(M, L)``

    Returns
    -------
    counts : ndarray, int64 ``(M,)``
    radius : float
        `NEAR` times the usual spacing; NaN, with counts of nothing, where there is none.
    """
    spacing = typical_spacing(codes)
    if spacing is None:
        return np.zeros(len(z), dtype=np.int64), float("nan")
    radius = max(NEAR * spacing.median, spacing.wide)
    known = np.asarray(codes[np.isfinite(codes).all(axis=1)], dtype=np.float64)
    counts = [np.count_nonzero(np.sum((known - each) ** 2, axis=1) <= radius**2 * (1 + 1e-9)) for each in z]
    return np.array(counts, dtype=np.int64), radius
