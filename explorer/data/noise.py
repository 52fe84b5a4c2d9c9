"""Noise that is added to samples, as strong as is said in the data's units, relative to the channel, or in dB."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated

import numpy as np

from explorer.data.corruption import Corruption, Unit
from explorer.data.corruptions._steps import as_steps
from explorer.errors import InputError
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Noise(Corruption):
    """Noise on top of the samples. A kind of it declares its `strength`, and says in `draw` what it looks like.

    A strength in dB is the ratio of the power of the signal to that of the noise, 10 log₁₀ (P / Q): P is the variance
    of each channel of each sample over its steps, Q the mean square of what is added to it. The noise is scaled so that
    this is met in every sample and channel; a channel that never changes has no signal, and gets no noise. Vectors have
    one value of each feature: there P is the variance over the training samples, and Q that of the noise on average.
    The signal is the clean one, also where other corruptions of a chain came before.
    """

    unit: Annotated[
        Unit,
        Param(
            "Of the strength: as the data, deviations of the channel (sigma), or signal to noise (dB; less is more)."
        ),
    ] = "data"

    def __post_init__(self) -> None:
        if self.unit != "dB" and self.strength < 0:
            raise InputError(
                f"'strength' cannot be {self.strength:g}", remedy="Give a number ≥ 0; only one in dB may be less"
            )

    @property
    def rms(self) -> float:
        """Root mean square of noise of strength 1, on average."""
        return 1.0

    @abstractmethod
    def draw(self, shape: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
        """Return noise of strength 1, float32, for samples of shape ``(N, steps, C)``.

        Pixels of an image, row by row, and features of a vector are the steps.
        """

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` plus the noise; see `Corruption.apply`."""
        return self.apply_next(values, values, rng, scale)

    def apply_next(
        self, values: np.ndarray, clean: np.ndarray, rng: np.random.Generator, scale: np.ndarray
    ) -> np.ndarray:
        """Return `values` plus noise that is as strong as `clean` asks for; see `Corruption.apply_next`."""
        signal = as_steps(clean)
        n, steps, channels = signal.shape
        noise = self.draw((n, steps, channels), rng)
        if self.unit == "data":
            factor = np.float32(self.strength)
        else:
            size = as_steps(np.asarray(scale, np.float32))
            if self.unit == "sigma":
                factor = np.float32(self.strength) * size
            else:
                ratio = np.float32(10 ** (-self.strength / 20))
                factor = ratio * (size / np.float32(self.rms) if values.ndim == 2 else _balance(signal, noise))
        return values + (factor * noise).reshape(values.shape)


def in_unit(noise: Noise, unit: Unit, size: float) -> float:
    """Return the strength in another unit that is about as strong on channels of deviation `size`."""
    if unit == noise.unit or not size > 0:
        return noise.strength
    if noise.unit == "dB":
        relative = 10 ** (-noise.strength / 20) / noise.rms
    else:
        relative = noise.strength / (size if noise.unit == "data" else 1.0)
    if unit == "dB":
        return -20 * math.log10(relative * noise.rms) if relative > 0 else math.inf
    return relative * (size if unit == "data" else 1.0)


def _balance(clean: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return the factor that gives noise the power of the signal, float32 ``(N, 1, C)``; 0 where either has none."""
    present = np.isfinite(clean)
    count = np.maximum(present.sum(axis=1, keepdims=True), 1)

    def mean(array: np.ndarray) -> np.ndarray:
        return np.sum(array, axis=1, keepdims=True, where=present, dtype=np.float64) / count

    middle = mean(clean)
    signal, added = mean((clean - middle) ** 2), mean(np.square(noise, dtype=np.float64))
    heard = (added > 0) & (signal > (1e-7 * middle) ** 2)  # what is left of a constant after rounding is no signal
    return np.sqrt(np.divide(signal, added, out=np.zeros_like(signal), where=heard)).astype(np.float32)
