"""The median over a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.denoiser import Denoiser
from explorer.analysis.denoisers._windows import odd, windows
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class Median(Denoiser):
    """Each value becomes the median of its neighbourhood: spikes go, and edges stay.

    At the ends the outermost value is held. A window longer than the series shrinks to it.
    """

    title: ClassVar[str] = "Median"
    even: ClassVar[bool] = False
    window: Annotated[int, Param("Steps of the neighbourhood.", ge=1, le=100_001, unit="steps")] = 5

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return windows; see `Denoiser.grid`."""
        return [{"window": window} for window in windows(3, steps)]

    @property
    def reach(self) -> int | None:
        """Half the window."""
        return self.window // 2

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return medians; see `Denoiser.smooth`."""
        from scipy.ndimage import median_filter

        window, found = odd(self.window, series.shape[1]), np.empty_like(series)
        for row, channel in np.ndindex(len(series), series.shape[2]):  # of one axis scipy has a faster way
            found[row, :, channel] = median_filter(series[row, :, channel], size=window, mode="nearest")
        return found
