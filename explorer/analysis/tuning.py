"""Choosing the settings of denoisers: as many tries for each, on samples that judge nobody."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.analysis.blind import sure
from explorer.analysis.denoiser import Chain
from explorer.progress import Progress, Silent, check

Criterion = Literal["validation error", "SURE", ""]


@dataclass(frozen=True, eq=False)
class Tuned:
    """A denoiser with the settings that were best.

    Parameters
    ----------
    denoiser : Chain
    criterion : {"validation error", "SURE", ""}
        By what: the squared error against clean samples; where none are known, Stein's unbiased estimate of it, which
        takes the noise for white and normal; nothing, where there was nothing to choose.
    tries : int
        Settings that were tried.
    error : float
        The mean squared error of the best (or its estimate); NaN where nothing was chosen.
    """

    denoiser: Chain
    criterion: Criterion
    tries: int
    error: float


def tune(
    chain: Chain,
    noisy: np.ndarray,
    clean: np.ndarray | None = None,
    lengths: np.ndarray | None = None,
    progress: Progress | None = None,
    seed: int = 0,
) -> Tuned:
    """Return a denoiser, fitted where it learns, with the best of the settings that are free.

    Parameters
    ----------
    chain : Chain
        Its `free` parts are tuned; see `Chain.candidates`.
    noisy, clean : ndarray, float32 ``(N, T, C)``
        Validation samples. Without `clean` the settings are chosen blindly.
    lengths : ndarray of int ``(N,)``, optional
    seed : int
        Of the probe by which the blind criterion measures a denoiser's freedom.

    Raises
    ------
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    shortest = noisy.shape[1] if lengths is None else int(lengths.min())
    candidates = chain.candidates(shortest)
    if len(candidates) < 2:
        return Tuned(candidates[0], "", len(candidates) - 1, math.nan)
    criterion: Criterion = "SURE" if clean is None else "validation error"
    best, lowest = candidates[0], math.inf
    for i, candidate in enumerate(candidates):
        check(progress)
        progress.report(i / len(candidates), f"{chain.title}: setting {i + 1} of {len(candidates)}")
        if clean is None:
            error = float(np.nanmean(sure(candidate, noisy, lengths, seed)))
        else:
            error = float(np.nanmean((candidate.denoise(noisy, lengths).astype(np.float64) - clean) ** 2))
        if error < lowest:
            best, lowest = candidate, error
    return Tuned(best, criterion, len(candidates), lowest)
