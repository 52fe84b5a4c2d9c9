"""Ways from one code to another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def straight(a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
    """Return codes at equal distances on the line from `a` to `b` ``(L,)``, both among them: float64 ``(steps, L)``."""
    share = np.linspace(0.0, 1.0, steps)[:, None]
    return (1.0 - share) * np.asarray(a, np.float64) + share * np.asarray(b, np.float64)


def spherical(a: np.ndarray, b: np.ndarray, steps: int) -> np.ndarray:
    """Return codes on the arc from `a` to `b` around the origin, the distance from which changes evenly.

    K. Shoemake, Animating rotation with quaternion curves, SIGGRAPH 1985; for codes with a Gaussian prior T. White,
    2016: draws from it lie near a sphere, and a line passes within. Where one code is at the origin, or they are
    opposite to each other, there is no such arc: then it is the line.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    sizes = np.linalg.norm(a), np.linalg.norm(b)
    if min(sizes) == 0:
        return straight(a, b, steps)
    directions = a / sizes[0], b / sizes[1]
    angle = np.arccos(np.clip(directions[0] @ directions[1], -1.0, 1.0))
    if not 1e-6 < angle < np.pi - 1e-6:
        return straight(a, b, steps)
    share = np.linspace(0.0, 1.0, steps)[:, None]
    turned = (np.sin((1 - share) * angle) * directions[0] + np.sin(share * angle) * directions[1]) / np.sin(angle)
    return turned * ((1 - share) * sizes[0] + share * sizes[1])


def through(codes: np.ndarray, steps: int, way: Callable[[np.ndarray, np.ndarray, int], np.ndarray]) -> np.ndarray:
    """Return `steps` codes on a way through several ``(K, L)``, K ≥ 2, as many between each two as about fit.

    The first and the last code are among them; with at least as many steps as codes, all are.
    """
    ends = np.linspace(0, steps - 1, len(codes)).round().astype(int)
    legs = [
        way(codes[leg], codes[leg + 1], ends[leg + 1] - ends[leg] + 1)[: None if leg == len(codes) - 2 else -1]
        for leg in range(len(codes) - 1)
    ]
    return np.concatenate(legs)
