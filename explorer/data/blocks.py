"""Samples a block at a time, so that data as large as the disk never come into memory as a whole."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

import numpy as np

BLOCK_BYTES = 8 << 20
"""Of the samples that are looked at in one go."""


def rows_of(values: np.ndarray, size: int = BLOCK_BYTES) -> int:
    """Return how many samples ``(N, …)`` make a block of so many bytes; at least one."""
    return max(1, size // max(1, values.nbytes // max(1, len(values))))


def blocks(
    values: np.ndarray, rows: np.ndarray | None = None, *, size: int = BLOCK_BYTES
) -> Iterator[tuple[int, np.ndarray]]:
    """Go through samples ``(N, …)``, or those at `rows`, in their order.

    The pages of a memory map that were gone through are let go, so that the process stays as small as a block.

    Parameters
    ----------
    values : ndarray
    rows : ndarray of int, optional
    size : int
        Bytes of a block.

    Yields
    ------
    first : int
        The place of the block's first sample among all that are gone through.
    block : ndarray
        A view where all samples are gone through, else a copy.
    """
    step, n = rows_of(values, size), len(values) if rows is None else len(rows)
    mapped = map_of(values)
    for first in range(0, n, step):
        part = slice(first, min(first + step, n))
        yield first, np.asarray(values[part] if rows is None else values[rows[part]])
        if mapped is not None:
            let_go(mapped)


def map_of(array: np.ndarray) -> np.memmap | None:
    """Return the memory map that an array is, or is a view of; None where it is in memory."""
    found: object = array
    while isinstance(found, np.ndarray):
        if isinstance(found, np.memmap) and getattr(found, "_mmap", None) is not None:
            return found
        found = found.base
    return None


def let_go(mapped: np.memmap) -> None:
    """Give the pages of a map that is only read back to the system, which reads them again when they are wanted."""
    own = getattr(mapped, "_mmap", None)
    if mapped.mode == "r" and isinstance(own, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        own.madvise(mmap.MADV_DONTNEED)
