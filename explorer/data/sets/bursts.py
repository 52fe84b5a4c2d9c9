"""Events in coloured noise, with the kind of event that every time step belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.parameters import Param

KINDS = ("oscillation", "plateau", "spindle")
SHARES = (0.6, 0.3, 0.1)
"""How often the kinds come; the last is rare."""
_MEMORY = 0.8
"""Of the noise: its correlation from step to step."""


@dataclass(kw_only=True, eq=False, repr=False)
class Bursts(GeneratedSet):
    """Series of coloured noise with a few short events of three kinds, of which one is rare."""

    title: ClassVar[str] = "Bursts in coloured noise"
    n: Annotated[int, Param("Number of series.", ge=1, le=1_000_000, label="Series")] = 2000
    n_steps: Annotated[int, Param("Length of each series.", ge=32, le=10_000, unit="steps", label="Length")] = 128
    noise: Annotated[float, Param("Standard deviation of the noise; the events have amplitude 1.", ge=0, le=100)] = 0.4
    events: Annotated[int, Param("Most events in a series; each number of them is as likely.", ge=1, le=100)] = 3

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, n_steps, 1)`` series with the kind of event at each step; those without noise are the targets.

        Oscillations have a period of 6 to 10 steps, spindles 3 to 5 and a rounded envelope, plateaus go up or down by
        one. An event takes 12 to 24 steps. The noise is an autoregressive process of order one, correlated by 0.8 from
        step to step. The column "events" tells how many there are.
        """
        clean = np.zeros((self.n, self.n_steps), dtype=np.float32)
        masks = np.zeros((self.n, self.n_steps), dtype=np.int64)
        most = min(self.events, self.n_steps // 32)
        counts = rng.integers(0, most + 1, self.n)
        for row in range(self.n):
            # Each event has a stretch of the series to itself, so that none overlap.
            stretch = self.n_steps // max(1, counts[row])
            for number in range(counts[row]):
                length = int(rng.integers(12, 25))
                start = number * stretch + int(rng.integers(0, stretch - length + 1))
                kind = int(rng.choice(len(KINDS), p=SHARES))
                clean[row, start : start + length] = _event(rng, kind, length)
                masks[row, start : start + length] = kind + 1
        noise = _coloured(rng, clean.shape)[..., None]
        return Dataset(
            values=clean[..., None] + np.float32(self.noise) * noise,
            targets=clean[..., None],
            name=self.title,
            masks=masks,
            mask_names=("none", *KINDS),
            columns={"events": counts},
            channel_names=("value",),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )


def _event(rng: np.random.Generator, kind: int, length: int) -> np.ndarray:
    step = np.arange(length)
    sign = rng.choice([-1, 1])
    if KINDS[kind] == "plateau":
        return np.full(length, sign)
    period = rng.uniform(6, 10) if KINDS[kind] == "oscillation" else rng.uniform(3, 5)
    wave = np.sin(2 * np.pi * step / period + rng.uniform(0, 2 * np.pi))
    return wave if KINDS[kind] == "oscillation" else wave * np.sin(np.pi * (step + 1) / (length + 1))


def _coloured(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Return noise ``(n, T)`` of standard deviation 1 that remembers the step before."""
    noise = rng.standard_normal(shape, dtype=np.float32)
    noise[:, 1:] *= np.float32(np.sqrt(1 - _MEMORY**2))
    for step in range(1, shape[1]):
        noise[:, step] += np.float32(_MEMORY) * noise[:, step - 1]
    return noise
