"""Where samples of a place of the map lie: quantiles of what a generative model draws there."""

from __future__ import annotations

from typing import Protocol

import numpy as np

DRAWS = 100
"""Samples that tell the quantiles."""
SHARE = 0.9
"""Of the samples that lie within a band, at each entry by itself."""


class Generative(Protocol):
    """A model that draws samples of codes."""

    def draw(self, Z: np.ndarray, n: int = 1, seed: int = 0) -> np.ndarray:
        """Return samples x ~ p(x|z) of codes ``(N, L)``."""
        ...


def band(
    model: Generative, z: np.ndarray, deviation: np.ndarray, *, draws: int = DRAWS, share: float = SHARE, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return between which values the samples of a code lie, the lower and the upper, each of a sample's shape.

    A sample is known only up to the noise of its code and the noise of the likelihood: x ~ p(x|z'), z' ~ N(z, σ²). The
    band holds the middle `share` of such draws at each entry; the same seed gives the same draws, so that it moves
    smoothly with `z`.

    Parameters
    ----------
    model : Generative
    z : ndarray ``(L,)``
    deviation : ndarray ``(L,)``
        σ of the code there: of the posterior of a sample nearby. 0 leaves the likelihood alone.
    draws : int
    share : float
    seed : int
    """
    noise = np.random.default_rng(seed).standard_normal((draws, len(z)))
    samples = model.draw((np.asarray(z) + np.asarray(deviation) * noise).astype(np.float32), 1, seed)
    outside = (1.0 - share) / 2
    low, high = quantiles(samples.astype(np.float64), (outside, 1.0 - outside))
    return low.astype(np.float32), high.astype(np.float32)


def quantiles(samples: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    """Return quantiles over the first axis of what is there; NaN where nothing is. A record with gaps has some."""
    if not np.isnan(samples).any():
        return np.quantile(samples, shares, axis=0)
    ordered = np.sort(samples, axis=0)  # NaN comes last
    count = np.isfinite(samples).sum(axis=0)
    found = []
    for share in shares:
        place = share * np.maximum(count - 1, 0)
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, np.maximum(count - 1, 0))
        pair = [np.take_along_axis(ordered, at[None], axis=0)[0] for at in (below, above)]
        found.append(pair[0] + (place - below) * (pair[1] - pair[0]))
    return np.stack(found)
