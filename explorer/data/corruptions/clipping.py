"""Cut-off peaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruption import Corruption
from explorer.data.corruptions._steps import as_steps
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Clipping(Corruption):
    """Values beyond a limit become the limit, as in an amplifier that saturates."""

    title: ClassVar[str] = "Clipping"
    random: ClassVar[bool] = False
    strength: Annotated[
        float, Param("Share of each channel's range in a sample that is cut off, half of it at either end.", ge=0, le=1)
    ] = 0.3

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` within narrower limits, by sample and channel; see `Corruption.apply`."""
        steps = as_steps(values)
        present = np.isfinite(steps)
        some = present.any(axis=1, keepdims=True)
        low, high = (
            np.where(some, extreme(steps, axis=1, keepdims=True, where=present, initial=start), np.float32(0))
            for extreme, start in ((np.min, np.inf), (np.max, -np.inf))
        )
        cut = np.float32(self.strength / 2) * (high - low)
        # np.clip keeps NaN: what is missing stays missing.
        return np.clip(steps, low + cut, high - cut).astype(np.float32).reshape(values.shape)
