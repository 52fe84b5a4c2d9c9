"""ECGs of artificial hearts, of which the clean signal and every beat is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.beats import R_PEAK
from explorer.data.corruption import corrupt, parse_corruption
from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.sets._heart import KINDS, heartbeats, r_waves, voltage
from explorer.data.split import assign_split
from explorer.parameters import Param

SHARES = (0.6, 0.2, 0.2)
"""How often recordings with no ectopic beat, with ventricular, and with atrial ones come."""


@dataclass(kw_only=True, eq=False, repr=False)
class Ecg(GeneratedSet):
    """ECGs of artificial hearts in noise: normal, or with ectopic beats; the clean ones and their R peaks are known.

    Each is of another heart: its rate, its waves and how its beats vary differ. The masks mark the R peaks. One long
    recording is one of a greater length.
    """

    title: ClassVar[str] = "ECG (generated)"
    n: Annotated[int, Param("Number of recordings.", ge=1, le=1_000_000, label="Recordings")] = 2000
    n_steps: Annotated[int, Param("Length of each.", ge=16, le=10_000_000, unit="steps", label="Length")] = 256
    sampling_rate: Annotated[float, Param("Time steps per second.", ge=50, le=2000, unit="Hz")] = 128.0
    noise: Annotated[
        str, Param("What spoils them, as a corruption is written, as in gaussian:10dB; empty: nothing.")
    ] = "baseline-wander:0.3 + hum:0.05 + gaussian:0.07"
    variability: Annotated[
        float, Param("Of the time from beat to beat: its relative standard deviation.", ge=0, le=0.3, advanced=True)
    ] = 0.04
    variety: Annotated[
        float, Param("How much the hearts' waves differ: a relative standard deviation.", ge=0, le=0.5, advanced=True)
    ] = 0.12

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, n_steps, 1)`` voltages in mV; the column "heart_rate" is in beats a minute, 55 to 100.

        The labels tell which ectopic beats a recording has. Source: P. E. McSharry et al., IEEE Trans. Biomed. Eng. 50,
        2003.
        """
        clean = np.zeros((self.n, self.n_steps, 1), dtype=np.float32)
        masks = np.zeros((self.n, self.n_steps), dtype=np.int64)
        labels = np.zeros(self.n, dtype=np.int64)
        rates = rng.uniform(55, 100, self.n)
        for row in range(self.n):
            seconds = self.n_steps / self.sampling_rate
            kind = int(rng.choice(len(KINDS), p=SHARES))
            beats = heartbeats(rng, seconds, rates[row], kind, self.variability)
            ecg = voltage(rng, beats, self.n_steps, self.sampling_rate, self.variety)
            clean[row, :, 0] = ecg
            masks[row, r_waves(beats, ecg, self.sampling_rate)] = 1
            labels[row] = beats.kinds[(beats.times >= 0) & (beats.times < seconds)].max(initial=0)
        dataset = Dataset(
            values=clean,
            targets=clean,
            name=self.title,
            labels=labels,
            class_names=KINDS,
            masks=masks,
            mask_names=("none", R_PEAK),
            columns={"heart_rate": rates},
            channel_names=("ECG",),
            unit="mV",
            sampling_rate=self.sampling_rate,
            split=assign_split(self.n, labels=labels, seed=int(rng.integers(2**31))),
        )
        if not self.noise.strip():
            return replace(dataset, targets=None)
        return corrupt(dataset, parse_corruption(self.noise), seed=int(rng.integers(2**31)))
