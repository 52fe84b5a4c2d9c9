"""Series worth forecasting: sums of waves, no two of the same frequencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Forecast(GeneratedSet):
    """Sums of a few sine waves of random frequency, amplitude and phase, in Gaussian noise."""

    title: ClassVar[str] = "Waves to forecast"
    n: Annotated[int, Param("Number of series.", ge=1, le=1_000_000, label="Series")] = 4000
    n_steps: Annotated[int, Param("Length of each series.", ge=4, le=100_000, unit="steps", label="Length")] = 60
    waves: Annotated[int, Param("Sine waves in each series.", ge=1, le=100)] = 2
    noise: Annotated[float, Param("Standard deviation of the noise; the waves together have 1.", ge=0, le=100)] = 0.1

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, n_steps, 1)`` series; those without noise are the targets.

        Frequencies are 1/30 to 1/6 periods a step, amplitudes differ by a factor of three at most. Persistence, which
        repeats the last value, has an error of about 2 (twice the variance) at horizons where the phase is lost.
        """
        shape = (self.n, self.waves, 1)
        frequency = rng.uniform(1 / 30, 1 / 6, shape)
        amplitude = rng.uniform(0.5, 1.5, shape)
        amplitude *= np.sqrt(2 / np.sum(amplitude**2, axis=1, keepdims=True))
        angle = 2 * np.pi * frequency * np.arange(self.n_steps) + rng.uniform(0, 2 * np.pi, shape)
        clean = np.sum(amplitude * np.sin(angle), axis=1).astype(np.float32)[..., None]
        noise = rng.standard_normal(clean.shape, dtype=np.float32)
        return Dataset(
            values=clean + np.float32(self.noise) * noise,
            targets=clean,
            name=self.title,
            columns={"fastest period": 1 / frequency[..., 0].max(axis=1)},
            channel_names=("value",),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )
