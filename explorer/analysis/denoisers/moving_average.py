"""The mean over a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.denoiser import Denoiser
from explorer.analysis.denoisers._windows import best_by_gcv, odd, windows
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class MovingAverage(Denoiser):
    """Each value becomes the mean of its neighbourhood.

    At the ends the outermost value is held. A window longer than the series shrinks to it.
    """

    title: ClassVar[str] = "Moving average"
    window: Annotated[
        int | None,
        Param("Steps of the neighbourhood; auto: for each series by cross-validation.", ge=1, le=100_001, unit="steps"),
    ] = None

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return windows; see `Denoiser.grid`."""
        return [{"window": window} for window in windows(3, steps)]

    @property
    def reach(self) -> int | None:
        """Half the window."""
        return None if self.window is None else self.window // 2

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return means; see `Denoiser.smooth`."""
        steps = series.shape[1]
        if self.window is not None:
            return _mean(series, odd(self.window, steps))
        tried = windows(3, steps // 2)
        return best_by_gcv(series, tried, lambda each, k: (_mean(each, odd(int(k), steps)), np.array(1 / k)))


def _mean(series: np.ndarray, window: int) -> np.ndarray:
    half = window // 2
    padded = np.pad(series, ((0, 0), (half, half), (0, 0)), mode="edge")
    # From the first value, so that sums of a series far from 0 keep their digits.
    start = padded[:, :1]
    sums = np.cumsum(np.concatenate([np.zeros_like(start), padded - start], axis=1), axis=1)
    return start + (sums[:, window:] - sums[:, :-window]) / window
