"""Denoisers of long series: each by the way that suits it, of those in `explorer.analysis.overlap_add`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np

from explorer.analysis.denoiser import Chain, Denoiser
from explorer.analysis.overlap_add import Stage, bridged, chained, hop_of, overlap_add, with_reach

WINDOW = 8192
"""Steps of the windows of denoisers that look at a whole series: what they choose by it, they choose by window."""


def stages(denoiser: Denoiser, overlap: float = 0.5) -> list[Stage]:
    """Return the stages that a series passes through.

    What takes series of one length, such as a trained run, gets windows of that length; a local filter is as over the
    whole series. What looks at all of a series (total variation, or wavelets that estimate the noise by it) gets
    windows of 8,192 steps. Gaps are bridged before whatever does not take them.

    Parameters
    ----------
    denoiser : Denoiser
        One, or a chain.
    overlap : float
        Share of windows that neighbours have in common, from 0 to below 1.

    Raises
    ------
    InputError
        If the overlap is none.
    """
    steps = denoiser.steps if isinstance(denoiser, Chain) else (denoiser,)
    found: list[Stage] = []
    for step in steps:
        if step.only_steps is not None:
            window, whole = step.only_steps, False
        elif step.reach is not None and not _estimates(step):
            found += [bridged, partial(with_reach, smooth=partial(_alone, step), reach=step.reach)]
            continue
        else:
            found.append(bridged)
            window, whole = max(WINDOW, 8 * (step.reach or 0)), True
        found.append(
            partial(overlap_add, denoise=step.denoise, window=window, hop=hop_of(window, overlap), whole=whole)
        )
    return found


def stream(
    blocks: Iterable[np.ndarray], denoiser: Denoiser, overlap: float = 0.5, *, keep_gaps: bool = True
) -> Iterator[np.ndarray]:
    """Yield a series ``(T, C)`` denoised, block by block; see `stages`.

    Parameters
    ----------
    blocks : iterable of ndarray ``(n, C)``
        The series in order, NaN where missing.
    denoiser, overlap
        As of `stages`.
    keep_gaps : bool
        Whether what is missing stays so, rather than being filled by what the denoiser makes of it.
    """
    return chained(blocks, stages(denoiser, overlap), keep_gaps=keep_gaps)


def _alone(denoiser: Denoiser, rows: np.ndarray) -> np.ndarray:
    return denoiser.denoise(rows[None])[0]


def _estimates(step: Denoiser) -> bool:
    """Whether it estimates something by all that it is given, its reach apart: those do that are told the noise."""
    return hasattr(step, "noise")
