"""Slow drift of the baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.noise import Noise
from explorer.parameters import Param

_WEIGHTS = (1 / 2, 1 / 3, 1 / 6)
"""Of the sinusoids; they sum to one, so the drift stays within its strength."""


@dataclass(kw_only=True, eq=False, repr=False)
class BaselineWander(Noise):
    """The baseline drifts slowly up and down, as breathing moves that of an ECG."""

    title: ClassVar[str] = "Baseline wander"
    strength: Annotated[float, Param("Largest drift.")] = 0.5
    cycles: Annotated[float, Param("Times that the drift goes up and down in a series, about.", gt=0, le=100)] = 1.0

    @property
    def rms(self) -> float:
        """Root mean square of the drift that reaches 1 at most."""
        return math.sqrt(sum(weight**2 for weight in _WEIGHTS) / 2)

    def draw(self, shape: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
        """Return a sum of slow sinusoids of random phase and frequency; see `Noise.draw`."""
        n, steps, channels = shape
        time = np.arange(steps, dtype=np.float32)[None, :, None] / steps
        drift = np.zeros(shape, dtype=np.float32)
        for weight in _WEIGHTS:
            cycles = self.cycles * rng.uniform(0.5, 1.5, (n, 1, channels)).astype(np.float32)
            phase = rng.random((n, 1, channels), dtype=np.float32)
            drift += np.float32(weight) * np.sin(np.float32(2 * np.pi) * (cycles * time + phase))
        return drift
