"""The .ts files of the UCR, UEA and TSER archives, as read by aeon, sktime and tsml."""

from __future__ import annotations

import codecs
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, BinaryIO, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.reader import Preview, StreamingReader
from explorer.data.readers._checks import as_labels, refuse_empty
from explorer.data.readers._describe import cells, describe
from explorer.data.readers._text import decode, read_head, sniff_encoding, watch
from explorer.data.recording import Copy, Recording
from explorer.errors import InputError
from explorer.parameters import Param
from explorer.progress import Progress

_PREVIEW = 20
_CUT_OFF = "Copy or download the file again; it may be cut off"


@dataclass
class _Header:
    """What the lines that start with @ say."""

    dimensions: int | None = None
    length: int | None = None
    equal: bool = False
    classes: list[str] | None = None
    target: bool = False
    end: int = 0
    """Number of the line with ``@data``."""

    @property
    def last_is_label(self) -> bool:
        return self.classes is not None or self.target


@dataclass
class _Cases:
    """Series and labels as they are read, with the number of each one's line."""

    series: list[np.ndarray] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


@dataclass(kw_only=True, eq=False, repr=False)
class Ts(StreamingReader):
    """Series with class labels, as the UCR and UEA archives publish them; ? is a missing value."""

    title: ClassVar[str] = "UCR / UEA archive (.ts)"
    extensions: ClassVar[tuple[str, ...]] = (".ts",)

    sampling_rate: Annotated[
        float | None, Param("Time steps per second; the format does not tell.", gt=0, unit="Hz")
    ] = None

    def read(self, path: Path, progress: Progress) -> Dataset:
        """Read all series; see `Reader.read`."""
        head, _ = read_head(path)
        encoding = sniff_encoding(head, path)
        with watch(path, progress, share=0.95) as file:
            lines = io.TextIOWrapper(file, encoding=encoding, errors="replace")
            return self._dataset(path, *_parse(path, lines), whole=True)

    def preview(self, path: Path) -> Preview:
        """Read the first series; see `Reader.preview`."""
        head, whole = read_head(path, lines=_PREVIEW)
        text = decode(head, sniff_encoding(head, path), path)
        header, cases = _parse(path, io.StringIO(text, newline=None))
        dataset = self._dataset(path, header, cases, whole=whole)
        rows = cells(dataset.values[:_PREVIEW, :, 0])
        return Preview(
            options={"sampling_rate": self.sampling_rate},
            header=tuple(f"step {i + 1}" for i in range(len(rows[0]))),
            rows=rows,
            summary=describe(dataset, times=path.stat().st_size / len(head), whole=whole),
        )

    def recording(self, path: Path) -> Recording:
        """Open the file to go through its series one by one; see `Reader.recording`."""
        return _TsRecording(path, self.sampling_rate)

    def _dataset(self, path: Path, header: _Header, cases: _Cases, *, whole: bool) -> Dataset:
        sizes = np.array([series.shape[0] for series in cases.series], dtype=np.int64)
        steps = int(sizes.max())
        if not steps:
            raise InputError("the series are empty", source=path, place=f"row {cases.lines[0]}", remedy=_CUT_OFF)
        values = np.full((len(sizes), steps, cases.series[0].shape[1]), np.nan, dtype=np.float32)
        for target, series in zip(values, cases.series, strict=True):
            target[: len(series)] = series
        channels = [f"channel {i + 1}" for i in range(values.shape[2])] if values.shape[2] > 1 else ["value"]
        seen = refuse_empty(values, channels, path=path, whole=whole, place=lambda index: f"row {cases.lines[index]}")
        labels, class_names, columns = None, (), {}
        if header.target:
            columns["target"] = np.array(
                [_number(text, path, line) for text, line in zip(cases.labels, cases.lines, strict=True)]
            )
        elif header.classes is not None:
            missing = np.array([text == "?" for text in cases.labels])
            labels, class_names = as_labels(cases.labels, missing, header.classes)
        return Dataset(
            values=values,
            name=path.stem,
            labels=labels,
            class_names=class_names,
            columns=columns,
            channel_names=tuple(channels),
            sampling_rate=self.sampling_rate,
            observed=seen,
            lengths=sizes if (sizes != steps).any() else None,
        )


