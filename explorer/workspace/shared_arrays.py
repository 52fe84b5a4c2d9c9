"""Arrays between processes that need not be copied: maps of files, and views that show some memory more than once."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

LEAST = 1 << 20
"""Bytes from which a map of a file is named rather than copied."""


_MAPS: WeakValueDictionary[tuple[str, int, int], np.memmap] = WeakValueDictionary()


def root_of(array: np.ndarray) -> np.ndarray:
    """Return the array whose memory `array` is a view of; itself where it has its own."""
    root: Any = array
    found = array
    while (root := getattr(root, "base", None)) is not None:
        if isinstance(root, np.ndarray):
            found = root
    return found


def map_reference(array: np.ndarray) -> dict[str, Any] | None:
    """Return how a large view of a file's map is made again elsewhere; None for any other array.

    One that may write to the file, or whose file is gone, is none.
    """
    root = root_of(array)
    if array.nbytes < LEAST or not isinstance(root, np.memmap) or not isinstance(root.base, mmap.mmap):
        return None
    path = Path(str(root.filename))
    offset = root.offset + _address(array) - _address(root)
    if root.mode != "r" or not path.is_file() or path.stat().st_size < root.offset + root.nbytes:
        return None
    return {"path": str(path.absolute()), "offset": offset, **_layout(array)}


def mapped(reference: dict[str, Any]) -> np.ndarray:
    """Return the array of a `map_reference`; it cannot be written to."""
    path = Path(reference["path"])
    found = path.stat()
    key = (str(path), found.st_size, found.st_mtime_ns)  # one map for all views of a file
    file = _MAPS.get(key)
    if file is None:
        file = _MAPS[key] = np.memmap(path, np.uint8, "r")
    return _view(file, reference["offset"], reference)


def view_reference(array: np.ndarray, root: np.ndarray) -> dict[str, Any]:
    """Return how a view of `root` is made again of its copy."""
    return {"offset": _address(array) - _address(root), **_layout(array)}


def viewed(root: np.ndarray, reference: dict[str, Any]) -> np.ndarray:
    """Return the array of a `view_reference`; it cannot be written to."""
    found = _view(root, reference["offset"], reference)
    found.flags.writeable = False
    return found


def _layout(array: np.ndarray) -> dict[str, Any]:
    return {"dtype": array.dtype.str, "shape": list(array.shape), "strides": list(array.strides)}


def _view(buffer: np.ndarray, offset: int, layout: dict[str, Any]) -> np.ndarray:
    shape, strides = tuple(layout["shape"]), tuple(layout["strides"])
    return np.ndarray(shape, layout["dtype"], buffer, offset, strides)


def _address(array: np.ndarray) -> int:
    return array.__array_interface__["data"][0]
