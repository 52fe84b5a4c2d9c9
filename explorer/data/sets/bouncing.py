"""A ball in a box: its path is a straight line but for the walls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Bouncing(GeneratedSet):
    """The place of a ball that bounces in a square box, seen with noise; linear forecasts run into its walls."""

    title: ClassVar[str] = "Bouncing ball"
    n: Annotated[int, Param("Number of series.", ge=1, le=1_000_000, label="Series")] = 4000
    n_steps: Annotated[int, Param("Length of each series.", ge=4, le=100_000, unit="steps", label="Length")] = 40
    noise: Annotated[float, Param("Standard deviation of the noise; the walls are at -1 and 1.", ge=0, le=10)] = 0.05

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, n_steps, 2)`` places; those without noise are the targets.

        The column "speed" is the distance covered in a step, 0.05 to 0.2.
        """
        speed = rng.uniform(0.05, 0.2, self.n)
        angle = rng.uniform(0, 2 * np.pi, self.n)
        velocity = speed[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        free = rng.uniform(-1, 1, (self.n, 1, 2)) + np.arange(self.n_steps)[:, None] * velocity[:, None, :]
        # A path between two walls is a straight one, folded: the triangle wave of period 4.
        clean = (np.abs((free - 1) % 4 - 2) - 1).astype(np.float32)
        noise = rng.standard_normal(clean.shape, dtype=np.float32)
        return Dataset(
            values=clean + np.float32(self.noise) * noise,
            targets=clean,
            name=self.title,
            columns={"speed": speed},
            channel_names=("x", "y"),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )
