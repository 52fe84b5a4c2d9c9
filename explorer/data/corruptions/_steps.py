"""Choosing steps at random, for corruptions that hit a share of them."""

from __future__ import annotations

import math

import numpy as np


def as_steps(values: np.ndarray) -> np.ndarray:
    """Return a view ``(N, steps, C)``: features of a vector and pixels of an image, row by row, are the steps."""
    if values.ndim == 2:
        return values[:, :, None]
    return values.reshape(len(values), math.prod(values.shape[1:-1]), values.shape[-1])


def choose_steps(values: np.ndarray, share: float, rng: np.random.Generator, run: int = 1) -> np.ndarray:
    """Return which values are hit, bool, shape of `values`.

    Of every channel of every sample that share of its steps that are not NaN is hit, alone or in runs of `run`
    steps. Where the share is no whole number of steps, chance rounds it up or down, so that it is met on average.
    With the same generator state a larger share hits the same steps and more: a slider adds to what is there.
    """
    steps = as_steps(values)
    present = ~np.isnan(steps)
    keys = rng.random(steps.shape)
    rounding = rng.random((len(steps), 1, steps.shape[2]))
    if run > 1:
        from scipy.ndimage import minimum_filter1d

        # A step takes the lowest key of its neighbourhood, so the steps with the lowest keys come in runs.
        keys = minimum_filter1d(keys, size=min(run, 2 * steps.shape[1]), axis=1, mode="nearest")
    keys[~present] = np.inf
    count = np.floor(share * present.sum(axis=1, keepdims=True) + rounding)
    rank = np.argsort(np.argsort(keys, axis=1, kind="stable"), axis=1, kind="stable")
    return ((rank < count) & present).reshape(values.shape)
