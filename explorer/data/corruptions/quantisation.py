"""Rounding to the levels of a converter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruption import Corruption
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Quantisation(Corruption):
    """Every value is rounded to the nearest of evenly spaced levels, as a converter of few bits writes them."""

    title: ClassVar[str] = "Quantisation"
    random: ClassVar[bool] = False
    strength: Annotated[float, Param("Distance from one level to the next, in the data's units.", ge=0)] = 0.5

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` rounded to multiples of the strength; see `Corruption.apply`."""
        if np.float32(self.strength) == 0:
            return values.copy()
        return (np.round(values / np.float64(self.strength)) * self.strength).astype(np.float32)
