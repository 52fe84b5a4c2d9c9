"""NPY arrays, read with every mistake told: nothing is unpickled."""

from __future__ import annotations

import errno
import lzma
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from explorer.errors import InputError

_CUT_OFF = "Copy or save the file again; it was cut off"
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, RuntimeError, KeyError)
"""What zipfile raises for archives that are damaged, encrypted, or packed in a way it does not know."""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Say of whatever goes wrong in reading an archive that it is damaged."""
    try:
        yield
    except InputError:
        raise
    except (*_DAMAGE, OSError) as reason:
        if isinstance(reason, OSError) and reason.errno not in (None, errno.EINVAL):
            raise  # the disk, rather than a position in the file that is none
        raise InputError(
            "this is not an NPZ file, or it is damaged",
            source=path,
            remedy="Copy it again, or save it again by numpy.savez",
        ) from reason


def read_header(file: IO[bytes], path: Path, place: str | None) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return shape, Fortran order and dtype of the array that starts here.

    Raises
    ------
    InputError
        If it is no array, or one of Python objects.
    """
    try:
        major, _ = np.lib.format.read_magic(file)
        if major == 1:
            header = np.lib.format.read_array_header_1_0(file)
        elif major == 2:
            header = np.lib.format.read_array_header_2_0(file)
        else:
            raise InputError(
                f"arrays of NPY version {major} are not read",
                source=path,
                place=place,
                remedy="Save floats or integers",
            )
    except InputError:
        raise
    # numpy evaluates the header as a literal, which has many ways to fail.
    except (ValueError, TypeError, SyntaxError, KeyError, MemoryError, RecursionError, AttributeError) as reason:
        raise InputError(
            "this is not a NumPy array, or it was cut off",
            source=path,
            place=place,
            remedy="Save it again by numpy.save",
        ) from reason
    shape, _, dtype = header
    if dtype.hasobject:
        raise InputError(
            "the array holds Python objects, which could run code when they are read",
            source=path,
            place=place,
            remedy="Save it as an array of numbers; pad series of unequal length with NaN",
        )
    if any(not isinstance(size, int) or size < 0 for size in shape):
        raise InputError("the array's shape is damaged", source=path, place=place, remedy=_CUT_OFF)
    return header


def read_array(file: IO[bytes], size: int, path: Path, place: str | None, *, rows: int | None = None) -> np.ndarray:
    """Return the array of a stream of `size` bytes, or only its first rows (at least `rows`).

    Raises
    ------
    InputError
        If it is none, is cut off, or holds objects.
    """
    shape, fortran, dtype = read_header(file, path, place)
    start = file.tell()
    check_size(size, start, shape, dtype, path, place)
    if rows is not None and shape and not fortran:
        shape = (min(shape[0], rows), *shape[1:])
    count = math.prod(shape) * dtype.itemsize
    raw = file.read(count)
    if len(raw) < count:
        raise _cut_off(path, place, start + count, start + len(raw))
    return np.frombuffer(raw, dtype=dtype).reshape(shape, order="F" if fortran else "C")


def check_size(size: int, start: int, shape: tuple[int, ...], dtype: np.dtype, path: Path, place: str | None) -> None:
    """Refuse an empty array, and one whose numbers, from byte `start`, are more than a file of `size` bytes holds."""
    if 0 in shape or not dtype.itemsize:
        raise InputError(
            f"the array is empty, its shape is {shape}",
            source=path,
            place=place,
            remedy="Save at least one sample, or leave the array out",
        )
    wanted = start + math.prod(shape) * dtype.itemsize
    if wanted > size:
        raise _cut_off(path, place, wanted, size)


def as_numbers(array: np.ndarray, path: Path, name: str | None) -> np.ndarray:
    """Return an array of numbers as float32, infinities refused.

    Raises
    ------
    InputError
        If it holds no numbers, or an infinite one; it names the position.
    """
    place = f"array '{name}'" if name else None
    check_numeric(array.dtype, path, place)
    with np.errstate(over="ignore"):  # found below
        values = np.array(array, dtype=np.float32, order="C")  # a copy: what was read cannot be written to
    refuse_infinite(values, path, place)
    return values


def check_numeric(dtype: np.dtype, path: Path, place: str | None) -> None:
    """Refuse an array of anything but real numbers."""
    if dtype.kind == "c":
        raise InputError(
            "the numbers are complex", source=path, place=place, remedy="Save real and imaginary parts as two channels"
        )
    if dtype.kind not in "fiub":
        raise InputError(
            f"the array holds no numbers but {dtype}", source=path, place=place, remedy="Save floats or integers"
        )


def refuse_infinite(values: np.ndarray, path: Path, place: str | None, *, first: int = 0) -> None:
    """Refuse infinities; `first` is the number of the first sample here."""
    infinite = np.isinf(values)
    if infinite.any():
        index = [int(i) for i in np.argwhere(infinite)[0]]
        where = ", ".join(str(i) for i in [index[0] + first, *index[1:]])
        raise InputError(
            "the value is infinite, or too large for 32-bit numbers",
            source=path,
            place=", ".join(part for part in (place, f"index [{where}]") if part),
            remedy="Save NaN where a value is missing",
        )


def _cut_off(path: Path, place: str | None, wanted: int, found: int) -> InputError:
    return InputError(
        f"the array needs {wanted:,} bytes, but there are {found:,}", source=path, place=place, remedy=_CUT_OFF
    )
