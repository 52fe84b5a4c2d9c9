"""White Gaussian noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruption import Corruption
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Gaussian(Corruption):
    """Independent normal noise on every value."""

    title: ClassVar[str] = "Gaussian noise"
    strength: Annotated[float, Param("Standard deviation of the noise, in the data's units.", ge=0)] = 0.3

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` plus normal noise; see `Corruption.apply`."""
        return values + np.float32(self.strength) * rng.standard_normal(values.shape, dtype=np.float32)
