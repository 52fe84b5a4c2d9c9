"""Scaling of values to a size that networks like, and back to the data's own units."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np

from explorer.data.blocks import blocks
from explorer.data.dataset import Dataset, check_numbers

ScalingKind = Literal["standard", "minmax", "none"]
_KINDS: tuple[ScalingKind, ...] = get_args(ScalingKind)
_CHUNK = 16 << 20
"""Bytes of values looked at in one go, so that memory maps stay on the disk."""


@dataclass(eq=False)
class Scaler:
    """Shift and scale: per channel of series, per feature of vectors, one for all pixels of images.

    Parameters
    ----------
    kind : {"standard", "minmax", "none"}
        To mean 0 and standard deviation 1 (population), to [0, 1], or left alone.

    Attributes
    ----------
    shift_, scale_ : ndarray, float32
        ``(1, 1, C)``, ``(1, D)`` or ``(1, 1, 1, 1)``; ``apply`` is ``(values - shift_) / scale_``. A channel that
        never changes, or was never observed, has scale 1.
    """

    kind: ScalingKind = "standard"

    def fit(self, values: np.ndarray, observed: np.ndarray | None = None, *, rows: np.ndarray | None = None) -> Self:
        """Learn shift and scale from the values that are observed and not NaN.

        Parameters
        ----------
        values : ndarray ``(N, T, C)``, ``(N, D)`` or ``(N, H, W, C)``
        observed : ndarray or None, bool, shape of `values`
        rows : ndarray of int, optional
            Which samples to learn from; all by default.
        """
        axes = {2: (0,), 3: (0, 1)}.get(values.ndim, tuple(range(values.ndim)))
        shape = tuple(1 if axis in axes else size for axis, size in enumerate(values.shape))
        shift, scale = np.zeros(shape), np.ones(shape)
        if self.kind == "standard":
            shift, scale = _standard(lambda: _chunks(values, observed, rows), axes, shape)
        elif self.kind == "minmax":
            shift, scale = _minmax(lambda: _chunks(values, observed, rows), axes, shape)
        self.shift_ = shift.astype(np.float32)
        self.scale_ = np.where(scale > 0, scale, 1.0).astype(np.float32)
        self.scale_[self.scale_ == 0] = 1.0  # too small for float32
        return self

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return scaled values, float32; NaN stays NaN."""
        return (np.asarray(values, dtype=np.float32) - self.shift_) / self.scale_

    def undo(self, values: np.ndarray) -> np.ndarray:
        """Return scaled values in the data's own units again, float32."""
        return np.asarray(values, dtype=np.float32) * self.scale_ + self.shift_

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return all that was learnt, as arrays: ``"kind"``, ``"shift"``, ``"scale"``."""
        kind = np.array([_KINDS.index(self.kind)], dtype=np.uint8)
        return {"kind": kind, "shift": self.shift_, "scale": self.scale_}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """Return the scaler of `to_arrays`."""
        scaler = cls(_KINDS[int(arrays["kind"][0])])
        scaler.shift_, scaler.scale_ = arrays["shift"], arrays["scale"]
        return scaler


def typical_size(dataset: Dataset) -> np.ndarray:
    """Return the standard deviation of each channel, float32, broadcastable against the values.

    It is taken over the clean values of the train part (all samples where none is for training): what
    `explorer.data.corruption.Corruption.apply` takes as its ``scale``. 1 for a channel that never changes. Of more than
    sixteen million values some samples, evenly spread, are looked at.
    """
    return _of_train(dataset).scale_


def rough_size(dataset: Dataset) -> np.ndarray:
    """Return about what `typical_size` does, at once: from few samples, for what a window shows."""
    return _of_train(dataset, _ROUGH).scale_


def typical_value(dataset: Dataset) -> np.ndarray:
    """Return the mean of each channel, float32, over the same values and of the same shape as `typical_size`."""
    return _of_train(dataset).shift_


# Of each data set once: while a slider moves, the same set comes again and again.
_TYPICAL: weakref.WeakKeyDictionary[Dataset, dict[int, Scaler]] = weakref.WeakKeyDictionary()
_MOST, _ROUGH = 1 << 24, 1 << 17


def _of_train(dataset: Dataset, most: int = _MOST) -> Scaler:
    check_numbers(dataset)
    known = _TYPICAL.setdefault(dataset, {})
    if most not in known:
        train = dataset.indices("train")
        rows = None if len(train) in (0, len(dataset)) else train
        count = len(dataset) if rows is None else len(rows)
        fitting = max(2, most // max(1, int(np.prod(dataset.sample_shape))))
        if count > fitting:
            chosen = np.linspace(0, count - 1, fitting).round().astype(np.int64)
            rows = chosen if rows is None else rows[chosen]
        known[most] = Scaler("standard").fit(dataset.clean, rows=rows)
    return known[most]


_Chunks = Callable[[], Iterable[tuple[np.ndarray, np.ndarray]]]


def _chunks(
    values: np.ndarray, observed: np.ndarray | None, rows: np.ndarray | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield some samples at a time as float64, with the mask of those values that count."""
    for first, block in blocks(values, rows, size=_CHUNK):
        part = block.astype(np.float64)
        mask = np.isfinite(part)
        if observed is not None:
            which = slice(first, first + len(block)) if rows is None else rows[first : first + len(block)]
            mask &= observed[which]
        yield np.where(mask, part, 0.0), mask


def _standard(chunks: _Chunks, axes: tuple[int, ...], shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation, in two passes: one would cancel where the mean is large."""
    count, total, squares = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for part, mask in chunks():
        count += mask.sum(axis=axes, keepdims=True)
        total += part.sum(axis=axes, keepdims=True)
    mean = total / np.maximum(count, 1)
    for part, mask in chunks():
        squares += (np.where(mask, part - mean, 0.0) ** 2).sum(axis=axes, keepdims=True)
    std = np.sqrt(squares / np.maximum(count, 1))
    # What is left of a constant after rounding is no spread.
    return mean, np.where(std > 1e-8 * np.abs(mean), std, 0.0)


def _minmax(chunks: _Chunks, axes: tuple[int, ...], shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.full(shape, np.inf), np.full(shape, -np.inf)
    for part, mask in chunks():
        low = np.minimum(low, np.where(mask, part, np.inf).min(axis=axes, keepdims=True))
        high = np.maximum(high, np.where(mask, part, -np.inf).max(axis=axes, keepdims=True))
    seen = np.isfinite(low)
    return np.where(seen, low, 0.0), np.subtract(high, low, out=np.zeros(shape), where=seen)
