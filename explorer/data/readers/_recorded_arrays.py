"""NumPy's files as recordings: an array's numbers in the order in which they lie on the disk."""

from __future__ import annotations

import math
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, BinaryIO

import numpy as np

from explorer.data.readers._npy import check_numeric, check_size, read_array, read_header, refuse_infinite, told
from explorer.data.recording import BLOCK, Copy, Recording
from explorer.errors import InputError
from explorer.progress import Progress, check

_MOST_VALUES = 1 << 20


class ArrayRecording(Recording):
    """An NPY file: ``(T,)``, ``(T, C)`` or ``(N, T, C)``.

    Parameters
    ----------
    path : Path
    mapped : memmap
        Its numbers, as they are on the disk.
    rows : bool
        Whether the rows of an array of two axes are series of one channel.
    sampling_rate : float, optional
    """

    def __init__(self, path: Path, mapped: np.memmap, *, rows: bool, sampling_rate: float | None = None) -> None:
        self._shape, self._dtype = mapped.shape, mapped.dtype
        self._count, self._steps, channels = _axes(path, mapped.shape, rows=rows)
        super().__init__(path, tuple(f"channel {i + 1}" for i in range(channels)), sampling_rate)
        self._mapped = mapped

    def series(self, progress: Progress) -> Iterator[Iterator[np.ndarray]]:
        """Yield the series; see `Recording.series`."""
        for number in range(self._count):
            yield self._blocks(number, progress)

    def _blocks(self, number: int, progress: Progress) -> Iterator[np.ndarray]:
        channels = len(self.channel_names)
        size = _block_of(channels)
        for start in range(0, self._steps, size):
            check(progress)
            count, first = min(size, self._steps - start), number * self._steps + start
            if self._mapped.flags.c_contiguous:
                # A map keeps in memory what was read through it; a new one for each block does not.
                place = self._mapped.offset + first * channels * self._dtype.itemsize
                block = np.memmap(self.path, self._dtype, "r", place, (count, channels))
            else:
                one = self._mapped if self._count == 1 and self._mapped.ndim == 2 else self._mapped[number]
                block = one[start : start + count].reshape(count, channels)
            yield _as_block(block, self.path, first=first)
            progress.report((first + count) / (self._count * self._steps), "Reading")

    def copy(self, file: BinaryIO) -> Copy:
        """Begin to write such an array; see `Recording.copy`."""
        return _ArrayCopy(file, self._shape, self._dtype)


class ArchiveRecording(Recording):
    """An NPZ file, of which one array is a recording and the others are kept.

    Parameters
    ----------
    path : Path
    members : mapping of str to str
        The archive's members by the names of their arrays.
    key : str
        The array of the recording.
    rows, sampling_rate
        As of `ArrayRecording`.
    """

    def __init__(
        self, path: Path, members: Mapping[str, str], key: str, *, rows: bool, sampling_rate: float | None = None
    ) -> None:
        self._members, self._key = dict(members), key
        with told(path), zipfile.ZipFile(path) as archive:
            info = archive.getinfo(members[key])
            with archive.open(info) as file:
                self._shape, fortran, self._dtype = read_header(file, path, f"array '{key}'")
                self._start = file.tell()
            check_size(info.file_size, self._start, self._shape, self._dtype, path, f"array '{key}'")
            check_numeric(self._dtype, path, f"array '{key}'")
            names, rate = self._small(path, archive, "channel_names"), self._small(path, archive, "sampling_rate")
            self._lengths, self._seen = self._small(path, archive, "lengths"), self._small(path, archive, "observed")
        if fortran and len(self._shape) > 1:
            raise InputError(
                "the array lies on the disk column by column, so it cannot be read step by step",
                source=path,
                place=f"array '{key}'",
                remedy="Save it by numpy.ascontiguousarray, or as an NPY file",
            )
        self._count, self._steps, channels = _axes(path, self._shape, rows=rows)
        if self._lengths is not None and self._lengths.shape != (self._count,):
            self._lengths = None
        if self._seen is not None and self._seen.shape != self._shape:
            self._seen = None
        known = names is not None and names.shape == (channels,)
        titles = names.tolist() if known and names is not None else [f"channel {i + 1}" for i in range(channels)]
        told_rate = float(rate) if rate is not None and rate.size == 1 and rate.dtype.kind in "fiu" else None
        super().__init__(path, tuple(str(title) for title in titles), sampling_rate or told_rate)

    def _small(self, path: Path, archive: zipfile.ZipFile, name: str) -> np.ndarray | None:
        """Return what stands beside the values, where it does."""
        if name not in self._members or name == self._key:
            return None
        info = archive.getinfo(self._members[name])
        with archive.open(info) as file:
            return read_array(file, info.file_size, path, f"array '{name}'")

    def series(self, progress: Progress) -> Iterator[Iterator[np.ndarray]]:
        """Yield the series; see `Recording.series`."""
        with told(self.path), zipfile.ZipFile(self.path) as archive, archive.open(self._members[self._key]) as file:
            file.read(self._start)
            for number in range(self._count):
                yield self._blocks(file, number, progress)

    def _blocks(self, file: IO[bytes], number: int, progress: Progress) -> Iterator[np.ndarray]:
        channels = len(self.channel_names)
        size = _block_of(channels)
        end = self._steps if self._lengths is None else int(self._lengths[number])
        seen = None if self._seen is None else self._seen.reshape(self._count, self._steps, channels)[number] != 0
        for start in range(0, self._steps, size):
            check(progress)
            shape = (min(size, self._steps - start), channels)
            raw = file.read(math.prod(shape) * self._dtype.itemsize)
            first = number * self._steps + start
            block = _as_block(np.frombuffer(raw, self._dtype).reshape(shape), self.path, first=first)
            if seen is not None:
                block = np.where(seen[start : start + len(block)], block, np.float32(np.nan))
            if start < end:
                yield block[: end - start]
            progress.report((first + shape[0]) / (self._count * self._steps), "Reading")

    def copy(self, file: BinaryIO) -> Copy:
        """Begin to write such an archive; see `Recording.copy`."""
        lengths = None if self._lengths is None else [int(length) for length in self._lengths]
        return _ArchiveCopy(self.path, self._members[self._key], file, self._shape, self._dtype, self._steps, lengths)


