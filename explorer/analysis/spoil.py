"""Samples as a bench takes them: noisy, and clean where that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.data.corruption import Corruption, corrupt, parse_corruption
from explorer.data.dataset import Dataset, check_numbers
from explorer.data.gaps import fill_gaps
from explorer.data.scaling import typical_value
from explorer.progress import Progress, Silent, check


@dataclass(frozen=True, eq=False)
class Pairs:
    """Noisy samples and what is known of them.

    Parameters
    ----------
    rows : ndarray of int ``(N,)``
        Which samples of the data they are.
    noisy : ndarray, float32 ``(N, *sample_shape)``
        NaN where missing.
    clean : ndarray, float32, or None
        NaN where unknown; None where nothing is known.
    given : ndarray, float32
        The noisy samples as they count in measures: gaps bridged (`fill_gaps`).
    lengths : ndarray of int ``(N,)``, or None
    """

    rows: np.ndarray
    noisy: np.ndarray
    clean: np.ndarray | None
    given: np.ndarray
    lengths: np.ndarray | None


def pairs(
    data: Dataset,
    rows: np.ndarray,
    corruption: str | Corruption | None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Pairs:
    """Return samples spoilt as `corrupt` does it, with their clean targets.

    The draw of a sample depends on the seed and its index alone: in the window, at the bench and on the command line it
    is spoilt alike.

    Parameters
    ----------
    data : Dataset
    rows : ndarray of int
    corruption : str or Corruption, optional
        As `parse_corruption` reads it; None takes the samples as they are.
    seed : int
    progress : Progress, optional

    Raises
    ------
    InputError
        If there is no such corruption.
    Cancelled
        If the person cancelled.
    """
    check(progress or Silent())
    check_numbers(data)
    lengths = None if data.lengths is None else data.lengths[rows]
    if corruption is None:
        noisy = np.asarray(data.values[rows])
        clean = None if data.targets is None else np.asarray(data.targets[rows])
    else:
        how = parse_corruption(corruption) if isinstance(corruption, str) else corruption
        spoilt = corrupt(data, how, seed, rows)
        noisy, clean = spoilt.values, spoilt.clean
    return Pairs(rows, noisy, clean, fill_gaps(noisy, typical_value(data)), lengths)