class _TsRecording(Recording):
    """A .ts file that is read and written series by series."""

    def __init__(self, path: Path, sampling_rate: float | None) -> None:
        head, _ = read_head(path, lines=_PREVIEW)
        self._encoding = sniff_encoding(head, path)
        _, cases = _parse(path, io.StringIO(decode(head, self._encoding, path), newline=None))
        channels = cases.series[0].shape[1]
        names = tuple(f"channel {i + 1}" for i in range(channels)) if channels > 1 else ("value",)
        super().__init__(path, names, sampling_rate)
        self._lengths: deque[int] = deque()

    def series(self, progress: Progress) -> Iterator[Iterator[np.ndarray]]:
        """Yield the series; see `Recording.series`."""
        self._lengths.clear()
        with watch(self.path, progress) as file:
            for _, _, case in _walk(self.path, io.TextIOWrapper(file, encoding=self._encoding, errors="replace")):
                if case is not None:
                    self._lengths.append(len(case[0]))
                    yield iter((case[0],))

    def copy(self, file: BinaryIO) -> Copy:
        """Begin to write such a file; see `Recording.copy`."""
        return _TsCopy(self.path, self._encoding, self._lengths, file)


class _TsCopy(Copy):
    """Writes lines as they stand in the file, with other numbers in those of series."""

    def __init__(self, path: Path, encoding: str, lengths: deque[int], file: BinaryIO) -> None:
        self._source = path.open(encoding=encoding, errors="replace", newline="")
        self._encode = codecs.getincrementalencoder(encoding)("replace").encode
        self._lines, self._lengths, self._file = _walk(path, self._source), lengths, file
        self._parts: list[np.ndarray] = []

    def write(self, values: np.ndarray) -> None:
        """Write further steps; see `Copy.write`."""
        self._parts.append(values)
        if sum(map(len, self._parts)) < self._lengths[0]:
            return
        self._lengths.popleft()
        texts = np.concatenate(self._parts).T.astype(str)
        texts[texts == "nan"] = "?"
        self._parts = []
        for _, line, case in self._lines:
            if case is None:
                self._file.write(self._encode(line))
                continue
            dimensions = [",".join(channel) for channel in texts.tolist()]
            body = line.rstrip()
            label = [body.rpartition(":")[2]] if body.count(":") == len(dimensions) else []
            self._file.write(self._encode(":".join(dimensions + label) + line[len(body) :]))
            return

    def finish(self) -> None:
        """Write what comes after the last series; see `Copy.finish`."""
        for _, line, _ in self._lines:
            self._file.write(self._encode(line))

    def release(self) -> None:
        """Close the file that is copied."""
        self._source.close()


def _parse(path: Path, lines: Iterable[str]) -> tuple[_Header, _Cases]:
    """Return the header and all series."""
    header, cases = _Header(), _Cases()
    for number, _, case in _walk(path, lines, header):
        if case is not None:
            series, label = case
            cases.series.append(series)
            cases.labels.append(label)
            cases.lines.append(number)
    return header, cases


def _walk(
    path: Path, lines: Iterable[str], header: _Header | None = None
) -> Iterator[tuple[int, str, tuple[np.ndarray, str] | None]]:
    """Yield every line with its number, and the series and label that stand in it; learn the header on the way."""
    header, number, count = header or _Header(), 0, 0
    for number, whole in enumerate(lines, 1):
        line, case = whole.strip().lstrip("\ufeff"), None
        if line and line[0] not in "#%":
            if header.end:
                case = _read_case(header, line, path, number)
                count += 1
            else:
                _read_tag(header, line, path, number)
        yield number, whole, case
    if not header.end:
        raise InputError(
            "there is no line '@data'", source=path, place=f"row {number}", remedy="Check that this is a .ts file"
        )
    if not count:
        raise InputError("there are no series behind '@data'", source=path, remedy=_CUT_OFF)


