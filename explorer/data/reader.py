"""What a file format is: one class in one file of `explorer.data.readers`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.data.dataset import Dataset, file_sha256
from explorer.data.recording import Recording
from explorer.data.windows import Windows, windowed
from explorer.errors import InputError, UnsupportedError
from explorer.parameters import Param, validate
from explorer.progress import Progress, Silent
from explorer.registry import Registry


@dataclass(frozen=True)
class Preview:
    """What a reader makes of the head of a file, before it is imported.

    Parameters
    ----------
    options : dict
        The reader's parameters as it would choose them by itself.
    header : tuple of str
        Column titles of `rows`.
    rows : tuple of tuple of str
        The first rows as text.
    summary : str
        One line: ``"120 samples × 150 steps, 2 classes"``, as far as the head tells.
    """

    options: dict[str, Any]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    summary: str


@dataclass(kw_only=True, eq=False, repr=False)
class Reader(ABC):
    """A file format. Its fields with a `Param` are its options; None lets the reader find out."""

    title: ClassVar[str] = ""
    """What a person calls the format: ``"Comma- or tab-separated text"``."""
    extensions: ClassVar[tuple[str, ...]] = ()
    """With the dot, lower case: ``(".csv", ".tsv")``."""
    streams: ClassVar[bool] = False
    """Whether `recording` opens such a file, however long it is, to be gone through and written again."""

    @classmethod
    def recognises(cls, path: Path) -> bool | None:
        """Return whether a file with one of the extensions is of this format, judged by a glance; None if any may be.

        A reader of files that another could read too says True or False, and goes first where it says True.
        """
        return None

    @abstractmethod
    def read(self, path: Path, progress: Progress) -> Dataset:
        """Return the file's samples (of their `origin` only what was left out; `load` adds the rest).

        Raises
        ------
        InputError
            If the file is not what it should be; it names the row and column.
        Cancelled
            If the person cancelled.
        """

    @abstractmethod
    def preview(self, path: Path) -> Preview:
        """Return what the head of the file looks like and which options fit it; quick for a file of any size."""

    def recording(self, path: Path) -> Recording:
        """Open a file to go through its series block by block, and to write one like it; where `streams`.

        Raises
        ------
        InputError
            If the file is not what it should be.
        UnsupportedError
            If the format is not one of those.
        """
        raise UnsupportedError(
            f"'{self.title}' is read as a whole only",
            remedy="Denoise it as data, or save its series as CSV, NPY or NPZ",
        )


@dataclass(kw_only=True, eq=False, repr=False)
class StreamingReader(Reader):
    """A format whose recordings are gone through block by block, or cut into windows that are the samples."""

    streams: ClassVar[bool] = True

    window: Annotated[
        int | None,
        Param("Steps of a window: one long recording is cut into such; empty: it is not cut.", ge=2, le=10_000_000,
              unit="steps", late=True),
    ] = None  # fmt: skip
    stride: Annotated[
        int | None,
        Param("Steps from the start of a window to the next; empty: a window's length, so that none overlap.", ge=1,
              le=10_000_000, unit="steps", late=True, advanced=True),
    ] = None  # fmt: skip

    def series(self, path: Path, progress: Progress) -> Dataset:
        """Return the one series of a file ``(1, S, C)``, for windows; what it lacks is NaN, and not in `observed`.

        Raises
        ------
        InputError
            If there is more than one, or none.
        """
        recording = self.recording(path)
        found: list[list[np.ndarray]] = []
        for blocks in recording.series(progress):
            if found:
                raise InputError(
                    "there is more than one series, and windows are cut from one long recording",
                    source=path,
                    remedy="Leave the window out, or give a file with one recording",
                )
            found.append(list(blocks))
        if not found or not found[0]:
            raise InputError("there is no step in the recording", source=path, remedy="Give one with values")
        values = np.concatenate(found.pop())
        known = np.isfinite(values)
        return Dataset(
            values=values[None],
            name=path.stem,
            channel_names=recording.channel_names,
            sampling_rate=recording.sampling_rate,
            observed=None if known.all() else known[None],
        )

    def steps(self, path: Path) -> int | None:
        """Return how many steps the recording has; None where only reading it would tell."""
        return None


READERS: Registry[Reader] = Registry("reader", "explorer.data.readers", Reader, "latentscape.readers")


def reader_for(path: str | Path) -> str:
    """Return the name of the reader for a file, by its extension, and where several read that by its contents.

    Raises
    ------
    InputError
        If the file does not exist, is a folder, is empty, or no reader takes it.
    """
    path = Path(path)
    if not path.exists():
        raise InputError("there is no such file", source=path, remedy="Check the name and the folder")
    if path.is_dir():
        raise InputError("this is a folder", source=path, remedy="Give a file")
    if path.stat().st_size == 0:
        raise InputError("the file is empty", source=path, remedy="Export it again from where it came from")
    known: list[str] = []
    possible: dict[bool | None, str] = {}
    with naming(path):
        for name, cls in READERS.load_all()[0].items():
            known += [extension for extension in cls.extensions if extension not in known]
            if path.name.lower().endswith(cls.extensions):
                possible.setdefault(cls.recognises(path), name)
    for sure in (True, None, False):  # the last says best what is wrong with the file
        if sure in possible:
            return possible[sure]
    raise InputError(
        f"no reader takes '{path.suffix or path.name}' files", source=path, remedy=f"It reads: {', '.join(known)}"
    )


def load(
    path: str | Path,
    *,
    clean: str | Path | None = None,
    reader: str | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Dataset:
    """Read a file into a `Dataset`.

    Parameters
    ----------
    path : str or path
    clean : str or path, optional
        Another file with the same samples without their noise, which become the clean targets. It is read as the first
        one where it has the same ending, else by the reader for its own.
    reader : str, optional
        Name of a registered reader; by default the one for the file's extension.
    progress : Progress, optional
    **options
        The reader's parameters.

    Raises
    ------
    InputError
        If the file cannot be read, or two are no pair; it names the file or both, the place and the remedy.
    """
    if clean is not None:
        from explorer.data.pairs import paired

        alike = Path(clean).suffix.lower() == Path(path).suffix.lower()
        noisy = load(path, reader=reader, progress=progress, **options)
        cut = {name: options[name] for name in ("window", "stride") if name in options}
        how = {"reader": reader, **options} if alike else cut
        truth = load(clean, progress=progress, **how)
        origin = replace(noisy.origin, clean=truth.origin.path, clean_sha256=truth.origin.file_sha256)
        return replace(paired(noisy, truth), origin=origin)
    path = Path(path).expanduser().absolute()
    name = reader or reader_for(path)
    cls = READERS.load(name)
    chosen = validate(cls, options, owner=f"the reader '{name}'")
    with naming(path):
        dataset = _read(cls(**chosen), path, progress or Silent())
        digest = file_sha256(path)
    source = {"name": name, "path": str(path), "file_sha256": digest, "options": dict(chosen)}
    origin = replace(dataset.origin, kind="file", **source)
    return replace(dataset, name=path.stem if dataset.name == "data" else dataset.name, origin=origin)


def preview(path: str | Path, *, reader: str | None = None, options: Mapping[str, Any] | None = None) -> Preview:
    """Return a `Preview` of a file as `load` with the same arguments would read it."""
    path = Path(path).expanduser().absolute()
    name = reader or reader_for(path)
    cls = READERS.load(name)
    chosen = validate(cls, options or {}, owner=f"the reader '{name}'")
    with naming(path):
        made = cls(**chosen)
        seen = made.preview(path)
        if isinstance(made, StreamingReader) and made.window is not None:
            return replace(seen, summary=_windows_of(made, path, made.window))
        return seen


def _read(reader: Reader, path: Path, progress: Progress) -> Dataset:
    """Return the file's samples, or windows of its one recording."""
    if not isinstance(reader, StreamingReader):
        return reader.read(path, progress)
    if reader.window is None:
        if reader.stride is not None:
            raise InputError("there is a stride without a window", source=path, remedy="Give 'window', too")
        return reader.read(path, progress)
    return windowed(reader.series(path, progress), reader.window, reader.stride)


