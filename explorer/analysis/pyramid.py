"""A long recording at every scale: lowest and highest values of ever larger blocks, so that any view of it is quick."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from explorer.progress import Progress, Silent, check

BLOCK = 32
"""Steps of the smallest blocks."""
FACTOR = 4
"""Blocks of which a block of the next level is made."""
RAW_VALUES = 1 << 18
"""Values of a view up to which the recording itself is looked at: that takes less than a millisecond or two."""
_CHUNK_VALUES = 1 << 21
_SPOTS = 1500
_SPOT = 64


@dataclass(frozen=True, eq=False)
class Envelope:
    """The lowest and highest values of a stretch of a recording, a point for each run of steps.

    Parameters
    ----------
    steps : ndarray, float64 ``(P,)``
        The step that each point stands at.
    values : ndarray, float32 ``(P, C)``
        NaN where nothing is known. Lowest and highest of a run follow each other.
    size : int
        Steps of a run; 1: the values themselves.
    """

    steps: np.ndarray
    values: np.ndarray
    size: int


class Pyramid:
    """Levels of blocks of a recording ``(S, C)``, which may be a memory map; made bit by bit by `build`.

    Until it is built, a view shows what a `sketch` saw at places spread over the recording, and what is built already.
    """

    def __init__(self, recording: np.ndarray) -> None:
        self.recording = recording
        steps, channels = recording.shape
        self.levels: list[np.ndarray] = []
        """Lowest and highest of each block, float32 ``(K, 2, C)``, from the finest; there once building began."""
        self._counts = [-(-steps // BLOCK)]
        while self._counts[-1] > _SPOTS:
            self._counts.append(-(-self._counts[-1] // FACTOR))
        self._channels = channels
        self.built = 0
        """Steps from the start that are in all levels."""
        self._sketch: Envelope | None = None

    @property
    def whole(self) -> bool:
        """Whether it is built."""
        return self.built >= len(self.recording)

    @property
    def bytes(self) -> int:
        """Memory that the levels take."""
        return sum(self._counts) * 2 * self._channels * 4

    def sketch(self) -> Envelope:
        """Look at short stretches spread over the recording, and return their lowest and highest values."""
        steps, _ = self.recording.shape
        starts = np.unique(np.linspace(0, max(0, steps - _SPOT), min(_SPOTS, -(-steps // _SPOT))).astype(np.int64))
        parts = [self.recording[start : start + _SPOT] for start in starts.tolist()]
        low = np.stack([np.fmin.reduce(part, axis=0) for part in parts])
        high = np.stack([np.fmax.reduce(part, axis=0) for part in parts])
        self._sketch = _interleaved(starts + _SPOT / 2, low, high, max(1, steps // len(starts)))
        return self._sketch

    def build(self, progress: Progress | None = None) -> Iterator[int]:
        """Fill the levels from the start of the recording to its end; yield the steps done after each piece.

        Raises
        ------
        Cancelled
            If it was told to stop.
        """
        progress = progress or Silent()
        steps, channels = self.recording.shape
        self.levels = [np.full((count, 2, channels), np.nan, dtype=np.float32) for count in self._counts]
        top = BLOCK * FACTOR ** (len(self.levels) - 1)
        piece = max(1, _CHUNK_VALUES // channels // top) * top
        for start in range(0, steps, piece):
            check(progress)
            end = min(start + piece, steps)
            low, high = _reduced(self.recording[start:end], self.recording[start:end], BLOCK)
            for number, level in enumerate(self.levels):
                first = start // (BLOCK * FACTOR**number)
                level[first : first + len(low), 0], level[first : first + len(low), 1] = low, high
                if number + 1 < len(self.levels):
                    low, high = _reduced(low, high, FACTOR)
            self.built = end
            progress.report(end / steps, "Looking through the recording")
            yield end

    def extent(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the lowest and highest value of each channel that was seen so far, float64 ``(C,)``; NaN for none."""
        low = high = np.full(self._channels, np.nan, dtype=np.float32)
        if self.levels:
            low, high = np.fmin.reduce(self.levels[-1][:, 0], axis=0), np.fmax.reduce(self.levels[-1][:, 1], axis=0)
        if self._sketch is not None and not self.whole:
            low = np.fmin(low, np.fmin.reduce(self._sketch.values, axis=0))
            high = np.fmax(high, np.fmax.reduce(self._sketch.values, axis=0))
        return low.astype(float), high.astype(float)

    def view(self, first: float, last: float, columns: int) -> Envelope:
        """Return the recording from step `first` to `last` for so many columns of pixels, at once.

        A short stretch is that of the recording itself; of a longer one it is the coarsest level that has a block a
        column, or the finest.
        """
        steps, channels = self.recording.shape
        low, high = max(0, math.floor(first)), min(steps, math.ceil(last) + 1)
        nothing = Envelope(np.zeros(0), np.zeros((0, channels), np.float32), 1)
        if low >= high:
            return nothing
        if (high - low) * channels <= RAW_VALUES:
            return exact(self.recording, low, high, columns)
        if self.built <= low or not self.levels:
            return nothing if self._sketch is None else _within(self._sketch, low, high)
        wanted = (high - low) / max(1, columns)
        number = 0
        while number + 1 < len(self.levels) and BLOCK * FACTOR ** (number + 1) <= wanted:
            number += 1
        size = BLOCK * FACTOR**number
        level = self.levels[number]
        begin, end = low // size, min(len(level), -(-high // size))
        found = _interleaved(np.arange(begin, end) * size + size / 2, level[begin:end, 0], level[begin:end, 1], size)
        if self.built < high and self._sketch is not None:  # what is not built yet is sketched
            rest = _within(self._sketch, self.built, high)
            done = found.steps < self.built
            steps_ = np.concatenate([found.steps[done], rest.steps])
            return Envelope(steps_, np.concatenate([found.values[done], rest.values]), size)
        return found

    def is_exact(self, first: float, last: float, columns: int) -> bool:
        """Return whether `view` shows the lowest and highest value of every column."""
        count = min(len(self.recording), last) - max(0.0, first)
        small = count * self.recording.shape[1] <= RAW_VALUES
        return small or (self.built >= min(len(self.recording), last) and count / max(1, columns) >= BLOCK)


