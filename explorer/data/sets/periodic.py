"""Sine waves of unknown frequency, looked at irregularly: the toy of the latent ODE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.sets._irregular import glimpsed, own_times
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Periodic(GeneratedSet):
    """Sine waves of random frequency seen at irregular times from 0 to 5, and for testing going on from 5 to 10.

    As in Rubanova et al. (2019): amplitude 1, frequency from 0.4 to 0.8, a random height, hardly any noise; half of the
    points are hidden and are to be filled in. Here each wave has times of its own.
    """

    title: ClassVar[str] = "Periodic waves at irregular times"
    n: Annotated[int, Param("Number of samples.", ge=2, le=100_000, label="Samples")] = 1000
    observed: Annotated[int, Param("Points of each wave that are seen.", ge=1, le=10_000, label="Seen")] = 50
    hidden: Annotated[int, Param("Points among them that are to be filled in.", ge=0, le=10_000, label="Hidden")] = 50
    ahead: Annotated[int, Param("Points after the last that is seen, to be foretold.", ge=0, le=10_000)] = 100
    noise: Annotated[float, Param("Highest noise; it is uniform, from 0.", ge=0, le=10)] = 0.01

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, observed + hidden + ahead, 1)`` waves; columns "frequency" and "height"."""
        within, end = self.observed + self.hidden, 5.0
        times = own_times(rng, self.n, within, 0.0, end)
        if self.ahead:
            times = np.concatenate([times, own_times(rng, self.n, self.ahead, end, 2 * end)], axis=1)
        frequency = rng.uniform(0.4, 0.8, self.n)
        height = 1.0 + 0.1 * rng.standard_normal(self.n)
        clean = (np.sin(2 * np.pi * frequency[:, None] * times) + height[:, None])[:, :, None]
        noisy = clean + self.noise * rng.random(clean.shape)
        return Dataset(
            name=self.title,
            times=times,
            columns={"frequency": frequency, "height": height},
            channel_names=("value",),
            **glimpsed(rng, noisy, clean, self.observed, self.ahead),
        )
