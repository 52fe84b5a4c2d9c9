"""Recordings of the Numenta Anomaly Benchmark, with its labels."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.reader import Preview, Reader
from explorer.data.readers._describe import describe
from explorer.data.readers._text import decode, read_head, sniff_encoding
from explorer.data.split import TEST, TRAIN, VALIDATION
from explorer.errors import InputError
from explorer.parameters import Param
from explorer.progress import Progress, check

_HEADER = "timestamp,value"
_LABELS = Path("labels") / "combined_windows.json"
_LENGTH = 64
_TRAIN_SHARE = 0.5
_VALIDATION_SHARE = 0.15
"""Of what is for training: its end."""
_PREVIEW = 20
_MOST_BYTES = 1 << 28
_CUT_OFF = "Copy the file again; it may be cut off"


@dataclass(kw_only=True, eq=False, repr=False)
class Nab(Reader):
    """A recording of the Numenta Anomaly Benchmark, cut into windows, with the steps that are labelled as anomalous.

    The labels come from labels/combined_windows.json beside the benchmark's folder "data". A recording is learned from
    its beginning: the windows that end within its first half train, of which the last 15 % validate, and the others
    test. No label is looked at for that, so there may be anomalies among the windows to learn from, as in practice.
    """

    title: ClassVar[str] = "Numenta Anomaly Benchmark (CSV with labels)"
    extensions: ClassVar[tuple[str, ...]] = (".csv",)

    length: Annotated[int | None, Param("Length of a window; auto is 64.", ge=2, le=100_000, unit="steps")] = None
    stride: Annotated[
        int | None,
        Param("From the start of a window to that of the next; auto is the length, so that none overlap.", ge=1,
              unit="steps"),
    ] = None  # fmt: skip
    train: Annotated[
        float | None,
        Param("Share of the recording, from its start, that is learned from; auto is a half.", gt=0, le=1),
    ] = None

    @classmethod
    def recognises(cls, path: Path) -> bool:
        """Return whether the file has the benchmark's header, and its labels lie where they should."""
        with path.open("rb") as file:
            head = file.read(len(_HEADER) + 5).decode("latin-1").splitlines()
        return bool(head) and head[0].strip() == _HEADER and _labels_file(path) is not None

    def read(self, path: Path, progress: Progress) -> Dataset:
        """Read the whole recording; see `Reader.read`."""
        if path.stat().st_size > _MOST_BYTES:
            raise InputError("the file is too large for a recording of the benchmark", source=path, remedy=_CUT_OFF)
        content = path.read_bytes()
        return self._windows(path, *_parse(path, decode(content, sniff_encoding(content, path), path), progress))

    def preview(self, path: Path) -> Preview:
        """Read the head of the recording; see `Reader.preview`."""
        head, whole = read_head(path, lines=_PREVIEW)
        text = decode(head, sniff_encoding(head, path), path)
        dataset = self._windows(path, *_parse(path, text, None))
        rows = [line.split(",") for line in text.splitlines()[1 : _PREVIEW + 1] if line.strip()]
        length, stride = self._lengths()
        return Preview(
            options={"length": length, "stride": stride, "train": self.train or _TRAIN_SHARE},
            header=("timestamp", "value"),
            rows=tuple((cells[0], cells[1]) for cells in rows),
            summary=describe(dataset, times=path.stat().st_size / len(head), whole=whole),
        )

    def _lengths(self) -> tuple[int, int]:
        length = self.length or _LENGTH
        return length, self.stride or length

    def _windows(self, path: Path, times: np.ndarray, values: np.ndarray) -> Dataset:
        """Return a recording as windows; the last one ends with the recording, so that no step is left out."""
        (length, stride), steps = self._lengths(), len(values)
        if steps < length:
            raise InputError(
                f"the recording has {steps} steps, and a window {length}", source=path, remedy="Make 'length' smaller"
            )
        starts = np.arange(0, steps - length + 1, stride)
        if starts[-1] + length < steps:
            starts = np.append(starts, steps - length)
        at = starts[:, None] + np.arange(length)
        anomalous = _anomalous(path, times)
        masks = None if anomalous is None else anomalous[at].astype(np.int64)
        seen = ~np.isnan(values[at])
        if not seen.any(axis=1).all():
            bad = int(starts[~seen.any(axis=1)][0])
            raise InputError(
                "there is no value in this window, all are missing",
                source=path,
                place=f"rows {bad + 2} to {bad + length + 1}",
                remedy="Make 'length' larger",
            )
        interval = float(np.median(np.diff(times)))
        even = interval > 0 and bool(np.allclose(np.diff(times), interval, rtol=0.01))
        return Dataset(
            values=values[at][..., None],
            layout="series",
            name=path.stem,
            labels=None if masks is None else masks.max(axis=1),
            class_names=() if masks is None else ("normal", "anomalous"),
            masks=masks,
            mask_names=() if masks is None else ("normal", "anomalous"),
            names=np.array([_name(times[start]) for start in starts]),
            columns={"first step": starts, "hours": (times[starts] - times[0]) / 3600},
            channel_names=("value",),
            sampling_rate=1 / interval if even else None,
            observed=None if seen.all() else seen[..., None],
            split=self._split(starts + length, steps),
        )

    def _split(self, ends: np.ndarray, steps: int) -> np.ndarray:
        """Return the part of each window by where it ends, so that no step of the test is learned from."""
        learned = (self.train or _TRAIN_SHARE) * steps
        split = np.where(ends <= learned, VALIDATION, TEST).astype(np.int8)
        split[ends <= max((1 - _VALIDATION_SHARE) * learned, ends[0])] = TRAIN  # at least one
        return split


