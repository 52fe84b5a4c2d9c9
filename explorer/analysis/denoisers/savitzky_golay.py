"""Local polynomials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.denoiser import TRIES, Denoiser
from explorer.analysis.denoisers._windows import best_by_gcv, odd, windows
from explorer.parameters import Param

ORDERS = (2, 4)
"""Degrees that are tried. Odd ones differ from the even ones below them at the ends only."""


@dataclass(kw_only=True, eq=False, repr=False)
class SavitzkyGolay(Denoiser):
    """Each value becomes that of a polynomial fitted to its neighbourhood: peaks are kept, where a mean cuts them.

    Savitzky and Golay (1964). At the ends the outermost polynomial is followed. A window longer than the series shrinks
    to it, and the degree with it.
    """

    title: ClassVar[str] = "Savitzky–Golay"
    window: Annotated[
        int | None,
        Param("Steps of the neighbourhood; auto: for each series by cross-validation.", ge=3, le=100_001, unit="steps"),
    ] = None
    order: Annotated[int, Param("Degree of the polynomials.", ge=0, le=8)] = 3

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return windows for each degree; see `Denoiser.grid`."""
        share = TRIES // len(ORDERS)
        return [{"window": window, "order": order} for order in ORDERS for window in windows(order + 3, steps, share)]

    @property
    def reach(self) -> int | None:
        """Half the window."""
        return None if self.window is None else self.window // 2

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return values of the polynomials; see `Denoiser.smooth`."""
        steps = series.shape[1]
        if self.window is not None:
            return self._fit(series, odd(self.window, steps))
        smallest = self.order + 2 if self.order % 2 else self.order + 3
        if steps < smallest:
            return series

        def tried(each: np.ndarray, window: float) -> tuple[np.ndarray, np.ndarray]:
            order = min(self.order, int(window) - 1)
            return self._fit(each, int(window)), np.array(_centre(int(window), order))

        return best_by_gcv(series, windows(smallest, max(smallest, steps // 2), TRIES // 2), tried)

    def _fit(self, series: np.ndarray, window: int) -> np.ndarray:
        from scipy.signal import savgol_filter

        return np.asarray(savgol_filter(series, window, min(self.order, window - 1), axis=1))


@lru_cache(maxsize=1024)
def _centre(window: int, order: int) -> float:
    """Return the weight of a value in its own smoothing."""
    from scipy.signal import savgol_coeffs

    return float(savgol_coeffs(window, order)[window // 2])