def _windows_of(reader: StreamingReader, path: Path, length: int) -> str:
    """Return what a preview says of a recording that will be cut into windows."""
    stride, steps = reader.stride or length, reader.steps(path)
    cut = f"windows of {length:,} steps, one every {stride:,}"
    if steps is None:
        return f"One recording, in {cut}"
    count = len(Windows(np.empty((steps, 0), np.float32), length, stride))
    if not count:
        raise InputError(
            f"the recording has {steps:,} steps, and a window {length:,}", remedy="Make the window shorter"
        )
    return f"One recording of {steps:,} steps, in {count:,} {cut}"


def open_recording(path: str | Path, *, reader: str | None = None, **options: Any) -> Recording:
    """Open a file that may be too long to be loaded.

    Parameters are those of `load`.

    Raises
    ------
    InputError
        If the file cannot be read.
    UnsupportedError
        If its format is not written block by block.
    """
    path = Path(path).expanduser().absolute()
    name = reader or reader_for(path)
    cls = READERS.load(name)
    chosen = validate(cls, options, owner=f"the reader '{name}'")
    with naming(path):
        return cls(**chosen).recording(path)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Say in every error of a reader which file it was."""
    try:
        yield
    except OSError as reason:
        raise InputError(f"the file cannot be read: {reason.strerror or reason}", source=path) from reason
    except InputError as reason:
        if reason.source is None:
            reason.source = str(path)
        raise