def _labels_file(path: Path) -> Path | None:
    """Return the benchmark's labels: in a folder beside one of those that the recording is in."""
    for folder in list(path.absolute().parents)[:4]:
        if (folder / _LABELS).is_file():
            return folder / _LABELS
    return None


def _anomalous(path: Path, times: np.ndarray) -> np.ndarray | None:
    """Return which steps are labelled as anomalous; None where the labels do not know this recording.

    Raises
    ------
    InputError
        If the file of labels is not there, or damaged.
    """
    source = _labels_file(path)
    if source is None:
        raise InputError(
            "there is no labels/combined_windows.json beside the recording's folders",
            source=path,
            remedy="Keep the benchmark's folders as they are, or choose the reader 'delimited'",
        )
    try:
        known: Any = json.loads(source.read_text(encoding="utf-8"))
        spans = known.get(f"{path.parent.name}/{path.name}")
        if spans is None:
            return None
        found = np.zeros(len(times), dtype=bool)
        for first, last in spans:
            found |= (times >= _seconds(first)) & (times <= _seconds(last))
    except (ValueError, TypeError, AttributeError) as reason:
        raise InputError(f"these are no labels of the benchmark: {reason}", source=source, remedy=_CUT_OFF) from reason
    return found


def _parse(path: Path, text: str, progress: Progress | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the times in seconds, float64, and the values, float32; NaN where a value is empty."""
    first, *lines = text.splitlines() or [""]
    if first.strip().lstrip("\ufeff") != _HEADER:
        raise InputError(
            f"the first row is not '{_HEADER}'", source=path, place="row 1", remedy="Choose the reader 'delimited'"
        )
    times, values = [], []
    for number, line in enumerate(lines, 2):
        if progress is not None and number % 1000 == 2:
            check(progress)
            progress.report(number / (len(lines) + 2), "Reading")
        if not line.strip():
            continue
        stamp, _, cell = line.partition(",")
        try:
            times.append(_seconds(stamp))
            values.append(_number(cell))
        except ValueError as reason:
            raise InputError(str(reason), source=path, place=f"row {number}", remedy=_CUT_OFF) from None
        if len(times) > 1 and times[-1] < times[-2]:
            raise InputError(
                "the time is before that of the last row", source=path, place=f"row {number}", remedy="Sort the rows"
            )
    if len(values) < 2:
        raise InputError("there are no rows", source=path, remedy=_CUT_OFF)
    numbers = np.array(values, dtype=np.float32)
    if np.isnan(numbers).all():
        raise InputError("there is no value, all are missing", source=path, remedy="Choose another recording")
    return np.array(times), numbers


def _seconds(stamp: str) -> float:
    try:
        moment = datetime.fromisoformat(stamp.strip())
        return (moment.replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds()
    except ValueError:
        raise ValueError(f"'{stamp[:40]}' is not a time") from None


def _number(cell: str) -> float:
    if not cell.strip():
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        raise ValueError(f"'{cell.strip()[:40]}' is not a number") from None
    if abs(value) > float(np.finfo(np.float32).max):
        raise ValueError("the value is infinite, or too large for 32-bit numbers")
    return value


def _name(seconds: float) -> str:
    return str(np.datetime64(int(seconds), "s")).replace("T", " ")
