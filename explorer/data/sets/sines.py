"""The slides' case study: sine waves in noise, told apart by their phase alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Sines(GeneratedSet):
    """Sine waves of one frequency and amplitude 1 with random phase, in Gaussian noise; the clean waves are kept."""

    title: ClassVar[str] = "Noisy sine waves"
    n: Annotated[int, Param("Number of samples.", ge=1, le=1_000_000, label="Samples")] = 4000
    n_steps: Annotated[int, Param("Length of each wave.", ge=2, le=100_000, unit="steps", label="Length")] = 50
    cycles: Annotated[float, Param("Periods in each wave.", gt=0, le=10_000)] = 2.0
    noise: Annotated[float, Param("Standard deviation of the noise; the waves have amplitude 1.", ge=0, le=100)] = 0.3

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, n_steps, 1)`` waves; the column "phase" is in radians, 0 to 2π."""
        phase = rng.uniform(0, 2 * np.pi, self.n)
        angle = 2 * np.pi * self.cycles / self.n_steps * np.arange(self.n_steps) + phase[:, None]
        clean = np.sin(angle).astype(np.float32)[:, :, None]
        noise = rng.standard_normal(clean.shape, dtype=np.float32)
        return Dataset(
            values=clean + np.float32(self.noise) * noise,
            targets=clean,
            name=self.title,
            columns={"phase": phase},
            channel_names=("value",),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )
