"""White Gaussian noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.noise import Noise
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Gaussian(Noise):
    """Independent normal noise on every value."""

    title: ClassVar[str] = "Gaussian noise"
    strength: Annotated[float, Param("Standard deviation of the noise.")] = 0.3

    def draw(self, shape: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
        """Return standard normal numbers; see `Noise.draw`."""
        return rng.standard_normal(shape, dtype=np.float32)
