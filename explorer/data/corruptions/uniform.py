"""Uniform noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.noise import Noise
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Uniform(Noise):
    """Independent noise on every value, anything within a limit alike."""

    title: ClassVar[str] = "Uniform noise"
    strength: Annotated[float, Param("Largest deviation, to either side.")] = 0.5

    @property
    def rms(self) -> float:
        """Root mean square of noise within ±1."""
        return 3**-0.5

    def draw(self, shape: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
        """Return numbers within ±1; see `Noise.draw`."""
        return 2 * rng.random(shape, dtype=np.float32) - 1
