"""Hum of the power line."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.noise import Noise
from explorer.errors import InputError
from explorer.parameters import Param

_MAINS = 50.0
_UNTIMED = 0.1
"""Cycles per step, where nobody knows how long a step is."""


@dataclass(kw_only=True, eq=False, repr=False)
class Hum(Noise):
    """The power line's sine wave and its multiples, the k-th 1/k² as high, each with a phase of its own.

    Where the data tell their sampling rate (or the times of their steps) the frequency is in Hz; where they do not, in
    cycles per step. One that such steps cannot show is refused; multiples of it that they cannot show are left out, as
    a recorder's filter takes them away.
    """

    title: ClassVar[str] = "Power-line hum"
    strength: Annotated[float, Param("Height of the sine wave.")] = 0.3
    frequency: Annotated[
        float | None, Param("Of the hum; empty: 50 Hz, or a tenth of a cycle per step.", gt=0, unit="Hz")
    ] = None
    harmonics: Annotated[int, Param("How many multiples of the frequency come with it.", ge=0, le=50)] = 2
    sampling_rate: float | None = None
    times: np.ndarray | None = field(default=None)

    def on(self, dataset: Dataset) -> Hum:
        """Return hum for these data's rate or times; see `Corruption.on`."""
        rate, times = dataset.sampling_rate, dataset.times
        if dataset.irregular:
            raise InputError("each sample has times of its own, so there is no common hum", source=dataset.name)
        if times is not None and len(times) > 1:
            gap = float(np.median(np.diff(times)))
            if not gap > 0:
                raise InputError("the times do not ascend, so there is no frequency", source=dataset.name)
            rate = 1 / gap
        fitted = replace(self, sampling_rate=rate, times=times if rate else None)
        try:
            fitted._per_step()
        except InputError as reason:
            reason.source = dataset.name
            raise
        return fitted

    @property
    def rms(self) -> float:
        """Root mean square of hum whose sine wave is 1 high."""
        return math.sqrt(sum(k**-4 for k in self._multiples()) / 2)

    def draw(self, shape: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
        """Return a sum of sine waves of random phase; see `Noise.draw`."""
        n, steps, channels = shape
        time = np.arange(steps) if self.times is None else (self.times - self.times[0]) * (self.sampling_rate or 1.0)
        turns = self._per_step() * time[None, :, None]
        hum = np.zeros(shape, np.float32)
        for k in self._multiples():
            phase = rng.random((n, 1, channels))
            hum += np.sin(2 * np.pi * (k * turns + phase)).astype(np.float32) / np.float32(k**2)
        return hum

    def _per_step(self) -> float:
        """Return the frequency in cycles per step."""
        if self.sampling_rate is None:
            per_step = _UNTIMED if self.frequency is None else self.frequency
            if per_step >= 0.5:
                raise InputError(
                    f"the sampling rate is not known: a frequency of {per_step:g} is in cycles per step, of which a "
                    "step shows less than half a one",
                    remedy="Give the sampling rate when you open the data, or a frequency below 0.5",
                )
            return per_step
        frequency = _MAINS if self.frequency is None else self.frequency
        if frequency >= self.sampling_rate / 2:
            raise InputError(
                f"hum of {frequency:g} Hz would alias at {self.sampling_rate:g} steps per second",
                remedy=f"Give a frequency below {self.sampling_rate / 2:g} Hz",
            )
        return frequency / self.sampling_rate

    def _multiples(self) -> list[int]:
        return [k for k in range(1, self.harmonics + 2) if k * self._per_step() < 0.5]
