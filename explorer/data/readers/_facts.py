"""What an NPZ file tells of its samples beside their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.data.readers._checks import as_labels
from explorer.data.readers._npy import as_numbers
from explorer.errors import InputError

VALUES = ("values", "X", "x", "data", "inputs", "samples", "series")
_LABELS = ("labels", "y", "label", "classes", "target")
_TARGETS = ("targets", "clean")
_MASKS = ("masks", "mask")
SHARED = {"sampling_rate", "channel_names", "class_names", "mask_names", "unit"}
"""What holds for all samples."""
KNOWN = {*VALUES, *_LABELS, *_TARGETS, *_MASKS, *SHARED, "times", "lengths", "names", "observed", "split"}
_MOST_REGIONS = 1000


@dataclass
class Facts:
    """The arrays beside the samples, checked."""

    path: Path
    n: int
    shape: tuple[int, ...]
    arrays: dict[str, np.ndarray]

    def lengths(self) -> np.ndarray | None:
        """Return the steps of each series."""
        lengths = self._checked("lengths", "one whole number a sample, from 1 to its steps", self._fits_lengths)
        return None if lengths is None else lengths.astype(np.int64)

    def targets(self, shape: tuple[int, ...]) -> np.ndarray | None:
        """Return the clean samples, of this shape."""
        name = next((name for name in _TARGETS if name in self.arrays), None)
        if name is None:
            return None
        array = self._checked(name, f"the samples' shape, {shape}", lambda a: a.shape == shape)
        return None if array is None else as_numbers(array, self.path, name)

    def observed(self, shape: tuple[int, ...]) -> np.ndarray | None:
        """Return the mask, of this shape, that is False where missing."""
        array = self._checked(
            "observed", f"the samples' shape, {shape}", lambda a: a.shape == shape and a.dtype.kind in "biuf"
        )
        return None if array is None else array != 0

    def times(self) -> np.ndarray | None:
        """Return the time of each step ``(T,)``, or of each step of each sample ``(N, T)``."""
        steps = self.shape[1]
        times = self._checked(
            "times",
            f"{steps} growing numbers, one a step, or as many for each sample",
            lambda a: (
                a.dtype.kind in "fiu" and (self._grows(a) or (len(self.shape) == 3 and a.shape == self.shape[:2]))
            ),
        )
        return None if times is None else times.astype(np.float64)

    def _grows(self, times: np.ndarray) -> bool:
        return times.shape == (self.shape[1],) and bool((np.diff(times.astype(float)) >= 0).all())

    def split(self) -> np.ndarray | None:
        """Return the part of each sample."""
        split = self._checked(
            "split", "0, 1 or 2 for every sample", lambda a: a.shape == (self.n,) and bool(np.isin(a, (0, 1, 2)).all())
        )
        return None if split is None else split.astype(np.int8)

    def scalar(self, name: str) -> float | None:
        """Return an array of one number above 0."""
        array = self._checked(
            name,
            "one number above 0",
            lambda a: a.size == 1 and a.dtype.kind in "fiu" and 0 < float(a.reshape(())) < np.inf,
        )
        return None if array is None else float(array.reshape(()))

    def texts(self, name: str) -> list[str] | None:
        """Return an array of text as a list."""
        array = self._checked(
            name, "text", lambda a: a.dtype.kind in "Uiu" and (name != "names" or a.shape == (self.n,))
        )
        return None if array is None else [str(cell) for cell in array.reshape(-1)]

    def labels(self) -> tuple[np.ndarray | None, tuple[str, ...], dict[str, np.ndarray]]:
        """Return classes and their names; numbers with fractions become a column instead."""
        name = next((name for name in _LABELS if name in self.arrays), None)
        if name is None:
            return None, (), {}
        cells = self._checked(
            name, "one label a sample", lambda a: a.shape in ((self.n,), (self.n, 1)) and a.dtype.kind in "fiubU"
        )
        assert cells is not None  # it is there
        cells = cells.reshape(-1)
        if cells.dtype.kind == "f" and not (np.isfinite(cells) & (cells % 1 == 0) | np.isnan(cells)).all():
            return None, (), {name: cells.astype(float)}
        names = self.texts("class_names")
        if names is not None and cells.dtype.kind in "iu" and cells.min() >= -1 and cells.max() < len(names):
            return cells.astype(np.int64), tuple(names), {}
        if cells.dtype.kind == "U":
            missing = cells == ""
        else:
            missing = (
                np.isnan(cells)
                if cells.dtype.kind == "f"
                else cells == -1
                if cells.dtype.kind == "i"
                else cells != cells
            )
        labels, found = as_labels(cells.tolist(), missing)
        return labels, found, {}

    def masks(self) -> tuple[np.ndarray | None, tuple[str, ...]]:
        """Return the class of every step or pixel, -1 where unknown, and the names of the classes.

        Without names the classes are those numbers there are: a mask of 0 and 255 has two.
        """
        name = next((name for name in _MASKS if name in self.arrays), None)
        if name is None:
            return None, ()
        shape, names = self.shape[:-1], self.texts("mask_names") or []
        cells = self._checked(
            name,
            f"one whole number, -1 or more, for each step or pixel, {shape} (what is observed is called 'observed')",
            lambda a: len(shape) > 1 and a.shape in (shape, (*shape, 1)) and a.dtype.kind in "fiub" and _are_classes(a),
        )
        assert cells is not None  # it is there
        masks = np.nan_to_num(cells.reshape(shape), nan=-1).astype(np.int64)
        if names:
            self._checked(
                name, f"below {len(names)}, as there are {len(names)} names", lambda _: masks.max() < len(names)
            )
            return masks, tuple(names)
        regions = np.union1d(masks, [0])
        regions = regions[regions >= 0]
        self._checked(name, f"of at most {_MOST_REGIONS} classes", lambda _: len(regions) <= _MOST_REGIONS)
        ranks = np.where(masks < 0, -1, np.searchsorted(regions, masks))
        return ranks, ("background", *(f"region {region}" for region in (regions[1:] if len(regions) > 1 else [1])))

    def columns(self) -> dict[str, np.ndarray]:
        """Return the arrays of one number or text a sample."""
        return {
            name: array
            for name, array in self.arrays.items()
            if name not in KNOWN and array.shape == (self.n,) and array.dtype.kind in "fiubU"
        }

    def _fits_lengths(self, array: np.ndarray) -> bool:
        fits = array.shape == (self.n,) and array.dtype.kind in "fiu" and len(self.shape) == 3
        return fits and bool(((array >= 1) & (array <= self.shape[1]) & (array % 1 == 0)).all())

    def _checked(self, name: str, wanted: str, fits: Callable[[np.ndarray], bool]) -> np.ndarray | None:
        array = self.arrays.get(name)
        if array is not None and not fits(array):
            raise InputError(
                f"the array '{name}' of shape {array.shape} and type {array.dtype} is not {wanted}",
                source=self.path,
                remedy="Correct it, or leave it out",
            )
        return array


def _are_classes(array: np.ndarray) -> bool:
    """Return whether all are whole numbers from -1 on, or NaN."""
    if array.dtype.kind in "bu":
        return True
    whole = (array >= -1) & (array < 2**31) & (array % 1 == 0)
    return bool((whole | (array != array)).all())
