"""The sine waves by which TimeGAN and its successors are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class TimeganSines(GeneratedSet):
    """Sine waves whose channels each have a frequency and a phase of their own, from 0 to 1 (Yoon et al. 2019).

    The authors' program, by which their scores and most published ones were taken, draws slow waves that begin near
    the middle: x = sin(η t + θ) with η and θ from 0 to 0.1. Their article describes x = sin(2π η t + θ), η from 0 to
    1, θ from −π to π: in whole steps that is every frequency there is. Both are scaled by (x + 1) / 2.
    """

    title: ClassVar[str] = "TimeGAN's sine waves"
    n: Annotated[int, Param("Number of samples.", ge=1, le=1_000_000, label="Samples")] = 10_000
    n_steps: Annotated[int, Param("Length of each.", ge=2, le=100_000, unit="steps", label="Length")] = 24
    channels: Annotated[int, Param("Waves side by side; they know nothing of each other.", ge=1, le=1000)] = 5
    as_in: Annotated[
        Literal["program", "article"], Param("Whose frequencies: those of the authors' program or of their article.")
    ] = "program"

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, n_steps, channels)`` waves; columns tell the frequency (radians a step) and phase of each."""
        shape = (self.n, self.channels)
        if self.as_in == "program":
            frequency, phase = rng.uniform(0, 0.1, shape), rng.uniform(0, 0.1, shape)
        else:
            frequency, phase = 2 * np.pi * rng.uniform(0, 1, shape), rng.uniform(-np.pi, np.pi, shape)
        steps = np.arange(self.n_steps)[None, :, None]
        values = (np.sin(frequency[:, None] * steps + phase[:, None]) + 1) / 2
        columns = {f"frequency {c + 1}": frequency[:, c] for c in range(self.channels)}
        return Dataset(
            values=values.astype(np.float32),
            name=self.title,
            columns=columns | {f"phase {c + 1}": phase[:, c] for c in range(self.channels)},
            channel_names=tuple(f"wave {c + 1}" for c in range(self.channels)),
            split=assign_split(self.n, seed=int(rng.integers(2**31))),
        )
