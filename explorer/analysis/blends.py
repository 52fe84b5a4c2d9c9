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


def far_apart(codes: np.ndarray, count: int, most: int = 10_000) -> np.ndarray:
    """Return samples whose codes ``(N, L)`` lie far apart, int64: first the one farthest from the mean.

    Each next is the farthest from all before (Gonzalez 1985). Of more than `most` codes evenly many are looked at.
    Fewer come back where there are not so many different codes.
    """
    rows = np.flatnonzero(np.isfinite(codes).all(axis=1))
    rows = rows[:: max(1, -(-len(rows) // most))]
    if not len(rows):
        return rows
    known = np.asarray(codes[rows], dtype=np.float64)
    chosen: list[int] = []
    apart = np.sum((known - known.mean(axis=0)) ** 2, axis=1)
    while len(chosen) < count:
        farthest = int(np.argmax(apart))
        if chosen and not apart[farthest] > 0:
            break
        new = np.sum((known - known[farthest]) ** 2, axis=1)
        apart = np.minimum(apart, new) if chosen else new
        chosen.append(farthest)
    return rows[np.array(chosen, dtype=np.int64)]
