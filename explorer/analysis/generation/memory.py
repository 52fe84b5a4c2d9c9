"""Whether a generator gives its training samples away."""

from __future__ import annotations

import numpy as np

from explorer.analysis.nearest import nearest
from explorer.progress import Progress

USUAL = 0.01
"""Share of unseen real samples that are as near to a training sample as what counts as a copy."""


def memory_scores(
    train: np.ndarray, unseen: np.ndarray, made: np.ndarray, *, seed: int = 0, progress: Progress | None = None
) -> dict[str, float]:
    """Return how near generated vectors ``(M, F)`` are to those that were learnt from, beside unseen real ones.

    Returns
    -------
    dict
        "closer_to_train": the share of the generated whose nearest real sample is one of `train` rather than one of as
        many of `unseen`, ties by halves (the share test of Platzer & Reutterer 2021): 0.5 if nothing was memorised.
        With "closer_low" and "closer_high", its 95 % interval (Wilson), and "closer_p", the chance of so large a share
        if it were 0.5 (binomial, one-sided). Samples that are equal count as one: they are no independent witnesses.
        "copies": the share of the generated that lie as near to a training sample as only 1 % of unseen real samples
        do (compare the authenticity of Alaa et al. 2022).
    """
    from scipy.stats import binomtest

    rng = np.random.default_rng(seed)
    count = min(len(train), len(unseen))
    some = [points[np.sort(rng.permutation(len(points))[:count])] for points in (train, unseen)]
    distinct = np.unique(made, axis=0)
    near, far = (nearest(points, 1, distinct, progress=progress)[1][:, 0] for points in some)
    wins, ties = int((near < far).sum()), int((near == far).sum())
    trials = len(distinct)
    successes = wins + ties // 2
    test = binomtest(successes, trials, 0.5, alternative="greater")
    interval = binomtest(successes, trials, 0.5).proportion_ci(method="wilson")
    usual = nearest(train, 1, unseen, progress=progress)[1][:, 0]
    reach = nearest(train, 1, made, progress=progress)[1][:, 0]
    return {
        "closer_to_train": (wins + ties / 2) / trials,
        "closer_low": float(interval.low),
        "closer_high": float(interval.high),
        "closer_p": float(test.pvalue),
        "copies": float((reach <= np.quantile(usual, USUAL)).mean()),
    }
