"""Missing values, scattered or in gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruption import Corruption
from explorer.data.corruptions._steps import choose_steps
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Dropout(Corruption):
    """Values go missing, one by one or in gaps, as when a sensor drops out."""

    title: ClassVar[str] = "Dropout and gaps"
    strength: Annotated[float, Param("Share of the steps that go missing, in each channel.", ge=0, le=0.95)] = 0.2
    gap: Annotated[int, Param("Length of a gap; 1 for scattered points.", ge=1, le=10_000, unit="steps")] = 1

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` with NaN where they were dropped; see `Corruption.apply`."""
        return np.where(choose_steps(values, self.strength, rng, run=self.gap), np.float32(np.nan), values)
