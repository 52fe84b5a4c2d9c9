"""Shrunk wavelet coefficients."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from explorer.analysis.denoiser import Denoiser
from explorer.analysis.noise import noise_sigma
from explorer.parameters import Param

Family = Literal["haar", "db2", "db4", "db8", "sym4", "sym8", "coif2", "bior4.4"]


@dataclass(kw_only=True, eq=False, repr=False)
class Wavelet(Denoiser):
    """Wavelet coefficients that noise could have made are shrunk: smooth parts lose their noise, edges stay.

    BayesShrink (Chang, Yu and Vetterli 2000): the soft threshold of each series and level is σ² / σ_x, where
    σ_x² = (mean of the squared coefficients − σ²)₊. With more than one shift the series is shrunk in as many places
    and the mean taken (cycle spinning, Coifman and Donoho 1995). The transform is that of PyWavelets.
    """

    title: ClassVar[str] = "Wavelet (BayesShrink)"
    wavelet: Annotated[Family, Param("Whose coefficients are shrunk.")] = "sym8"
    levels: Annotated[int, Param("Coarser levels are left alone; fewer in short series.", ge=1, le=12)] = 5
    shifts: Annotated[int, Param("Places in which the series is shrunk.", ge=1, le=64)] = 4
    noise: Annotated[
        float | None, Param("Standard deviation σ of the noise; auto: estimated for each series.", ge=0)
    ] = None
    factor: Annotated[float, Param("Takes the noise for so many times as strong.", gt=0, le=100, advanced=True)] = 1.0

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return wavelets, strengths of the noise and shifts; see `Denoiser.grid`."""
        return [
            {"wavelet": wavelet, "factor": factor, "shifts": shifts}
            for shifts in (1, 8)
            for wavelet in ("db2", "db4", "sym8")
            for factor in (0.7, 1.0, 1.4, 2.0)
        ]

    @property
    def reach(self) -> int | None:
        """How far the coarsest wavelet reaches; the estimate of the noise and of each level's size apart."""
        from pywt import Wavelet as Filters  # type: ignore[attr-defined] - it is compiled

        return (Filters(self.wavelet).dec_len - 1) * (2**self.levels - 1) + self.shifts

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return series of shrunk coefficients; see `Denoiser.smooth`."""
        sigma = noise_sigma(series) if self.noise is None else np.full((1, series.shape[2]), self.noise)
        power = (self.factor * sigma[:, None, :]) ** 2
        steps, total = series.shape[1], np.zeros_like(series)
        for shift in range(self.shifts):
            # Mirrored at the front by as many steps, which moves all that follows on the grid of each level.
            ahead = min(shift, steps - 1)
            moved = np.concatenate([series[:, 1 : ahead + 1][:, ::-1], series], axis=1)
            total += self._shrunk(moved, power)[:, ahead : ahead + steps]
        return total / self.shifts

    def _shrunk(self, series: np.ndarray, power: np.ndarray) -> np.ndarray:
        import pywt

        levels = min(self.levels, max(1, int(math.log2(max(2, series.shape[1] / 6)))))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # the coarsest level reaches over the ends: mirrored
            coarse, *details = pywt.wavedec(series, self.wavelet, mode="symmetric", level=levels, axis=1)
        for i, detail in enumerate(details):
            spread = np.sqrt(np.maximum(np.mean(detail**2, axis=1, keepdims=True) - power, 0))
            threshold = np.where(spread > 0, power / np.maximum(spread, 1e-300), np.where(power > 0, np.inf, 0))
            details[i] = np.sign(detail) * np.maximum(np.abs(detail) - threshold, 0)
        return pywt.waverec([coarse, *details], self.wavelet, mode="symmetric", axis=1)[:, : series.shape[1]]
