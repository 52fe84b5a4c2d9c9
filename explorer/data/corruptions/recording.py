"""Noise that was recorded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.corruptions._steps import as_steps
from explorer.data.dataset import Dataset
from explorer.data.gaps import bridge_gaps
from explorer.data.noise import Noise
from explorer.errors import InputError
from explorer.parameters import Param

_Series = tuple[np.ndarray, np.ndarray]
"""Noise of mean 0 and deviation 1, float32 ``(S, T, C)``, and the steps of each series ``(S,)``."""


@dataclass(kw_only=True, eq=False, repr=False)
class Recording(Noise):
    """Pieces of a recording of real noise, each cut at a random place.

    The file is any that a reader reads. Where its sampling rate and that of the data are known, it is resampled to
    theirs. Each of its channels gets mean 0 and deviation 1 before the pieces are cut. Where it has as many channels as
    the data, each channel takes from its own, else from any.
    """

    title: ClassVar[str] = "Recorded noise"
    strength: Annotated[float, Param("Standard deviation of the noise.")] = 0.3
    path: Annotated[
        str | None, Param("The recording: any file that can be opened as data.", file=True, label="File")
    ] = None
    noise: _Series | None = field(default=None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.path:
            self.path = str(Path(self.path).expanduser().absolute())  # a project may be opened from anywhere

    def on(self, dataset: Dataset) -> Recording:
        """Return the noise resampled to these data's rate; see `Corruption.on`."""
        fitted = replace(self, noise=self._read(dataset.sampling_rate))
        fitted._long_enough(as_steps(dataset.values[:1]).shape[1])
        return fitted

    def draw(self, shape: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
        """Return pieces of the recording, each by chance; see `Noise.draw`."""
        n, steps, channels = shape
        fitting = self._long_enough(steps)
        pieces, lengths = self._noise()
        series = fitting[rng.integers(len(fitting), size=(n, channels))]
        start = rng.integers(lengths[series] - steps + 1)
        channel = rng.integers(pieces.shape[2], size=(n, channels))
        if pieces.shape[2] == channels:
            channel = np.broadcast_to(np.arange(channels), (n, channels))
        at = start[:, None, :] + np.arange(steps)[None, :, None]
        return pieces[series[:, None, :], at, channel[:, None, :]]

    def _noise(self) -> _Series:
        return self._read(None) if self.noise is None else self.noise

    def _read(self, rate: float | None) -> _Series:
        if not self.path:
            raise InputError("no recording of noise is chosen", remedy="Choose a file: recording:0.3,path=noise.csv")
        path = Path(self.path)
        return _recorded(self.path, path.stat().st_mtime_ns if path.exists() else 0, rate)

    def _long_enough(self, steps: int) -> np.ndarray:
        """Return which series of the recording have so many steps.

        Raises
        ------
        InputError
            If none has.
        """
        _, lengths = self._noise()
        if lengths.max() < steps:
            raise InputError(
                f"the recording has {lengths.max()} steps where a sample has {steps}",
                source=self.path,
                remedy="Choose a longer recording of noise",
            )
        return np.flatnonzero(lengths >= steps)


@lru_cache(maxsize=4)
def _recorded(path: str, changed: int, rate: float | None) -> _Series:
    """Return the series of a file at so many steps per second; `changed` tells the versions of the file apart."""
    from explorer.data.reader import load

    data = load(path)
    values = data.values
    if values.ndim == 4:
        raise InputError("images are no recording of noise", source=path, remedy="Choose a file of series")
    if values.ndim == 2:  # a few columns are channels of one recording, else each row is a recording
        values = values[None] if data.layout == "points" or values.shape[1] == 1 else values[:, :, None]
    lengths = np.full(len(values), values.shape[1]) if data.lengths is None else data.lengths
    series = [
        _resampled(bridge_gaps(one[:length]), data.sampling_rate, rate)
        for one, length in zip(values, lengths, strict=True)
    ]
    lengths = np.array([len(one) for one in series])
    pieces = np.zeros((len(series), lengths.max(), values.shape[2]), np.float32)
    for piece, one in zip(pieces, series, strict=True):
        deviation = one.std(axis=0)
        piece[: len(one)] = (one - one.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    if not pieces.any():
        raise InputError("the recording never changes: there is no noise in it", source=path)
    return pieces, lengths


def _resampled(series: np.ndarray, rate: float | None, wanted: float | None) -> np.ndarray:
    """Return a series ``(T, C)`` at the wanted rate, float64; as it is where either is not known."""
    series = np.asarray(series, np.float64)
    if not rate or not wanted or rate == wanted:
        return series
    from scipy.signal import resample_poly

    ratio = Fraction(wanted / rate).limit_denominator(1000)
    return resample_poly(series, max(1, ratio.numerator), ratio.denominator, axis=0, padtype="line")
