"""Spirals in noise, looked at irregularly: the toy of the neural ODE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.sets._irregular import glimpsed
from explorer.parameters import Param

POINTS, TURNS = 500, 6 * np.pi
"""Points of the two whole spirals, and the angle that they go through, in radians."""


@dataclass(kw_only=True, eq=False, repr=False)
class Spirals(GeneratedSet):
    """Pieces of two spirals, clockwise and counter-clockwise, at irregular times in noise; the clean ones are kept.

    As in Chen et al. (2018): each sample starts anywhere on one of the spirals. A part of its points is seen; for
    testing it goes on for as long again.
    """

    title: ClassVar[str] = "Noisy spirals at irregular times"
    n: Annotated[int, Param("Number of samples.", ge=2, le=100_000, label="Samples")] = 1000
    observed: Annotated[int, Param("Points of each spiral that are seen.", ge=1, le=100, label="Seen")] = 50
    ahead: Annotated[int, Param("Points after the last that is seen, to be foretold.", ge=0, le=100)] = 100
    noise: Annotated[float, Param("Standard deviation of the noise.", ge=0, le=10)] = 0.3

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, 100 + ahead, 2)`` pieces; labels tell the direction, the column "begin" where they start."""
        within = 100
        angle = np.linspace(0.0, TURNS, POINTS)
        inwards, radius = TURNS + 1.0 - angle, 0.3 * angle
        reach = 0.3 * 50.0 / inwards
        clockwise = np.stack([reach * np.cos(inwards) - 5.0, reach * np.sin(inwards)], axis=1)
        counter = np.stack([radius * np.cos(angle) + 5.0, radius * np.sin(angle)], axis=1)
        labels = rng.integers(0, 2, self.n)
        begin = rng.integers(within, POINTS - within - self.ahead + 1, self.n)
        steps = within + self.ahead
        clean = np.stack([clockwise, counter])[labels[:, None], begin[:, None] + np.arange(steps)]
        noisy = clean + self.noise * rng.standard_normal(clean.shape)
        # The same clock for all samples, though each is looked at at times of its own.
        times = np.broadcast_to(angle[:steps], (self.n, steps)).copy()
        return Dataset(
            name=self.title,
            times=times,
            labels=labels.astype(np.int64),
            class_names=("clockwise", "counter-clockwise"),
            columns={"begin": begin},
            channel_names=("x", "y"),
            **glimpsed(rng, noisy, clean, self.observed, self.ahead),
        )
