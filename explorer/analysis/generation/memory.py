"""Whether a generator gives its training samples away."""

from __future__ import annotations

import math

import numpy as np

from explorer.analysis.nearest import nearest
from explorer.progress import Progress

USUAL = 0.01
"""Share of unseen real samples that are as near to a training sample as what counts as a copy."""

Z_95 = 1.96


def memory_scores(
    train: np.ndarray, unseen: np.ndarray, made: np.ndarray, *, seed: int = 0, progress: Progress | None = None
) -> dict[str, float]:
    """Return how near generated vectors ``(M, F)`` are to those that were learnt from, beside unseen real ones.

    Returns
    -------
    dict
        "closer_to_train": the share of the generated whose nearest real sample is one of `train` rather than one of as
        many of `unseen`, ties by halves (the share test of Platzer & Reutterer 2021): 0.5 if nothing was memorised.
        With "closer_low" and "closer_high", its 95 % interval, and "closer_p", the chance of so large a share if it
        were 0.5 (one-sided). Generated samples with the same nearest real one are one witness, whether they are equal
        or far from all that is real: which part that one is in is what chance decides.
        "copies": the share of the generated that lie as near to a training sample as only 1 % of unseen real samples
        do (compare the authenticity of Alaa et al. 2022).
    """
    rng = np.random.default_rng(seed)
    count = min(len(train), len(unseen))
    some = [points[np.sort(rng.permutation(len(points))[:count])] for points in (train, unseen)]
    found = [nearest(points, 1, made, progress=progress) for points in some]
    near, far = (distances[:, 0] for _, distances in found)
    who = np.where(near <= far, found[0][0][:, 0], count + found[1][0][:, 0])
    share = float((near < far).mean() + (near == far).mean() / 2)
    witnesses = np.bincount(who)
    error = 0.5 * float(np.sqrt((witnesses.astype(np.float64) ** 2).sum())) / len(made)
    usual = nearest(train, 1, unseen, progress=progress)[1][:, 0]
    reach = nearest(train, 1, made, progress=progress)[1][:, 0]
    return {
        "closer_to_train": share,
        "closer_low": max(0.0, share - Z_95 * error),
        "closer_high": min(1.0, share + Z_95 * error),
        "closer_p": 0.5 * math.erfc((share - 0.5) / (error * math.sqrt(2))),
        "copies": float((reach <= np.quantile(usual, USUAL)).mean()),
    }
