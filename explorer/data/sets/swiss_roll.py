"""A sheet rolled up in space, which a linear projection cannot unroll."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class SwissRoll(GeneratedSet):
    """Points on a sheet that is rolled up in three dimensions."""

    title: ClassVar[str] = "Swiss roll"
    n: Annotated[int, Param("Number of points.", ge=1, le=1_000_000, label="Points")] = 2000
    noise: Annotated[float, Param("Standard deviation of the noise; the roll is 28 across.", ge=0, le=100)] = 0.0

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, 3)`` points ``(t cos t, height, t sin t)``.

        Columns: "roll parameter" t, 1.5π to 4.5π; "height", 0 to 21. As in scikit-learn's ``make_swiss_roll``, after
        S. Marsland, Machine Learning: An Algorithmic Perspective, 2nd edition, chapter 6.
        """
        t = 1.5 * np.pi * (1 + 2 * rng.random(self.n))
        height = 21 * rng.random(self.n)
        points = np.stack([t * np.cos(t), height, t * np.sin(t)], axis=1)
        points += self.noise * rng.standard_normal(points.shape)
        return Dataset(
            values=points.astype(np.float32),
            layout="points",
            name=self.title,
            columns={"roll parameter": t, "height": height},
            channel_names=("x", "y", "z"),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )
