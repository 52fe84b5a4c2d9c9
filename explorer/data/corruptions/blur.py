"""Fast changes smoothed away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruption import Corruption
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Blur(Corruption):
    """A Gaussian low-pass: what changes faster is smoothed away, as by a slow sensor or a lens out of focus."""

    title: ClassVar[str] = "Low-pass blur"
    random: ClassVar[bool] = False
    slider: ClassVar[float | None] = 10.0
    strength: Annotated[
        float, Param("Standard deviation of the window, in steps or pixels.", ge=0, le=10_000, unit="steps")
    ] = 2.0

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` smoothed along time, features, or both axes of an image; see `Corruption.apply`.

        Missing values stay missing, and their neighbours are averages of what is there.
        """
        if self.strength == 0:
            return values.copy()
        present = np.isfinite(values)
        total = np.where(present, values, np.float32(0)).astype(np.float64)
        weight = present.astype(np.float64)
        for axis in range(1, max(2, values.ndim - 1)):
            total, weight = (self._smoothed(array, axis) for array in (total, weight))
        mean = np.divide(total, weight, out=np.full(values.shape, np.nan), where=present)
        return mean.astype(np.float32)

    def _smoothed(self, array: np.ndarray, axis: int) -> np.ndarray:
        from scipy.ndimage import gaussian_filter1d

        # No window need be wider than the samples are long.
        radius = min(int(4 * self.strength + 0.5), array.shape[axis] - 1)
        return gaussian_filter1d(array, self.strength, axis=axis, mode="constant", radius=radius)
