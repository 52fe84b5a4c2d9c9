"""How sure a figure over samples is, and whether one of two methods is better on the same samples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

RESAMPLED = 1000
"""Times that samples are drawn anew for an interval."""
COVERED = 0.95
_CHUNK = 1 << 22
"""Counts of draws that are kept at a time."""


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % confidence interval over the samples: of other samples from the same source."""

    value: float
    low: float
    high: float


def bootstrap(
    sums: np.ndarray, figure: Callable[[np.ndarray], np.ndarray], seed: int = 0, draws: int = RESAMPLED
) -> Interval:
    """Return a figure made of sums over samples, with the percentiles of what it is for samples drawn anew.

    Efron (1979). Samples are drawn with replacement, whole: what is in one sample goes together.

    Parameters
    ----------
    sums : ndarray ``(N, K)``
        What each sample adds.
    figure : callable
        Makes of sums ``(…, K)`` over samples the figure ``(…,)``.
    seed : int
    draws : int
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(figure(sums.sum(axis=0)))
        count = len(sums)
        if count < 2:
            return Interval(value, np.nan, np.nan)
        rng, found = np.random.default_rng(seed), []
        step = max(1, _CHUNK // count)
        for start in range(0, draws, step):
            often = rng.multinomial(count, np.full(count, 1 / count), size=min(step, draws - start))
            found.append(np.asarray(figure(often @ sums)))
        low, high = np.quantile(np.concatenate(found), [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return Interval(value, float(low), float(high))


@dataclass(frozen=True)
class PairedTest:
    """Two methods on the same samples, by the errors of each sample.

    Parameters
    ----------
    first, second : str
        Their names.
    p : float
        Wilcoxon's signed-rank test, two-sided: how likely differences as uneven as these are if neither were better.
        NaN where it cannot be told (fewer than 6 samples that differ).
    p_adjusted : float
        The same after Holm's correction for all pairs that were tested.
    rank_biserial : float
        Effect size, −1 to 1 (Kerby 2014): 1 where the first is better on every sample, 0 where neither is.
    cohens_dz : float
        Effect size: mean over standard deviation of the differences, positive where the first is better.
    wins : float
        Share of samples on which the first is better; of equal ones a half.
    n_samples : int
    """

    first: str
    second: str
    p: float
    p_adjusted: float
    rank_biserial: float
    cohens_dz: float
    wins: float
    n_samples: int


def compare_pair(first: str, second: str, one: np.ndarray, two: np.ndarray) -> PairedTest:
    """Return how the errors ``(N,)`` of two methods on the same samples differ; `p_adjusted` is not corrected yet."""
    known = np.isfinite(one) & np.isfinite(two)
    # Positive where the first is better.
    difference = np.asarray(two, np.float64)[known] - np.asarray(one, np.float64)[known]
    count = len(difference)
    nonzero = difference[difference != 0]
    p = rank_biserial = np.nan
    if len(nonzero) >= 6:
        from scipy.stats import rankdata, wilcoxon

        found: Any = wilcoxon(nonzero)  # whose type the stubs do not know
        p = float(found.pvalue)
        ranks = rankdata(np.abs(nonzero))
        rank_biserial = float(np.sum(np.sign(nonzero) * ranks) / ranks.sum())
    spread = float(difference.std(ddof=1)) if count > 1 else 0.0
    return PairedTest(
        first,
        second,
        p,
        p,
        rank_biserial,
        float(difference.mean() / spread) if spread > 0 else np.nan,
        float(np.mean((difference > 0) + 0.5 * (difference == 0))) if count else np.nan,
        count,
    )


def adjusted(p: np.ndarray) -> np.ndarray:
    """Return p-values after Holm's (1979) correction for their number; NaN stays NaN."""
    found = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = len(order) - np.arange(len(order))
    found[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * factors)) if len(order) else p[order]
    return found
