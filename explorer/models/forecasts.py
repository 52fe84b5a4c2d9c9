"""What a forecast is compared with: the last value for ever, and a linear autoregression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

MOST_WINDOWS = 50_000
"""Windows from which an autoregression is learnt, at most."""
RIDGE = 1e-6
"""Added to the diagonal, relative to its mean, so that constant series can be solved."""


def split_times(values: np.ndarray, lengths: np.ndarray | None, horizon: int) -> np.ndarray:
    """Return after how many steps the future of each of `values` ``(N, T, C)`` begins, int64 ``(N,)``."""
    ends = np.full(len(values), values.shape[1]) if lengths is None else lengths
    return np.maximum(ends - horizon, 1)


def futures(values: np.ndarray, lengths: np.ndarray | None, horizon: int) -> np.ndarray:
    """Return the future of each series, ``(N, horizon, C)``; NaN where it is shorter, or beyond its end."""
    steps = values.shape[1]
    places = split_times(values, lengths, horizon)[:, None] + np.arange(horizon)
    ends = np.full(len(values), steps) if lengths is None else lengths
    found = np.take_along_axis(values, np.minimum(places, steps - 1)[:, :, None], axis=1)
    return np.where((places < ends[:, None])[:, :, None], found, np.float32(np.nan))


def pasts(values: np.ndarray, lengths: np.ndarray | None, horizon: int, order: int) -> np.ndarray:
    """Return the last `order` steps of each past, ``(N, order, C)``, oldest first.

    A missing value is that before it; at the start, and where the past is shorter, the first known one. A channel of
    which nothing is known stays NaN.
    """
    begins = split_times(values, lengths, horizon)
    steps = np.arange(values.shape[1])
    known = np.isfinite(values) & (steps < begins[:, None])[:, :, None]
    last = np.maximum.accumulate(np.where(known, steps[:, None], -1), axis=1)
    first = np.argmax(known, axis=1)[:, None, :]
    filled = np.take_along_axis(values, np.where(last < 0, first, last), axis=1)
    filled = np.where(known.any(axis=1, keepdims=True), filled, np.float32(np.nan))
    places = np.maximum(begins[:, None] - order + np.arange(order), 0)
    return np.take_along_axis(filled, places[:, :, None], axis=1)


def persistence(values: np.ndarray, lengths: np.ndarray | None, horizon: int) -> np.ndarray:
    """Return the last known value of each past, repeated: ``(N, horizon, C)``."""
    return np.repeat(pasts(values, lengths, horizon, 1), horizon, axis=1)


@dataclass
class AutoRegression:
    """x_t = a₀ + Σ aᵢ x_{t−i}, a channel at a time, by least squares; farther steps from its own forecasts.

    Attributes
    ----------
    weights : ndarray, float64 ``(C, 1 + order)``
        a₀, then the weights of the values from the oldest to the last.
    """

    weights: np.ndarray

    @property
    def order(self) -> int:
        """How many values it looks back at."""
        return self.weights.shape[1] - 1

    @classmethod
    def fit(cls, values: np.ndarray, order: int, seed: int = 0) -> Self:
        """Learn from all windows without missing values of series ``(N, T, C)``, or as many as are enough."""
        channels = values.shape[2]
        found = np.zeros((channels, 1 + order))
        rng = np.random.default_rng(seed)
        per_series = values.shape[1] - order
        chosen = rng.permutation(len(values))[: max(1, MOST_WINDOWS // per_series)]
        windows = np.lib.stride_tricks.sliding_window_view(values[chosen], order + 1, axis=1).astype(np.float64)
        for channel in range(channels):
            table = windows[:, :, channel].reshape(-1, order + 1)
            table = table[np.isfinite(table).all(axis=1)]
            if not len(table):
                continue
            design = np.column_stack([np.ones(len(table)), table[:, :-1]])
            gram = design.T @ design
            gram[np.diag_indices_from(gram)] += RIDGE * np.trace(gram) / len(gram)
            found[channel] = np.linalg.solve(gram, design.T @ table[:, -1])
        return cls(found)

    def forecast(self, values: np.ndarray, lengths: np.ndarray | None, horizon: int) -> np.ndarray:
        """Return the future of series by their past, float32 ``(N, horizon, C)``."""
        window = pasts(values, lengths, horizon, self.order).astype(np.float64)
        written = []
        for _ in range(horizon):
            following = self.weights[:, 0] + np.einsum("noc,co->nc", window, self.weights[:, 1:])
            written.append(following)
            window = np.concatenate([window[:, 1:], following[:, None]], axis=1)
        return np.stack(written, axis=1).astype(np.float32)
