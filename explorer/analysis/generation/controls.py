"""What a generator has to be told from: samples made by no model, each wrong in a way of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from explorer.analysis.generation.features import Features
from explorer.data.dataset import Dataset

LARGEST = 2048
"""Numbers in a sample over which no covariance of all of them is taken."""


def real_again(train: Dataset, n: int, rng: np.random.Generator) -> Dataset:
    """Return training samples as they are: nothing tells them from real ones, and all of them are copies."""
    return train.subset(rng.choice(len(train), n, replace=n > len(train)))


def repeated(train: Dataset, n: int, rng: np.random.Generator) -> Dataset:
    """Return one sample n times, the training sample nearest to the mean: a generator that has collapsed."""
    vectors = Features(train).of(train.values)
    most_usual = np.square(vectors - vectors.mean(axis=0)).sum(axis=1).argmin()
    return train.subset(np.repeat(most_usual, n))


def gaussian(train: Dataset, n: int, rng: np.random.Generator) -> Dataset:
    """Return samples of a normal distribution with the mean and covariance of the training samples, by class.

    Of records with gaps, and of samples too large for a covariance, all entries are independent: what is there is
    drawn by how often it is at that step, its value from the mean and deviation of the variable.
    """
    chosen, groups = _by_class(train, n, rng)
    values = np.empty((n, *train.sample_shape), np.float32)
    whole = not np.isnan(train.values).any() and train.values[0].size <= LARGEST
    for rows, group in groups:
        values[rows] = (_joint if whole else _independent)(train.values[group], len(rows), rng)
    return replace(train.subset(chosen), **_made(values, train))


def bootstrap(train: Dataset, n: int, rng: np.random.Generator) -> Dataset:
    """Return samples whose variables each come from another training sample of the class, with their gaps and times.

    Every variable by itself is then real (and given away); what is between them is not.
    """
    chosen, groups = _by_class(train, n, rng)
    values = np.empty((n, *train.sample_shape), np.float32)
    for rows, group in groups:
        for channel in range(values.shape[-1]):
            values[rows, ..., channel] = train.values[rng.choice(group, len(rows)), ..., channel]
    return replace(train.subset(chosen), **_made(values, train))


CONTROLS: dict[str, Callable[[Dataset, int, np.random.Generator], Dataset]] = {
    "real": real_again,
    "bootstrap": bootstrap,
    "gaussian": gaussian,
    "repeated": repeated,
}
"""By the name under which their scores stand."""
CONTROL_WORDS = {
    "real": "training samples as they are",
    "bootstrap": "each variable from another training sample",
    "gaussian": "normal noise of the same mean and covariance (of records with gaps: independent)",
    "repeated": "the most usual training sample, again and again",
}


def _by_class(
    train: Dataset, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Return training samples to take the label from, and for each class which of the new and of the old have it."""
    chosen = rng.choice(len(train), n)
    if train.labels is None:
        return chosen, [(np.arange(n), np.arange(len(train)))]
    labels = train.labels[chosen]
    classes = np.unique(labels)
    return chosen, [(np.flatnonzero(labels == each), np.flatnonzero(train.labels == each)) for each in classes]


def _made(values: np.ndarray, train: Dataset) -> dict[str, np.ndarray | None]:
    there = np.isfinite(values)
    return {
        "values": values,
        "targets": None,
        "masks": None,
        "observed": None if there.all() else there,
        "lengths": None,
    }


def _joint(values: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    flat = values.reshape(len(values), -1).astype(np.float64)
    centred = flat - flat.mean(axis=0)
    variances, directions = np.linalg.eigh(centred.T @ centred / max(1, len(flat) - 1))
    drawn = rng.standard_normal((n, flat.shape[1])) * np.sqrt(np.maximum(0.0, variances))
    return (flat.mean(axis=0) + drawn @ directions.T).reshape(n, *values.shape[1:])


def _independent(values: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    there = np.isfinite(values)
    rate = there.mean(axis=0)
    axes = tuple(range(values.ndim - 1))
    count = np.maximum(1, there.sum(axis=axes))
    mean = np.where(there, values, 0.0).sum(axis=axes, dtype=np.float64) / count
    deviation = np.sqrt(np.where(there, (values - mean) ** 2, 0.0).sum(axis=axes, dtype=np.float64) / count)
    drawn = mean + deviation * rng.standard_normal((n, *values.shape[1:]))
    return np.where(rng.random(drawn.shape) < rate, drawn, np.nan)
