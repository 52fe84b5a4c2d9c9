"""A bent line in the plane: one number says where on it a point is, but no straight projection finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Curve(GeneratedSet):
    """Points along an S-shaped curve in the plane, with a little noise."""

    title: ClassVar[str] = "Curve in the plane"
    n: Annotated[int, Param("Number of points.", ge=1, le=1_000_000, label="Points")] = 1000
    noise: Annotated[float, Param("Standard deviation of the noise; the curve's arcs have radius 1.", ge=0, le=10)] = (
        0.05
    )

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, 2)`` points; the clean ones, on the curve, are the targets.

        The curve is two three-quarter circles of radius 1; the column "position" is the length along it, -1.5π to 1.5π.
        """
        position = 3 * np.pi * (rng.random(self.n) - 0.5)
        clean = np.stack([np.sin(position), np.sign(position) * (np.cos(position) - 1)], axis=1).astype(np.float32)
        noise = rng.standard_normal(clean.shape, dtype=np.float32)
        return Dataset(
            values=clean + np.float32(self.noise) * noise,
            targets=clean,
            layout="points",
            name=self.title,
            columns={"position": position},
            channel_names=("x", "y"),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )
