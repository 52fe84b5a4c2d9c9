"""The hard case study: sine waves in noise whose amplitude, frequency and phase all vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class SinesVaried(GeneratedSet):
    """Sine waves of random amplitude (0.5 to 1.5), frequency (1 to 5 periods) and phase, in Gaussian noise."""

    title: ClassVar[str] = "Noisy sine waves, varied"
    n: Annotated[int, Param("Number of samples.", ge=1, le=1_000_000, label="Samples")] = 4000
    n_steps: Annotated[int, Param("Length of each wave.", ge=2, le=100_000, unit="steps", label="Length")] = 50
    noise: Annotated[float, Param("Standard deviation of the noise.", ge=0, le=100)] = 0.3

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, n_steps, 1)`` waves ``A sin(2π f t + φ)``.

        Columns: "amplitude"; "frequency", in periods a step; "phase", in radians, 0 to 2π.
        """
        amplitude = rng.uniform(0.5, 1.5, self.n)
        frequency = rng.uniform(1, 5, self.n) / self.n_steps
        phase = rng.uniform(0, 2 * np.pi, self.n)
        angle = 2 * np.pi * frequency[:, None] * np.arange(self.n_steps) + phase[:, None]
        clean = (amplitude[:, None] * np.sin(angle)).astype(np.float32)[:, :, None]
        noise = rng.standard_normal(clean.shape, dtype=np.float32)
        return Dataset(
            values=clean + np.float32(self.noise) * noise,
            targets=clean,
            name=self.title,
            columns={"amplitude": amplitude, "frequency": frequency, "phase": phase},
            channel_names=("value",),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )
