"""NumPy's files: one array (NPY) or several (NPZ)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.blocks import blocks, let_go, map_of
from explorer.data.dataset import Dataset, Layout
from explorer.data.reader import Preview, StreamingReader
from explorer.data.readers._checks import refuse_empty
from explorer.data.readers._describe import cells, describe
from explorer.data.readers._facts import KNOWN, SHARED, VALUES, Facts
from explorer.data.readers._npy import (
    as_numbers,
    check_numeric,
    check_size,
    read_array,
    read_header,
    refuse_infinite,
    told,
)
from explorer.data.recording import Recording
from explorer.errors import InputError
from explorer.parameters import Param
from explorer.progress import Progress, Silent, check

_LARGE = 1 << 26
"""Bytes from which an array is left on the disk and mapped."""
_CHUNK = 1 << 24
_PREVIEW = 20


@dataclass(kw_only=True, eq=False, repr=False)
class NumpyArrays(StreamingReader):
    """An array of samples: (N, T, C) series, (N, D) vectors, or (N, H, W, C) images; NaN where missing.

    An NPZ file may hold, beside the samples ("values", "X", "data" or "x"): "labels" or "y", "targets" or "clean",
    "masks" or "mask" (the class of every step or pixel), "times" (of the steps, or of each sample's own steps),
    "lengths", "names", "sampling_rate", "observed", "channel_names", "class_names", "mask_names", "unit", "split"
    (0 train, 1 validation, 2 test). Further arrays of one number or text a sample become columns; others are not read.
    """

    title: ClassVar[str] = "NumPy arrays (NPY, NPZ)"
    extensions: ClassVar[tuple[str, ...]] = (".npy", ".npz")

    key: Annotated[str | None, Param("In an NPZ file, the name of the array of samples.", label="Array")] = None
    layout: Annotated[
        Layout | None,
        Param(
            "What a sample is. With two axes, series takes each row as a curve; with three, image as grey pixels.",
            label="A sample is",
        ),
    ] = None
    sampling_rate: Annotated[float | None, Param("Time steps per second.", gt=0, unit="Hz")] = None

    def read(self, path: Path, progress: Progress) -> Dataset:
        """Read the samples; arrays of float32 that are large stay on the disk. See `Reader.read`."""
        if zipfile.is_zipfile(path) or path.suffix.lower() == ".npz":
            return self._from_archive(path, progress, rows=None)[0]
        return self._dataset(path, _read_npy(path, progress), {}, whole=True)

    def preview(self, path: Path) -> Preview:
        """Read the first samples; see `Reader.preview`."""
        if zipfile.is_zipfile(path) or path.suffix.lower() == ".npz":
            dataset, key, count = self._from_archive(path, Silent(), rows=_PREVIEW)
        else:
            key = None
            mapped = _mapped(path)
            count = len(mapped) if mapped.ndim else 0
            head = as_numbers(mapped[:_PREVIEW] if count else mapped, path, None)
            dataset = self._dataset(path, head, {}, whole=count <= _PREVIEW)
        rows = cells(dataset.values.reshape(len(dataset), -1))
        summary = describe(dataset, whole=count <= _PREVIEW, times=1.0).split(" × ", 1)
        summary[0] = f"{count:,} {'sample' if count == 1 else 'samples'}"
        return Preview(
            options={
                "key": key,
                "layout": dataset.layout,
                "sampling_rate": self.sampling_rate or dataset.sampling_rate,
            },
            header=tuple(f"value {i + 1}" for i in range(len(rows[0]))),
            rows=rows,
            summary=" × ".join(summary),
        )

    def recording(self, path: Path) -> Recording:
        """Open the array to go through it in pieces; see `Reader.recording`.

        An array of two axes is one series (T, C) unless the layout is given as series, which takes each row as one;
        an array of one axis is one series of one channel.
        """
        from explorer.data.readers._recorded_arrays import ArchiveRecording, ArrayRecording

        rows = self.layout == "series"
        if not (zipfile.is_zipfile(path) or path.suffix.lower() == ".npz"):
            return ArrayRecording(path, _mapped(path), rows=rows, sampling_rate=self.sampling_rate)
        with told(path), zipfile.ZipFile(path) as archive:
            members = _members(archive)
            key = self._find_key(path, archive, members)
        return ArchiveRecording(path, members, key, rows=rows, sampling_rate=self.sampling_rate)

    def series(self, path: Path, progress: Progress) -> Dataset:
        """Return one long series; of an NPY file of float32 it stays on the disk. See `StreamingReader.series`."""
        if zipfile.is_zipfile(path) or path.suffix.lower() == ".npz":
            return super().series(path, progress)
        mapped = _mapped(path)
        steps = _one_recording(path, mapped)
        values = _numbers(steps, path, progress)
        return Dataset(
            values=values[None],
            layout="series",
            name=path.stem,
            sampling_rate=self.sampling_rate,
            observed=_known(values, progress),
        )

    def steps(self, path: Path) -> int | None:
        """Return how many steps the recording has; of an archive only reading it tells."""
        if zipfile.is_zipfile(path) or path.suffix.lower() == ".npz":
            return None
        return len(_one_recording(path, _mapped(path)))

    def _from_archive(self, path: Path, progress: Progress, *, rows: int | None) -> tuple[Dataset, str, int]:
        """Return the samples, or the first `rows`; the name of their array; and how many there are."""
        with told(path), zipfile.ZipFile(path) as archive:
            members = _members(archive)
            key = self._find_key(path, archive, members)
            total = sum(archive.getinfo(member).file_size for member in members.values())
            done, count, arrays = 0, 0, {}
            for name in [key, *(name for name in members if name != key)]:
                check(progress)
                info = archive.getinfo(members[name])
                with archive.open(info) as file:
                    shape, _, dtype = read_header(file, path, f"array '{name}'")
                if name == key:
                    count = shape[0] if shape else 0
                elif not (name in KNOWN - set(VALUES) or (len(shape) == 1 and dtype.kind in "fiubU")):
                    continue
                own = name not in SHARED and (name != "times" or len(shape) == 2)  # of each sample
                cut = rows if own and shape and shape[0] == count else None
                with archive.open(info) as file:
                    found = read_array(file, info.file_size, path, f"array '{name}'", rows=cut)
                arrays[name] = found if cut is None else found[:cut]
                done += info.file_size
                progress.report(min(1.0, done / max(1, total)), f"Reading {name}")
            values = as_numbers(arrays.pop(key), path, key)
        return self._dataset(path, values, arrays, whole=rows is None or count <= rows), key, count

    def _find_key(self, path: Path, archive: zipfile.ZipFile, members: Mapping[str, str]) -> str:
        """Return which array holds the samples."""
        if not members:
            raise InputError("there is no array in it", source=path, remedy="Save arrays by numpy.savez")
        listed = ", ".join(members)
        if self.key is not None:
            if self.key not in members:
                raise InputError(f"there is no array '{self.key}'", source=path, remedy=f"Choose one of: {listed}")
            return self.key
        for name in VALUES:
            if name in members:
                return name
        if len(members) == 1:
            return next(iter(members))
        large = []
        for name, member in members.items():
            with archive.open(member) as file:
                shape, _, dtype = read_header(file, path, f"array '{name}'")
            if name not in KNOWN and len(shape) >= 2 and dtype.kind in "fiub":
                large.append(name)
        if len(large) != 1:
            raise InputError(
                "it is not clear which array holds the samples", source=path, remedy=f"Give the array's name: {listed}"
            )
        return large[0]

    def _dataset(self, path: Path, values: np.ndarray, others: dict[str, np.ndarray], *, whole: bool) -> Dataset:
        """Return a data set of what was read; `whole` says whether that are all samples."""
        n = len(values) if values.ndim else 0
        given = values.shape
        values = self._shaped(path, values)
        facts = Facts(path, n, values.shape, others)
        lengths, targets, given_mask = facts.lengths(), facts.targets(given), facts.observed(given)
        if given_mask is not None:
            gone = ~given_mask.reshape(values.shape) | np.isnan(values)
        elif lengths is None and not any(np.isnan(block).any() for _, block in blocks(values)):
            gone = np.zeros(0, dtype=np.bool_)  # nothing is: of very many samples, telling so of each takes memory
        else:
            gone = np.isnan(values)
        if lengths is not None:
            gone |= (np.arange(values.shape[1]) >= lengths[:, None])[:, :, None]
        if given_mask is not None or lengths is not None:
            values = np.where(gone, np.float32(np.nan), values)
        names = facts.texts("channel_names") or ()
        if names and len(names) != values.shape[-1]:
            raise InputError(
                f"there are {len(names)} names for {values.shape[-1]} channels",
                source=path,
                place="array 'channel_names'",
                remedy="Give one name a channel",
            )
        if gone.any():
            refuse_empty(values, names or [f"{i + 1}" for i in range(values.shape[-1])], path=path, whole=whole)
        labels, class_names, columns = facts.labels()
        masks, mask_names = facts.masks()
        if masks is not None and lengths is not None:
            masks[np.arange(values.shape[1]) >= lengths[:, None]] = -1
        sample_names = facts.texts("names")
        unit, rate = facts.texts("unit"), facts.scalar("sampling_rate")
        return Dataset(
            values=values,
            layout=self.layout or None,  # type: ignore[arg-type] - Dataset finds it out by the axes
            name=path.stem,
            targets=None if targets is None else targets.reshape(values.shape),
            labels=labels,
            class_names=class_names,
            masks=masks,
            mask_names=mask_names,
            names=None if sample_names is None else np.array(sample_names, dtype=str),
            columns=columns | facts.columns(),
            channel_names=tuple(names),
            unit=unit[0] if unit else "",
            sampling_rate=self.sampling_rate or rate,
            times=None if self.sampling_rate or rate else facts.times(),
            observed=~gone if gone.any() else None,
            lengths=lengths,
            split=facts.split(),  # type: ignore[arg-type] - None is resolved by Dataset
        )

    def _shaped(self, path: Path, values: np.ndarray) -> np.ndarray:
        """Return values with the axes of a data set."""
        shape = values.shape
        if values.ndim == 1:
            raise InputError(
                f"the array has one axis only: {shape}",
                source=path,
                remedy="Reshape it to (N, D) for N samples, or to (1, T, 1) for one series of T steps",
            )
        if values.ndim not in (2, 3, 4) or 0 in shape:
            raise InputError(
                f"an array of shape {shape} is not a set of samples",
                source=path,
                remedy="Save (N, D) vectors, (N, T, C) series or (N, H, W, C) images, with at least one sample",
            )
        if (self.layout == "series" and values.ndim == 2) or (self.layout == "image" and values.ndim == 3):
            return values[..., None]
        fits = {2: ("points", "profile"), 3: ("series",), 4: ("image",)}[values.ndim]
        if self.layout and self.layout not in fits:
            raise InputError(
                f"samples of an array of shape {shape} cannot be '{self.layout}'",
                source=path,
                remedy=f"Choose {' or '.join(fits)}",
            )
        return values


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the members of an NPZ file by the names of the arrays."""
    return {name.removesuffix(".npy"): name for name in archive.namelist() if name.endswith(".npy")}


def _mapped(path: Path) -> np.memmap:
    """Return the numbers of an NPY file as they are on the disk."""
    with path.open("rb") as file:
        shape, fortran, dtype = read_header(file, path, None)
        start = file.tell()
    check_size(path.stat().st_size, start, shape, dtype, path, None)
    check_numeric(dtype, path, None)
    return np.memmap(path, dtype=dtype, mode="r", offset=start, shape=shape, order="F" if fortran else "C")


def _one_recording(path: Path, mapped: np.ndarray) -> np.ndarray:
    """Return the steps ``(S, C)`` of an array ``(S,)``, ``(S, C)`` or ``(1, S, C)``."""
    if mapped.ndim == 1:
        return mapped[:, None]
    if mapped.ndim == 2:
        return mapped
    if mapped.ndim == 3 and len(mapped) == 1:
        return mapped[0]
    raise InputError(
        f"an array of shape {mapped.shape} is not one recording",
        source=path,
        remedy="Leave the window out, or save one recording (S, C): S steps of C channels",
    )


def _read_npy(path: Path, progress: Progress) -> np.ndarray:
    """Return the numbers of an NPY file as float32; mapped where that needs no conversion and they are many."""
    mapped = _mapped(path)
    if mapped.nbytes < _LARGE or mapped.ndim < 2:
        progress.report(1.0, "Reading")
        return as_numbers(mapped, path, None)
    return _numbers(mapped, path, progress)


def _numbers(mapped: np.ndarray, path: Path, progress: Progress) -> np.ndarray:
    """Return the numbers of a mapped array as float32; the map itself where they are, and lie in order."""
    keep = mapped.dtype == np.float32 and mapped.flags.c_contiguous
    values = mapped if keep else np.empty(mapped.shape, dtype=np.float32)
    source = map_of(mapped)
    for part in _chunks(mapped):
        check(progress)
        if not keep:
            with np.errstate(over="ignore"):  # found next
                values[part] = mapped[part]
        refuse_infinite(values[part], path, None, first=part.start)
        if source is not None:
            let_go(source)
        progress.report(min(1.0, part.stop / len(mapped)), "Reading")
    return values


def _known(values: np.ndarray, progress: Progress) -> np.ndarray | None:
    """Return which values of a recording ``(S, C)`` are known, ``(1, S, C)``; None where all are."""
    known: np.ndarray | None = None
    for part in _chunks(values):
        check(progress)
        missing = np.isnan(values[part])
        if missing.any():
            known = np.ones((1, *values.shape), dtype=bool) if known is None else known
            known[0, part] = ~missing
    return known


def _chunks(array: np.ndarray) -> Iterator[slice]:
    """Yield parts of an array, each of about `_CHUNK` bytes."""
    step = max(1, _CHUNK // max(1, array[0].nbytes))
    for first in range(0, len(array), step):
        yield slice(first, first + step)