def _read_tag(header: _Header, line: str, path: Path, number: int) -> None:
    """Take a line of the header."""
    if not line.startswith("@"):
        raise InputError(
            f"'{line[:40]}' stands before '@data'",
            source=path,
            place=f"row {number}",
            remedy="Check that this is a .ts file",
        )
    tag, *words = line[1:].replace(":", " ").split() or [""]
    tag = tag.lower()
    yes = bool(words) and words[0].lower() == "true"
    if tag == "data":
        header.end = number
    elif tag == "timestamps" and yes:
        raise InputError(
            "series with time stamps of their own are not read",
            source=path,
            place=f"row {number}",
            remedy="Save them as a long table (sample, time, value) in a CSV file",
        )
    elif tag == "univariate" and yes:
        header.dimensions = 1
    elif tag in ("dimension", "dimensions") and words:
        header.dimensions = _count(words[0], path, number)
    elif tag == "equallength":
        header.equal = yes
    elif tag == "serieslength" and words:
        header.length = _count(words[0], path, number) or None
    elif tag == "classlabel" and yes:
        header.classes = words[1:]
    elif tag == "targetlabel" and yes:
        header.target = True


def _read_case(header: _Header, line: str, path: Path, number: int) -> tuple[np.ndarray, str]:
    """Return a series ``(T, C)`` and its label."""
    place = f"row {number}"
    parts = line.split(":")
    label = parts.pop().strip() if header.last_is_label else ""
    if header.dimensions is None:
        header.dimensions = len(parts)
    if len(parts) != header.dimensions or not parts:
        label_too = " and a label" if header.last_is_label else ""
        raise InputError(
            f"this row has {len(parts)} dimensions{label_too} where {header.dimensions}{label_too} are needed",
            source=path,
            place=place,
            remedy=_CUT_OFF,
        )
    if header.classes and label not in header.classes and label != "?":
        raise InputError(
            f"'{label[:40]}' is not one of the classes {', '.join(header.classes[:10])}",
            source=path,
            place=place,
            remedy=_CUT_OFF,
        )
    if header.last_is_label and not label:
        raise InputError("the label is missing", source=path, place=place, remedy=_CUT_OFF)
    series = [_read_numbers(part, path, f"{place}, dimension {i}") for i, part in enumerate(parts, 1)]
    sizes = {len(values) for values in series}
    if len(sizes) > 1:
        raise InputError(
            f"the dimensions of this row have different lengths, from {min(sizes)} to {max(sizes)} steps",
            source=path,
            place=place,
            remedy="Fill the short ones with ?",
        )
    steps = sizes.pop()
    if header.equal:
        header.length = header.length or steps
        if steps != header.length:
            raise InputError(
                f"this row has {steps} steps where {header.length} are needed",
                source=path,
                place=place,
                remedy=_CUT_OFF,
            )
    return np.stack(series, axis=1), label


def _read_numbers(text: str, path: Path, place: str) -> np.ndarray:
    cells = text.replace("?", "nan").split(",") if text.strip() else []
    try:
        values = np.array([float(cell) for cell in cells])
    except ValueError:
        step, cell = next((i, cell) for i, cell in enumerate(cells, 1) if not _is_float(cell))
        raise InputError(
            f"'{cell.strip()[:40]}' is not a number",
            source=path,
            place=f"{place}, step {step}",
            remedy="Write ? where a value is missing",
        ) from None
    with np.errstate(over="ignore"):  # found next
        narrow = values.astype(np.float32)
    if np.isinf(narrow).any():
        raise InputError(
            "the value is infinite, or too large for 32-bit numbers",
            source=path,
            place=f"{place}, step {int(np.flatnonzero(np.isinf(narrow))[0]) + 1}",
            remedy="Write ? where a value is missing",
        )
    return narrow


def _is_float(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _number(text: str, path: Path, line: int) -> float:
    if text == "?":
        return float("nan")
    if not _is_float(text):
        raise InputError(f"the target '{text[:40]}' is not a number", source=path, place=f"row {line}", remedy=_CUT_OFF)
    return float(text)


def _count(text: str, path: Path, line: int) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise InputError(f"'{text[:40]}' is not a whole number", source=path, place=f"row {line}", remedy="Correct it")
    return int(text)
