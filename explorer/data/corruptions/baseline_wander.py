"""Slow drift of the baseline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruption import Corruption
from explorer.data.corruptions._steps import as_steps
from explorer.parameters import Param

_WEIGHTS = (1 / 2, 1 / 3, 1 / 6)
"""Of the sinusoids; they sum to one, so the drift stays within its strength."""


@dataclass(kw_only=True, eq=False, repr=False)
class BaselineWander(Corruption):
    """The baseline drifts slowly up and down, as breathing moves that of an ECG."""

    title: ClassVar[str] = "Baseline wander"
    strength: Annotated[float, Param("Largest drift, in the data's units.", ge=0)] = 0.5
    cycles: Annotated[float, Param("Times that the drift goes up and down in a series, about.", gt=0, le=100)] = 1.0

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` plus a sum of slow sinusoids of random phase and frequency; see `Corruption.apply`."""
        n, steps, channels = as_steps(values).shape
        time = np.arange(steps, dtype=np.float32)[None, :, None] / steps
        drift = np.zeros((n, steps, channels), dtype=np.float32)
        for weight in _WEIGHTS:
            cycles = self.cycles * rng.uniform(0.5, 1.5, (n, 1, channels)).astype(np.float32)
            phase = rng.random((n, 1, channels), dtype=np.float32)
            drift += np.float32(weight) * np.sin(np.float32(2 * np.pi) * (cycles * time + phase))
        return values + np.float32(self.strength) * drift.reshape(values.shape)
