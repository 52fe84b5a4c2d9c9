"""Isolated outliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruption import Corruption
from explorer.data.corruptions._steps import choose_steps
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Spikes(Corruption):
    """Single steps jump up or down by a fixed amount, as artefacts of a recording do."""

    title: ClassVar[str] = "Spikes"
    strength: Annotated[float, Param("Share of the steps that are hit, in each channel.", ge=0, le=0.5)] = 0.05
    amplitude: Annotated[
        float, Param("Height of a spike, in standard deviations of its channel.", ge=0, le=100, unit="σ")
    ] = 4.0

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` plus or minus `amplitude` × `scale` at some steps; see `Corruption.apply`."""
        sign = np.where(rng.random(values.shape) < 0.5, np.float32(-1), np.float32(1))
        hit = choose_steps(values, self.strength, rng)
        spike = np.float32(self.amplitude) * sign * np.asarray(scale, dtype=np.float32)
        return np.where(hit, values + spike, values)