def exact(recording: np.ndarray, low: int, high: int, columns: int) -> Envelope:
    """Return steps `low` to `high` (excluded) of a recording as the lowest and highest value of each column."""
    values = recording[low:high]
    size = (high - low) // max(1, columns)
    if size < 4:
        return Envelope(np.arange(low, high, dtype=float), np.asarray(values), 1)
    lowest, highest = _reduced(values, values, size)
    return _interleaved(low + np.arange(len(lowest)) * size + size / 2, lowest, highest, size)


def thinned_by_shape(y: np.ndarray, points: int) -> np.ndarray:
    """Return which points of a curve ``(S,)`` keep its shape best, int64: the extremes, then largest triangles.

    MinMaxLTTB (Van Der Donckt et al., 2023, https://doi.org/10.48550/arXiv.2305.00332).
    """
    from tsdownsample import MinMaxLTTBDownsampler, NaNMinMaxLTTBDownsampler

    if len(y) <= points:
        return np.arange(len(y))
    kind = NaNMinMaxLTTBDownsampler if np.isnan(y).any() else MinMaxLTTBDownsampler
    found: np.ndarray = kind().downsample(np.ascontiguousarray(y), n_out=points)
    return found.astype(np.int64)


def _reduced(low: np.ndarray, high: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest of `low` and the highest of `high` of each run of `size` rows; the last may be shorter."""
    whole = len(low) - len(low) % size

    def runs(values: np.ndarray, reduce: Callable[..., np.ndarray]) -> np.ndarray:
        parts = []
        if whole:
            blocks = values[:whole].reshape(-1, size, values.shape[1])
            # One channel lies in order: numpy then looks at many steps at once.
            done = reduce(blocks[..., 0], axis=1)[:, None] if values.shape[1] == 1 else reduce(blocks, axis=1)
            parts.append(done)
        if whole < len(values):
            parts.append(reduce(values[whole:], axis=0)[None])
        return np.concatenate(parts) if len(parts) > 1 else parts[0]

    return runs(low, np.fmin.reduce), runs(high, np.fmax.reduce)


def _interleaved(middles: np.ndarray, low: np.ndarray, high: np.ndarray, size: int) -> Envelope:
    """Return points that go to the lowest and to the highest value of each run, in turn."""
    count = len(middles)
    steps, values = np.empty(2 * count), np.empty((2 * count, low.shape[1]), dtype=np.float32)
    steps[0::2], steps[1::2] = middles, middles + size / 4
    # Up and down in turn, so that what joins two runs does not cross them.
    values[0::4], values[1::4] = low[0::2], high[0::2]
    values[2::4], values[3::4] = high[1::2], low[1::2]
    return Envelope(steps, values, size)


def _within(found: Envelope, low: float, high: float) -> Envelope:
    first, last = np.searchsorted(found.steps, [low, high])
    part = slice(max(0, int(first) - 2), int(last) + 2)
    return Envelope(found.steps[part], found.values[part], found.size)