class _ArrayCopy(Copy):
    """Writes an array; of whole numbers one of 32-bit floats, since what is denoised has fractions."""

    def __init__(self, file: IO[bytes], shape: tuple[int, ...], dtype: np.dtype) -> None:
        self._file = file
        self._dtype = dtype if dtype.kind == "f" else np.dtype(np.float32)
        facts = {"shape": shape, "fortran_order": False, "descr": np.lib.format.dtype_to_descr(self._dtype)}
        np.lib.format.write_array_header_2_0(file, facts)

    def write(self, values: np.ndarray) -> None:
        """Write further steps; see `Copy.write`."""
        with np.errstate(over="ignore"):  # half precision ends at 65,504
            self._file.write(values.astype(self._dtype).tobytes())

    def finish(self) -> None:
        """Nothing comes after the last value."""


class _ArchiveCopy(Copy):
    """Writes an archive: all other members first, as they are, and then the array."""

    def __init__(
        self,
        path: Path,
        member: str,
        file: BinaryIO,
        shape: tuple[int, ...],
        dtype: np.dtype,
        steps: int,
        lengths: list[int] | None,
    ) -> None:
        self._archive, self._member = zipfile.ZipFile(file, "w"), None
        try:
            with zipfile.ZipFile(path) as source:
                for info in source.infolist():
                    if info.filename != member:
                        with source.open(info) as old, self._archive.open(_like(info), "w", force_zip64=True) as new:
                            shutil.copyfileobj(old, new, 1 << 20)
                self._member = self._archive.open(_like(source.getinfo(member)), "w", force_zip64=True)
            self._array = _ArrayCopy(self._member, shape, dtype)
        except BaseException:
            self.release()
            raise
        self._steps, self._lengths, self._done, self._number = steps, lengths, 0, 0
        self._channels = math.prod(shape) // (steps * (len(lengths) if lengths else 1)) if lengths else 0

    def write(self, values: np.ndarray) -> None:
        """Write further steps, and behind a shorter series NaN; see `Copy.write`."""
        self._array.write(values)
        if self._lengths is None:
            return
        self._done += len(values)
        while self._number < len(self._lengths) and self._done >= self._lengths[self._number]:
            padding = self._steps - self._lengths[self._number]
            self._array.write(np.full((padding, self._channels), np.nan, np.float32))
            self._done -= self._lengths[self._number]
            self._number += 1

    def finish(self) -> None:
        """Write the archive's table of contents; see `Copy.finish`."""
        if self._member is not None:
            self._member.close()
        self._archive.close()

    def release(self) -> None:
        """Close what was not finished, whatever comes of it: the file is thrown away."""
        for part in (self._member, self._archive):
            if part is not None:
                with suppress(OSError, ValueError):
                    part.close()


def _axes(path: Path, shape: tuple[int, ...], *, rows: bool) -> tuple[int, int, int]:
    """Return how many series there are, of how many steps and channels."""
    if len(shape) == 1:
        return 1, shape[0], 1
    if len(shape) == 2:
        return (shape[0], shape[1], 1) if rows else (1, shape[0], shape[1])
    if len(shape) == 3:
        return shape[0], shape[1], shape[2]
    raise InputError(f"an array of shape {shape} holds no series", source=path, remedy="Save (T,), (T, C) or (N, T, C)")


def _like(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return an entry of the same name, time and packing."""
    entry = zipfile.ZipInfo(info.filename, info.date_time)
    entry.compress_type = info.compress_type
    return entry


def _block_of(channels: int) -> int:
    """Return how many steps are read at once."""
    return max(1, min(BLOCK, _MOST_VALUES // channels))


def _as_block(values: np.ndarray, path: Path, *, first: int) -> np.ndarray:
    """Return numbers as float32, infinities refused; `first` is the number of the first step here."""
    with np.errstate(over="ignore"):  # found next
        block = np.array(values, dtype=np.float32)
    refuse_infinite(block, path, None, first=first)
    return block
