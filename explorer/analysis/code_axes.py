"""The dimensions of a code by how much they are used, and how far samples reach along each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.errors import InputError

ENDS = (0.01, 0.99)
"""Between these quantiles of the codes a dimension is gone through; a few far samples do not count."""
BEYOND = 0.1
"""How much farther than that it goes at both ends, as a share."""


@dataclass(frozen=True)
class CodeAxes:
    """The dimensions of a code, the most used first.

    Parameters
    ----------
    measure : {"kl", "variance"}
        What tells how much one is used.
    axes : ndarray, int64 ``(L,)``
        Their numbers, from 0.
    weights : ndarray, float64 ``(L,)``
        KL of each in nats, or its share of the variance of all.
    low, high : ndarray, float64 ``(L,)``
        How far samples reach along each.
    """

    measure: Literal["kl", "variance"]
    axes: np.ndarray
    weights: np.ndarray
    low: np.ndarray
    high: np.ndarray


def rank(codes: np.ndarray, divergence: np.ndarray | None = None) -> CodeAxes:
    """Order the dimensions of codes.

    Parameters
    ----------
    codes : ndarray ``(N, L)``
        Rows that are not finite do not count.
    divergence : ndarray ``(L,)``, optional
        KL(q(z|x) ‖ p(z)) of each dimension of a variational code, in nats: near 0 a dimension tells nothing of the
        sample, however it varies (Burda et al. 2016). Without it they are ordered by their variance.

    Raises
    ------
    InputError
        If no code is finite.
    """
    finite = codes[np.isfinite(codes).all(axis=1)].astype(np.float64)
    if not len(finite):
        raise InputError("no code is finite", remedy="Train the model again")
    variance = finite.var(axis=0)
    weights = variance / variance.sum() if divergence is None and variance.sum() > 0 else variance
    weights = weights if divergence is None else np.asarray(divergence, dtype=np.float64)
    axes = np.argsort(-weights, kind="stable")
    low, high = np.quantile(finite, ENDS, axis=0)
    reach = BEYOND * (high - low)
    low, high = low - reach, high + reach
    still = high <= low
    low, high = np.where(still, low - 1.0, low), np.where(still, high + 1.0, high)
    return CodeAxes("variance" if divergence is None else "kl", axes, weights[axes], low[axes], high[axes])
