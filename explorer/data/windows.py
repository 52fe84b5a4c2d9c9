"""One long recording as overlapping windows, which are its samples; the steps that they share are held once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from explorer.data.split import GAP, TEST, TRAIN, VALIDATION
from explorer.errors import InputError

if TYPE_CHECKING:
    from explorer.data.dataset import Dataset


@dataclass(frozen=True, eq=False)
class Windows:
    """Which steps of a recording each sample is.

    Parameters
    ----------
    recording : ndarray, float32 ``(S, C)``
        The whole of it, which may be a memory map. The samples' values are views of it.
    length, stride : int
        Steps of a window, and from the start of one to that of the next.
    first : int
        The step of the recording as it came with which this one begins, where it is a part of a longer one.
    """

    recording: np.ndarray
    length: int
    stride: int
    first: int = 0

    def __len__(self) -> int:
        """Return how many whole windows there are; steps behind the last are in none."""
        return max(0, (len(self.recording) - self.length) // self.stride + 1)

    @property
    def starts(self) -> np.ndarray:
        """The first step of each window, int64 ``(N,)``, in `recording`."""
        return np.arange(len(self), dtype=np.int64) * self.stride

    def view(self, steps: np.ndarray) -> np.ndarray:
        """Return what belongs to the steps ``(S, …)`` as ``(N, length, …)``, without a copy; it cannot be written."""
        if len(steps) != len(self.recording):
            raise ValueError(f"{len(steps)} steps beside a recording of {len(self.recording)}")
        shape = (len(self), self.length, *steps.shape[1:])
        strides = (steps.strides[0] * self.stride, *steps.strides)
        return np.lib.stride_tricks.as_strided(steps, shape, strides, writeable=False)

    def part(self, start: int, stop: int) -> Windows:
        """Return the windows `start` to `stop` (excluded), over their own steps of the recording."""
        first, last = start * self.stride, (stop - 1) * self.stride + self.length
        return replace(self, recording=self.recording[first:last], first=self.first + first)

    # From places of the recording to windows, and back

    def at(self, step: float) -> int:
        """Return the window whose middle is nearest to a step."""
        nearest = round((step - (self.length - 1) / 2) / self.stride)
        return int(min(max(nearest, 0), len(self) - 1))

    def within(self, first: float, last: float) -> np.ndarray:
        """Return the windows whose middle lies from step `first` to `last`, int64; one at least."""
        middle = (self.length - 1) / 2
        low = max(0, int(np.ceil((first - middle) / self.stride)))
        high = min(len(self) - 1, int(np.floor((last - middle) / self.stride)))
        return np.arange(low, high + 1) if low <= high else np.array([self.at((first + last) / 2)])

    def stretches(self, indices: np.ndarray) -> np.ndarray:
        """Return the steps that windows cover as ``(K, 2)``: first step, and the one behind the last, of each stretch.

        Parameters
        ----------
        indices : ndarray, int64, ascending
        """
        if not len(indices):
            return np.empty((0, 2), dtype=np.int64)
        reach = self.length // self.stride  # windows that far apart still touch
        breaks = np.flatnonzero(np.diff(indices) > max(1, reach)) + 1
        first, last = indices[np.append(0, breaks)], indices[np.append(breaks - 1, len(indices) - 1)]
        return np.stack([first * self.stride, last * self.stride + self.length], axis=1)


def windowed(series: Dataset, length: int, stride: int | None = None) -> Dataset:
    """Return a data set of one long series as one of its windows, without copying a value.

    The parts follow each other in time: see `block_split`. The column "start" tells where each window begins: in
    seconds where the sampling rate is known, else its step.

    Parameters
    ----------
    series : Dataset
        One sample ``(1, S, C)``.
    length : int
        Steps of a window.
    stride : int, optional
        Steps from the start of one to the next; by default the length, so that none overlap.

    Raises
    ------
    InputError
        If it is not one series, or shorter than a window.
    """
    stride = stride or length
    if len(series) != 1 or series.layout != "series":
        kind = "series" if series.layout == "series" else "samples that are no series"
        raise InputError(
            f"there are {len(series):,} {kind}, and windows are cut from one long recording",
            source=series.name,
            remedy="Leave the window out, or give a file with one recording",
        )
    steps = series.values.shape[1] if series.lengths is None else int(series.lengths[0])
    recording = series.values[0, :steps]
    windows = Windows(recording, length, stride)
    if not len(windows):
        raise InputError(
            f"the recording has {steps:,} steps, and a window {length:,}",
            source=series.name,
            remedy="Make the window shorter",
        )

    def view(array: np.ndarray | None) -> np.ndarray | None:
        return None if array is None else windows.view(array[0, :steps])

    rate = series.sampling_rate or _rate(None if series.times is None else series.times_of(0)[:steps])
    start = windows.starts if rate is None else windows.starts / rate
    return replace(
        series,
        values=windows.view(recording),
        windows=windows,
        targets=view(series.targets),
        observed=view(series.observed),
        masks=view(series.masks),
        labels=None,
        class_names=(),
        names=None,
        lengths=None,
        times=None,
        sampling_rate=rate,
        columns={"start": start},
        split=block_split(len(windows), length, stride),
    )


def block_split(
    count: int, length: int, stride: int, fractions: tuple[float, float, float] = (0.7, 0.15, 0.15)
) -> np.ndarray:
    """Return a part for each of `count` windows, int8, so that no step is in windows of two parts.

    The first of the recording train, those behind them validate, and the last test: what is judged was never seen, not
    even one step of it, and comes later, as it will when the model is used. Windows that would reach from one part into
    the next are in none (`explorer.data.split.GAP`); where they do not overlap, there are no such.

    Parameters
    ----------
    count, length, stride : int
        Of the windows.
    fractions : tuple of float
        Shares of train, validation and test, scaled to sum to one. Where there are too few windows for three parts with
        gaps, all train but, if there is room, the last, which tests.
    """
    apart = -(-length // stride) - 1  # windows that overlap the one before
    split = np.full(count, GAP, dtype=np.int8)
    usable = count - 2 * apart
    if usable < 3:
        split[: max(1, count - apart - 1)] = TRAIN
        if count - apart - 1 >= 1:
            split[-1] = TEST
        return split
    shares = np.asarray(fractions, dtype=float) / np.sum(fractions)
    validating, testing = (max(1, int(share * usable)) for share in shares[1:])
    training = usable - validating - testing
    split[:training] = TRAIN
    split[training + apart : training + apart + validating] = VALIDATION
    split[count - testing :] = TEST
    return split


def _rate(times: np.ndarray | None) -> float | None:
    """Return the sampling rate of times that are evenly spaced; None of others."""
    if times is None or len(times) < 2:
        return None
    interval = float(times[-1] - times[0]) / (len(times) - 1)
    even = interval > 0 and np.allclose(np.diff(times), interval, rtol=0.01)
    return 1 / interval if even else None
