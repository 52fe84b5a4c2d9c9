"""Curves that are looked at irregularly, and that go on where nobody looks."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.data.split import assign_split


def own_times(rng: np.random.Generator, n: int, count: int, start: float, end: float) -> np.ndarray:
    """Return `count` times of each of `n` samples, uniform from `start` to `end` and ascending, float64 ``(n, count)``.

    No two of a sample are the same: they are at least a thousandth of their usual distance apart.
    """
    gap = 1e-3 * (end - start) / count
    loose = np.sort(rng.uniform(0.0, end - start - gap * (count + 1), (n, count)), axis=1)
    return start + loose + gap * np.arange(1, count + 1)


def glimpsed(
    rng: np.random.Generator, noisy: np.ndarray, clean: np.ndarray, observed: int, ahead: int
) -> dict[str, Any]:
    """Return values, targets, what was observed, and the split of curves of which little is seen.

    Parameters
    ----------
    noisy, clean : ndarray ``(N, T, C)``
        The last `ahead` of their steps lie beyond what anybody sees.
    observed : int
        Steps of each curve before those that are seen, at random; noisy.
    ahead : int

    Returns
    -------
    dict
        "values": the noisy curves where they are seen, else NaN. "targets": the clean ones, whole for the test part;
        beyond what is seen NaN for the others, so that no model learns what is to be foretold.
    """
    n, steps = noisy.shape[:2]
    rank = rng.random((n, steps - ahead)).argsort(axis=1).argsort(axis=1)
    seen = np.zeros((n, steps), dtype=bool)
    seen[:, : steps - ahead] = rank < observed
    # Four fifths learn, as in the papers.
    split = assign_split(n, fractions=(0.8, 0.05, 0.15), seed=int(rng.integers(2**31)))
    values = np.where(seen[:, :, None], noisy, np.nan).astype(np.float32)
    targets = clean.astype(np.float32)
    if ahead:
        targets[split < 2, -ahead:] = np.nan
    return {
        "values": values,
        "targets": targets,
        "observed": np.isfinite(values),
        "split": split,
    }
