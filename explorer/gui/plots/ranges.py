"""Ranges of axes that serve the eye: the same for one data set, and calm while a curve moves."""

from __future__ import annotations

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.ranges import channel_ranges

__all__ = ["CalmRange", "channel_ranges", "shared_axis"]


def shared_axis(dataset: Dataset) -> np.ndarray:
    """Return the axis on which series are drawn, float64 ``(T,)``: their times, or evenly all that they span."""
    if not dataset.irregular:
        return dataset.time_axis
    return np.linspace(*dataset.time_range, dataset.values.shape[1])


class CalmRange:
    """A range that grows at once, and shrinks only after the curve has needed less of it for a while.

    Parameters
    ----------
    low, high : float
        What it never shrinks below: the data's own range.
    patience : float
        Seconds of calm before it shrinks.
    margin : float
        Share of its length that is added at both ends when it changes.
    """

    def __init__(self, low: float, high: float, *, patience: float = 1.5, margin: float = 0.06) -> None:
        self._base = (low, high)
        self.patience, self.margin = patience, margin
        self.shown = self._padded(low, high)
        self._recent: tuple[float, float] | None = None
        self._since = -np.inf

    def _padded(self, low: float, high: float) -> tuple[float, float]:
        pad = self.margin * (high - low or 1.0)
        return low - pad, high + pad

    def update(self, low: float, high: float, now: float) -> tuple[float, float]:
        """Return the range to show for a curve from `low` to `high` at the time `now` (seconds)."""
        low, high = min(low, self._base[0]), max(high, self._base[1])
        shown_low, shown_high = self.shown
        if low < shown_low or high > shown_high:
            wide_low, wide_high = self._padded(low, high)
            self.shown = min(shown_low, wide_low), max(shown_high, wide_high)
            self._recent, self._since = None, now
            return self.shown
        needed = self._padded(low, high)
        if needed[1] - needed[0] > 0.85 * (shown_high - shown_low):
            self._recent, self._since = None, now
            return self.shown
        if self._recent is None:
            self._recent, self._since = needed, now
        self._recent = min(self._recent[0], needed[0]), max(self._recent[1], needed[1])
        if now - self._since >= self.patience:
            self.shown, self._recent = self._recent, None
        return self.shown
