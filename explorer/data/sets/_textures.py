"""Pictures of things before textured backgrounds."""

from __future__ import annotations

import numpy as np


def gratings(rng: np.random.Generator, n: int, size: int, waves: tuple[float, float], count: int = 3) -> np.ndarray:
    """Return textures ``(n, size, size)``: sums of `count` cosine waves of random direction, of standard deviation 1.

    `waves` are the fewest and the most periods across the picture.
    """
    angle = rng.uniform(0, np.pi, (n, count, 1))
    frequency = 2 * np.pi * rng.uniform(*waves, (n, count, 1)) / size
    phase = rng.uniform(0, 2 * np.pi, (n, count, 1))
    place = np.arange(size)
    # cos(ax + by + c) by angles' sums: outer products are quicker than a cosine a pixel.
    across = np.exp(1j * (frequency * np.cos(angle) * place + phase))
    down = np.exp(1j * frequency * np.sin(angle) * place)
    return np.einsum("nkh,nkw->nhw", down, across).real.astype(np.float32) * np.float32(np.sqrt(2 / count))


def compose(rng: np.random.Generator, inside: np.ndarray, texture: float, contrast: float) -> np.ndarray:
    """Return pictures ``(n, size, size)`` from 0 to 1 of things that are lighter or darker than what is behind them.

    Parameters
    ----------
    rng : numpy.random.Generator
    inside : ndarray ``(n, size, size)``
        1 where the thing is, 0 where the background is.
    texture : float
        Standard deviation of the background's brightness within a picture. It is coarse, so that no one threshold
        tells it from the thing; the thing's own texture is half as strong, and fine.
    contrast : float
        By how much the thing is lighter or darker than the background's mean.
    """
    n, size = len(inside), inside.shape[1]
    behind = np.float32(texture) * gratings(rng, n, size, (0.5, 2.5))
    before = np.float32(texture / 2) * gratings(rng, n, size, (3, 6))
    sign = rng.choice(np.array([-1, 1], dtype=np.float32), (n, 1, 1))
    pictures = behind + inside * (before + sign * np.float32(contrast) - behind)
    return np.clip(0.5 + pictures - sign * np.float32(contrast / 4), 0, 1).astype(np.float32)
