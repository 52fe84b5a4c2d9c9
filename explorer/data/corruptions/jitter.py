"""Uncertain times of measurement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruption import Corruption
from explorer.data.gaps import bridge_gaps
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Jitter(Corruption):
    """Each value is measured a little early or late, as by an unsteady clock, and noted for its own step.

    Between two steps the signal is taken as a straight line, and at its ends as it is there. In an image the pixels
    move along their rows. Where steps are unevenly spaced, the errors of the clock are in proportion.
    """

    title: ClassVar[str] = "Time jitter"
    slider: ClassVar[float | None] = 3.0
    strength: Annotated[
        float, Param("Standard deviation of the clock's error, for every value by itself.", ge=0, le=1e6, unit="steps")
    ] = 0.5

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` read off at shifted steps; see `Corruption.apply`."""
        rows = values[..., None] if values.ndim == 2 else values.reshape(-1, *values.shape[-2:])
        last = rows.shape[1] - 1
        error = self.strength * rng.standard_normal(rows.shape)
        moment = np.clip(np.arange(last + 1)[None, :, None] + error, 0, last)
        early = np.floor(moment).astype(np.int64)
        late = np.minimum(early + 1, last)
        missing = np.isnan(rows)
        whole = bridge_gaps(rows) if missing.any() else rows
        before, after = (np.take_along_axis(whole, at, axis=1) for at in (early, late))
        share = (moment - early).astype(np.float32)
        # As a sum of two parts, not before + share × difference: that could overflow.
        read = (1 - share) * before + share * after
        return np.where(missing, np.float32(np.nan), read).astype(np.float32).reshape(values.shape)
