"""Long curves with as many points as there are pixels, and nothing of their peaks lost."""

from __future__ import annotations

import numpy as np


def thinned(x: np.ndarray, y: np.ndarray, bins: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest point of each of about `bins` runs of a curve, in the order in which they come.

    Parameters
    ----------
    x, y : ndarray ``(T,)``
        NaN in `y` is left out of a run; a run without any value is a gap.
    bins : int

    Returns
    -------
    x, y : ndarray ``(P,)``
        Two points a run; `x` and `y` themselves where the curve has no more than that.
    """
    steps = len(y)
    size = steps // max(1, bins)
    if size < 3:
        return x, y
    whole = steps - steps % size
    starts = np.arange(0, steps, size)
    body, tail = y[:whole].reshape(-1, size), y[whole:]
    if np.isfinite(y).all():
        low, high = body.argmin(axis=1), body.argmax(axis=1)
    else:
        low = np.where(np.isnan(body), np.inf, body).argmin(axis=1)
        high = np.where(np.isnan(body), -np.inf, body).argmax(axis=1)
    low, high = low + starts[: len(body)], high + starts[: len(body)]
    if len(tail):
        low, high = np.append(low, whole), np.append(high, steps - 1)
    chosen = np.stack([np.minimum(low, high), np.maximum(low, high)], axis=1).reshape(-1)
    return x[chosen], y[chosen]
