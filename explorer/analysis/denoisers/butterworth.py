"""A band of frequencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.denoiser import Denoiser
from explorer.parameters import Param

HIGHS = 8
"""Upper limits that are tried, with each of three lower ones."""
MARGIN = 0.999
"""Share of half the sampling rate above which there is nothing to cut off."""


@dataclass(kw_only=True, eq=False, repr=False)
class Butterworth(Denoiser):
    """Keeps a band of frequencies, forwards and backwards so that nothing is shifted in time.

    Butterworth (1930), in second-order sections; the order is that of one pass. Limits are in cycles a step, or in Hz
    where the rate is given. The mean of a series is kept.
    """

    title: ClassVar[str] = "Butterworth"
    high: Annotated[float | None, Param("Frequencies above are removed; auto: none.", gt=0, le=1e6, log=True)] = 0.1
    low: Annotated[float | None, Param("Frequencies below are removed, as drifts; auto: none.", gt=0, le=1e6)] = None
    order: Annotated[int, Param("How steeply the filter cuts.", ge=1, le=10)] = 4
    rate: Annotated[
        float | None, Param("Steps a second, for limits in Hz; auto: limits are in cycles a step.", gt=0, unit="Hz")
    ] = None

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return upper limits alone and with lower ones; see `Denoiser.grid`."""
        highs = np.geomspace(min(0.25, max(0.01, 1.5 / steps)), 0.45, HIGHS).round(4).tolist()
        lows = [None, *(round(cycles / steps, 6) for cycles in (0.7, 2.0))]
        # A lower limit above the upper one is no band: then it is left out, and fewer settings are tried.
        return [{"high": high, "low": low} for low in lows for high in highs if low is None or low < high]

    @property
    def reach(self) -> int | None:
        """How far the response to an impulse rings."""
        sections = self._sections()
        if sections is None:
            return 0
        from scipy.signal import sos2zpk

        slowest = float(np.abs(np.asarray(sos2zpk(sections)[1])).max())
        return int(np.ceil(np.log(1e-3) / np.log(min(slowest, 1 - 1e-9))))

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return the band; see `Denoiser.smooth`."""
        from scipy.signal import sosfiltfilt

        sections = self._sections()
        if sections is None:
            return series
        mean = series.mean(axis=1, keepdims=True)
        # Mirrored at the ends for about as long as the filter rings, as far as the series goes.
        reach = self.reach or 0
        padding = min(series.shape[1] - 1, max(3 * (2 * len(sections) + 1), reach))
        return mean + sosfiltfilt(sections, series - mean, axis=1, padtype="odd", padlen=padding)

    def _sections(self) -> np.ndarray | None:
        """Return the filter; None where no frequency is cut off."""
        from scipy.signal import butter

        scale = 2.0 / (self.rate or 1.0)
        high = None if self.high is None or self.high * scale >= MARGIN else self.high * scale
        low = None if self.low is None else min(self.low * scale, MARGIN)
        if low is not None and high is not None:
            if low >= high:
                from explorer.errors import InputError

                raise InputError(
                    f"the band from {self.low:g} to {self.high:g} is empty",
                    source="butterworth",
                    remedy="Give a lower limit below the upper one",
                )
            return np.asarray(butter(self.order, [low, high], "bandpass", output="sos"))
        if high is not None:
            return np.asarray(butter(self.order, high, "lowpass", output="sos"))
        return None if low is None else np.asarray(butter(self.order, low, "highpass", output="sos"))
