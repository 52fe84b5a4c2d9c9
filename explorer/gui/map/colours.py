"""Which colour each point has, by its class or by a value. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from explorer.analysis.palette import SEQUENTIAL, Palette

Kind = Literal["none", "class", "value"]
LEVELS = 256
_CHUNK = 1 << 15  # values at a time: what is made of them stays in the processor's cache


def rgb(color: str) -> tuple[int, int, int]:
    """Return red, green and blue (0 to 255) of ``#RRGGBB``."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def ramp(levels: int = LEVELS) -> np.ndarray:
    """Return the colours for ordered values from low to high, uint8 ``(levels, 3)``."""
    stops = np.array([rgb(color) for color in SEQUENTIAL], dtype=float)
    at = np.linspace(0, len(stops) - 1, levels)
    planes = [np.interp(at, np.arange(len(stops)), plane) for plane in stops.T]
    return np.rint(np.stack(planes, axis=1)).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Colouring:
    """What the points are coloured by.

    Parameters
    ----------
    kind : {"none", "class", "value"}
    title : str
        What the colours mean: the column's name.
    values : ndarray ``(N,)``
        int class of each sample, an index into `names` and -1 where unknown; or float values, NaN where unknown.
        Unused for kind "none".
    names : tuple of str
        Of the classes.
    """

    kind: Kind = "none"
    title: str = ""
    values: np.ndarray = field(default_factory=lambda: np.zeros(0))
    names: tuple[str, ...] = ()

    def range(self) -> tuple[float, float]:
        """Return the least and the greatest value; NaN where there is none."""
        return self._range

    @cached_property
    def _range(self) -> tuple[float, float]:
        low, high = np.inf, -np.inf
        for start in range(0, len(self.values), _CHUNK):
            part = self.values[start : start + _CHUNK]
            known = np.isfinite(part)
            low = min(low, float(np.min(part, initial=np.inf, where=known)))
            high = max(high, float(np.max(part, initial=-np.inf, where=known)))
        return (low, high) if low <= high else (np.nan, np.nan)

    @cached_property
    def counts(self) -> dict[int, int]:
        """How many samples each class has, of those that have any, ascending; -1: no class."""
        counts = np.zeros(1, dtype=np.int64)
        for start in range(0, len(self.values), _CHUNK):  # numpy.unique would sort them all
            part = np.bincount(np.maximum(self.values[start : start + _CHUNK].astype(np.int64), -1) + 1)
            counts = np.pad(counts, (0, max(0, len(part) - len(counts))))
            counts[: len(part)] += part
        return {index - 1: count for index, count in enumerate(counts.tolist()) if count}

    def counted(self) -> Colouring:
        """Return the same once all is known that takes a while: how many each class has, or the range of the values."""
        if self.kind != "none":
            _ = self.counts if self.kind == "class" else self._range
        return self

    def thinned(self, step: int) -> Colouring:
        """Return that of every `step`-th sample, with the same colours."""
        thin = Colouring(self.kind, self.title, self.values[::step], self.names)
        if self.kind == "value":
            thin.__dict__["_range"] = self._range
        return thin


class PointColours:
    """The colours of `n` points under a palette.

    Attributes
    ----------
    colouring : Colouring
        What they are coloured by; by nothing, where that has not as many values.
    table : ndarray, uint8 ``(K, 3)``
        Colours; row 0 is that of points without a class or value.
    values : ndarray, float64 ``(N,)``, or None
        Where a pixel of many points takes the colour of their mean value (NaN: no value).
    """

    def __init__(self, colouring: Colouring, n: int, palette: Palette) -> None:
        self.n = n
        self.colouring = colouring = colouring if len(colouring.values) == n else Colouring()
        self.values: np.ndarray | None = None
        unknown = rgb(palette.unlabelled)
        if colouring.kind == "none":
            self.table = np.array([unknown], dtype=np.uint8)
        elif colouring.kind == "class":
            most = max(colouring.counts, default=-1) + 1
            self.table = np.array([unknown, *(rgb(palette.class_color(i)) for i in range(most))], dtype=np.uint8)
        else:
            self.values = np.asarray(colouring.values, dtype=np.float64)
            self._low, high = colouring.range()
            self._scale = (LEVELS - 1) / (high - self._low) if high > self._low else 0.0
            self.table = np.concatenate([np.array([unknown], dtype=np.uint8), ramp()])

    @cached_property
    def keys(self) -> np.ndarray:
        """Row of `table` for each point, intp ``(N,)``."""
        if self.colouring.kind == "none":
            return np.zeros(self.n, dtype=np.intp)
        if self.values is not None:
            return self.key_of(self.values)
        return np.maximum(np.asarray(self.colouring.values, dtype=np.intp), -1) + 1

    def key_of(self, values: np.ndarray) -> np.ndarray:
        """Return the row of `table` for values; 0 for NaN."""
        known = np.isfinite(values)
        level = np.rint((np.where(known, values, self._low) - self._low) * self._scale)
        return np.where(known, np.nan_to_num(level) + 1, 0).astype(np.intp)
