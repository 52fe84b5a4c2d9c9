"""Trust where much happens, a mean where nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.denoiser import Denoiser
from explorer.analysis.denoisers._windows import odd, windows
from explorer.analysis.noise import noise_sigma
from explorer.parameters import Param

FACTORS = (0.7, 1.0, 1.4)
"""Multiples of the estimated noise that are tried, each with 8 windows."""


@dataclass(kw_only=True, eq=False, repr=False)
class Wiener(Denoiser):
    """Each value is drawn to the mean of its neighbourhood, the more so the less of its variance is above the noise's.

    The local Wiener filter m + (s² − σ²)₊ / s² (y − m), by mean m and variance s² of the window (Lee 1980).
    """

    title: ClassVar[str] = "Wiener"
    window: Annotated[int, Param("Steps of the neighbourhood.", ge=3, le=100_001, unit="steps")] = 7
    noise: Annotated[
        float | None, Param("Standard deviation σ of the noise; auto: estimated for each series.", ge=0)
    ] = None
    factor: Annotated[float, Param("Takes the noise for so many times as strong.", gt=0, le=100, advanced=True)] = 1.0

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return windows for each strength of the noise; see `Denoiser.grid`."""
        return [{"window": window, "factor": factor} for factor in FACTORS for window in windows(3, steps, 8)]

    @property
    def reach(self) -> int | None:
        """Half the window; the estimate of the noise apart."""
        return self.window // 2

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return series drawn to their local means; see `Denoiser.smooth`."""
        from scipy.ndimage import uniform_filter1d

        window = odd(self.window, series.shape[1])
        sigma = noise_sigma(series) if self.noise is None else np.full(1, self.noise)
        power = (self.factor * sigma[:, None] if self.noise is None else self.factor * sigma) ** 2
        centre = series.mean(axis=1, keepdims=True)  # so that squares of a series far from 0 keep their digits
        y = series - centre
        mean = uniform_filter1d(y, window, axis=1, mode="reflect")
        variance = np.maximum(uniform_filter1d(y**2, window, axis=1, mode="reflect") - mean**2, 0)
        share = np.maximum(variance - power, 0) / np.maximum(variance, 1e-300)
        # What is left of a constant after rounding is no variance; without noise all is signal.
        return centre + mean + np.where(power > 0, share, 1.0) * (y - mean)
