"""A level that wanders, or a slope that does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from explorer.analysis.denoiser import TRIES, Denoiser
from explorer.analysis.denoisers._windows import best_by_gcv
from explorer.parameters import Param

SLOWEST = {"level": 1e-5, "trend": 1e-8}
FASTEST = {"level": 10.0, "trend": 1.0}
"""Ratios between which is tried."""


@dataclass(kw_only=True, eq=False, repr=False)
class Kalman(Denoiser):
    """What a Kalman smoother makes of a level that takes random steps, or of a slope that does, seen in noise.

    With a start that nothing is known of, the smoothed states are the solution of (I + DᵀD / q) x = y, where D takes
    first (level) or second (trend) differences and q is the variance of the steps over that of the noise (Harvey 1989,
    §4.5; Whittaker 1923). It is solved directly, for all series at once.
    """

    title: ClassVar[str] = "Kalman smoother"
    ratio: Annotated[
        float | None,
        Param("Variance of steps over that of the noise; auto: for each series by cross-validation.", gt=0, log=True),
    ] = None
    state: Annotated[Literal["level", "trend"], Param("What wanders: the level, or the slope.")] = "trend"

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return ratios for both states; see `Denoiser.grid`."""
        return [
            {"ratio": float(f"{ratio:.4g}"), "state": state}
            for state in ("level", "trend")
            for ratio in np.geomspace(SLOWEST[state], FASTEST[state], TRIES // 2)
        ]

    @property
    def reach(self) -> int | None:
        """Where the weights have fallen to a thousandth."""
        if self.ratio is None:
            return None
        if self.state == "level":
            decay = 1 + self.ratio / 2 - math.sqrt(self.ratio + self.ratio**2 / 4)
            return math.ceil(math.log(1e-3) / math.log(decay))
        # Of slow trends the weights fall as exp(−k q^¼ / √2); of fast ones within a few steps.
        return math.ceil(math.log(1e3) * math.sqrt(2) / min(1.0, self.ratio) ** 0.25) + 2

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return smoothed states; see `Denoiser.smooth`."""
        if self.ratio is not None:
            return _solve(series, self.ratio, self.state)
        # The matrix has about these eigenvalues (for the level exactly these), by which its trace is told.
        waves = 2 - 2 * np.cos(np.pi * np.arange(series.shape[1]) / series.shape[1])
        size = waves if self.state == "level" else waves**2

        def tried(each: np.ndarray, ratio: float) -> tuple[np.ndarray, np.ndarray]:
            return _solve(each, ratio, self.state), np.mean(1 / (1 + size / ratio))

        return best_by_gcv(series, np.geomspace(SLOWEST[self.state], FASTEST[self.state], TRIES // 2).tolist(), tried)


def _solve(series: np.ndarray, ratio: float, state: str) -> np.ndarray:
    from scipy.linalg import solveh_banded

    difference = np.array([1.0, -1.0] if state == "level" else [1.0, -2.0, 1.0])
    steps, width = series.shape[1], len(difference)
    if steps < width:
        return series
    matrix = np.zeros((width, steps))  # lower form: the diagonal, and those below it
    matrix[0] = 1.0
    rows = steps - width + 1
    for first in range(width):
        for second in range(first, width):
            matrix[second - first, first : first + rows] += difference[first] * difference[second] / ratio
    # From the first value, so that a series far from 0 keeps its digits: the matrix leaves constants alone.
    start = series[:, :1]
    columns = np.moveaxis(series - start, 1, 0).reshape(steps, -1)
    solved = solveh_banded(matrix, columns, lower=True).reshape(steps, len(series), series.shape[2])
    return start + np.moveaxis(solved, 0, 1)
