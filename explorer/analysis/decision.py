"""Which class a model takes each point of a plane of samples to be: what it has learnt of p(y|x), or of p(x, y).

A discriminative model divides the whole plane among the classes, far from all samples, too. A generative one tells
beside that how likely a sample is at all (slides, generative and discriminative models).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError

MARGIN = 0.15
"""How far a map goes beyond the samples, as a share of their extent."""


@dataclass(frozen=True)
class SamplePlane:
    """The plane of samples through their mean in which they vary most, by PCA.

    Parameters
    ----------
    mean : ndarray, float64 ``(D,)``
    axes : ndarray, float64 ``(2, D)``
        Orthonormal.
    shape : tuple of int
        Of one sample.
    """

    mean: np.ndarray
    axes: np.ndarray
    shape: tuple[int, ...]

    @classmethod
    def of(cls, data: Dataset) -> SamplePlane:
        """Return the plane of the training samples.

        Raises
        ------
        InputError
            If they have missing values, or are no numbers, or there are fewer than three.
        """
        rows = data.indices("train")
        values = np.asarray(data.values[rows if len(rows) else slice(None)], np.float64)
        values = values.reshape(len(values), -1)
        if data.vocabulary or len(values) < 3 or values.shape[1] < 2 or not np.isfinite(values).all():
            raise InputError(
                "there is no plane through these samples",
                source=data.name,
                remedy="Give at least three samples that are numbers, without missing values",
            )
        mean = values.mean(axis=0)
        axes = np.linalg.svd(values - mean, full_matrices=False)[2][:2]
        return cls(mean, axes, data.sample_shape)

    def flat(self, values: np.ndarray) -> np.ndarray:
        """Return where samples ``(N, …)`` lie on the plane, float64 ``(N, 2)``."""
        return (np.asarray(values, np.float64).reshape(len(values), -1) - self.mean) @ self.axes.T

    def samples(self, points: np.ndarray) -> np.ndarray:
        """Return the samples at points ``(N, 2)`` of the plane, float32 ``(N, *shape)``."""
        made = self.mean + np.asarray(points, np.float64) @ self.axes
        return made.astype(np.float32).reshape(len(points), *self.shape)


@dataclass(frozen=True)
class DecisionMap:
    """What a model says all over a plane.

    Parameters
    ----------
    x, y : ndarray, float64 ``(G,)``
        The grid's coordinates.
    classes : ndarray, int64 ``(G, G)``
        The likeliest class at ``(y, x)``.
    confidence : ndarray, float64 ``(G, G)``
        Its probability.
    likelihood : ndarray or None, float64 ``(G, G)``
        log p(x) in nats, of models that tell it.
    """

    x: np.ndarray
    y: np.ndarray
    classes: np.ndarray
    confidence: np.ndarray
    likelihood: np.ndarray | None = None


def decision_map(
    plane: SamplePlane,
    around: np.ndarray,
    predict_proba: Callable[[np.ndarray], np.ndarray],
    joint: Callable[[np.ndarray], np.ndarray] | None = None,
    grid: int = 60,
) -> DecisionMap:
    """Return what a model says of the samples all over a plane.

    Parameters
    ----------
    plane : SamplePlane
    around : ndarray ``(N, 2)``
        Points that the map is to hold, as `SamplePlane.flat` gives them.
    predict_proba : callable
        Samples ``(M, …)`` → p(y|x) ``(M, K)``.
    joint : callable, optional
        Samples → log p(x, y) ``(M, K)``; then p(y|x) is taken from it, and `predict_proba` is not asked.
    grid : int
        Points along each side.
    """
    low, high = around.min(axis=0), around.max(axis=0)
    rim = MARGIN * np.maximum(high - low, 1e-12)
    x, y = (np.linspace(low[i] - rim[i], high[i] + rim[i], grid) for i in range(2))
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    samples = plane.samples(points)
    likelihood = None
    if joint is None:
        chances = predict_proba(samples)
    else:
        logs = joint(samples)
        highest = logs.max(axis=1, keepdims=True)
        total = np.exp(logs - highest).sum(axis=1, keepdims=True)
        likelihood = (highest + np.log(total)).reshape(grid, grid)
        chances = np.exp(logs - highest) / total
    return DecisionMap(
        x, y, chances.argmax(axis=1).reshape(grid, grid), chances.max(axis=1).reshape(grid, grid), likelihood
    )


def sure_of_nonsense(found: DecisionMap, threshold: float = 0.9) -> float:
    """Return on what share of a map a model is surer of a class than `threshold`."""
    return float((found.confidence > threshold).mean())


def opacity(confidence: np.ndarray, count: int) -> np.ndarray:
    """Return how opaque a class is drawn, from 0.06 where one of `count` classes is guessed to 0.6 where it is sure."""
    guess = 1 / max(count, 2)
    return 0.06 + 0.54 * np.clip((np.asarray(confidence, float) - guess) / (1 - guess), 0, 1)


def edges(middles: np.ndarray) -> tuple[float, float]:
    """Return where the first cell begins and the last one ends, of cells around even `middles` ``(G,)``."""
    half = (middles[-1] - middles[0]) / max(len(middles) - 1, 1) / 2
    return float(middles[0] - half), float(middles[-1] + half)
