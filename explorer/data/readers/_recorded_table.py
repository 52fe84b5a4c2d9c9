"""Tables in text files as recordings: long ones a row a step, wide ones a row a series."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from explorer.data.readers._checks import class_name
from explorer.data.readers._dialect import Dialect, cells_of, ragged
from explorer.data.readers._roles import Roles
from explorer.data.readers._table import Table, read_rows
from explorer.data.readers._times import TOLERANCE, seconds
from explorer.data.recording import BLOCK, Copy, Recording
from explorer.errors import InputError
from explorer.progress import Progress

LONGEST_PAUSE = 1 << 16
"""Steps without rows that are taken for a gap in a series; behind a longer pause another series begins."""
_MOST_CELLS = 1 << 20
_EVEN_REMEDY = "Resample it to even steps, or take the rows as evenly spaced (time column '-')"


@dataclass
class _Rows:
    """Some rows of the file.

    Parameters
    ----------
    values : ndarray, float32 ``(n, V)``
    begins : ndarray, bool ``(n,)``
        Whether a row is the first of a series.
    skipped : ndarray, int64 ``(n,)``
        Steps without a row before this one, within its series.
    lengths : ndarray, int64 ``(n,)``
        In a wide table, up to which column a row has values.
    """

    values: np.ndarray
    begins: np.ndarray
    skipped: np.ndarray
    lengths: np.ndarray


class TableRecording(Recording):
    """A table that is read and written some rows at a time.

    Parameters
    ----------
    path : Path
    dialect : Dialect
    roles : Roles
    channel_names : tuple of str
    sampling_rate : float, optional
    """

    def __init__(
        self,
        path: Path,
        dialect: Dialect,
        roles: Roles,
        channel_names: tuple[str, ...],
        sampling_rate: float | None = None,
    ) -> None:
        super().__init__(path, channel_names, sampling_rate)
        self.dialect, self.roles = dialect, roles
        self._wide = roles.layout == "wide"
        self._read: deque[_Rows] = deque()

    def series(self, progress: Progress) -> Iterator[Iterator[np.ndarray]]:
        """Yield the series; see `Recording.series`."""
        self._read.clear()
        rows = self._rows(progress)
        if self._wide:
            for some in rows:
                self._read.append(some)
                for values, length in zip(some.values, some.lengths, strict=True):
                    yield iter((values[:length, None],))
            return
        pieces = self._pieces(rows)
        piece = next(pieces, None)
        while piece is not None:
            following: list[np.ndarray | None] = [None]
            yield self._one(piece[1], pieces, following)
            piece = None if following[0] is None else (True, following[0])

    @staticmethod
    def _one(
        first: np.ndarray, pieces: Iterator[tuple[bool, np.ndarray]], following: list[np.ndarray | None]
    ) -> Iterator[np.ndarray]:
        """Yield one series; the first block of the next is left in `following`."""
        yield first
        for begins, values in pieces:
            if begins:
                following[0] = values
                return
            yield values

    def _pieces(self, rows: Iterator[_Rows]) -> Iterator[tuple[bool, np.ndarray]]:
        """Yield blocks of steps, the left-out ones as NaN, and whether each begins a series."""
        for some in rows:
            self._read.append(some)
            cuts = [*np.flatnonzero(some.begins), len(some.values)]
            if cuts[0] != 0:
                cuts.insert(0, 0)
            for start, end in itertools.pairwise(cuts):
                if start == end:
                    continue
                values, skipped = some.values[start:end], some.skipped[start:end]
                if skipped.any():
                    places = np.cumsum(skipped + 1) - 1
                    spread = np.full((int(places[-1]) + 1, values.shape[1]), np.nan, np.float32)
                    spread[places] = values
                    values = spread
                yield bool(some.begins[start]), values

    def _rows(self, progress: Progress) -> Iterator[_Rows]:
        """Yield the rows with where they stand."""
        count = max(1, min(BLOCK, _MOST_CELLS // len(self.dialect.columns)))
        clock = _Clock(self.roles)
        for table in read_rows(self.path, self.dialect, count, progress):
            values = table.numbers(self.roles.values)
            n = len(values)
            if self._wide:
                seen = np.isfinite(values)
                lengths = np.where(seen.any(axis=1), values.shape[1] - np.argmax(seen[:, ::-1], axis=1), 0)
                yield _Rows(values, np.ones(n, bool), np.zeros(n, np.int64), lengths)
            else:
                begins, skipped = clock.tell(table)
                yield _Rows(values, begins, skipped, np.ones(n, np.int64))

    def copy(self, file: BinaryIO) -> Copy:
        """Begin to write such a table; see `Recording.copy`."""
        return _TableCopy(self.path, self.dialect, self.roles, self._read, file, wide=self._wide)


class _Clock:
    """Tells of each row of a long table whether it begins a series, and how many steps were left out before it."""

    def __init__(self, roles: Roles) -> None:
        self._roles = roles
        self._names: set[str] = set()
        self._name: str | None = None
        self._time: float | None = None
        self._step: float | None = None

    def tell(self, table: Table) -> tuple[np.ndarray, np.ndarray]:
        """Return ``begins`` and ``skipped`` of the next rows.

        Raises
        ------
        InputError
            If a series' rows do not stand together, or its times are not evenly spaced; it names the row.
        """
        n = len(table.frame)
        begins, skipped = np.zeros(n, bool), np.zeros(n, np.int64)
        begins[0] = self._name is None
        if self._roles.id is None:
            self._name = ""
        else:
            self._tell_names(table, self._roles.id, begins)
        if self._roles.time is not None:
            self._tell_times(table, self._roles.time, begins, skipped)
        return begins, skipped

    def _tell_names(self, table: Table, column: int, begins: np.ndarray) -> None:
        codes, found = table.codes(column)
        if (codes < 0).any():
            raise InputError(
                "the name of the sample is missing",
                source=table.path,
                place=table.place(int(np.argmax(codes < 0)), column),
                remedy="Give every row the name of its sample",
            )
        changes = np.flatnonzero(np.diff(codes)) + 1
        for row in [0, *changes]:
            name = class_name(found[codes[row]])
            if name == self._name:
                continue
            if name in self._names:
                raise InputError(
                    f"the rows of sample '{name}' do not stand together",
                    source=table.path,
                    place=table.place(int(row), column),
                    remedy="Sort the table by sample, and within each by time",
                )
            self._names.add(name)
            self._name = name
            begins[row] = True

    def _tell_times(self, table: Table, column: int, begins: np.ndarray, skipped: np.ndarray) -> None:
        times, _ = seconds(table, column)
        gaps = np.diff(times, prepend=np.nan if self._time is None else self._time)
        self._time = float(times[-1])
        within = np.flatnonzero(~begins)
        if not len(within):
            return
        if self._step is None:
            growing = gaps[within][gaps[within] > 0]
            self._step = float(np.median(growing)) if len(growing) else 1.0
        moves = gaps[within] / self._step
        steps = np.rint(moves)
        for bad, problem, remedy in (
            (steps < 1, "the time does not grow from the row before", "Sort the table by time, or name the column "
             "with the samples"),
            (np.abs(moves - steps) > TOLERANCE * np.maximum(1, steps), "the time steps are uneven", _EVEN_REMEDY),
        ):  # fmt: skip
            if bad.any():
                row = int(within[np.argmax(bad)])
                raise InputError(problem, source=table.path, place=table.place(row, column), remedy=remedy)
        pauses = steps - 1 > LONGEST_PAUSE
        begins[within[pauses]] = True
        skipped[within[~pauses]] = steps[~pauses].astype(np.int64) - 1


class _TableCopy(Copy):
    """Writes rows as they stand in the file, with other numbers in the columns of values."""

    def __init__(
        self, path: Path, dialect: Dialect, roles: Roles, read: deque[_Rows], file: BinaryIO, *, wide: bool
    ) -> None:
        self._path, self._dialect, self._columns = path, dialect, roles.values
        self._steps = _Series(read) if wide else _Steps(read)
        self._source = path.open(encoding=dialect.encoding, newline="")
        self._encode = codecs.getincrementalencoder(dialect.encoding)("replace").encode
        self._file, self._text = file, io.StringIO(newline="")
        for _ in range(dialect.skip):
            self._text.write(self._source.readline())
        head = self._text.getvalue() or self._source.readline()
        self._source.seek(0)
        for _ in range(dialect.skip):
            self._source.readline()
        separator = "\t" if dialect.delimiter == " " and "\t" in head else dialect.delimiter
        ending = "\r\n" if head.endswith("\r\n") else "\n"
        self._writer = csv.writer(self._text, delimiter=separator, lineterminator=ending)
        self._rows = cells_of(self._source, dialect.delimiter, first=dialect.skip, path=path)

    def write(self, values: np.ndarray) -> None:
        """Write further steps; see `Copy.write`."""
        for texts in self._steps.rows(_texts(values, self._dialect.decimal)):
            line, cells = next(self._rows)
            if len(cells) != len(self._dialect.columns):
                raise ragged(self._path, line, len(cells), len(self._dialect.columns))
            for column, text in zip(self._columns, texts, strict=False):  # a shorter series ends before its row
                if text:
                    cells[column] = text
            self._writer.writerow(cells)
        self._pass_on()

    def _pass_on(self) -> None:
        self._file.write(self._encode(self._text.getvalue()))
        self._text.seek(0)
        self._text.truncate()

    def finish(self) -> None:
        """Write the rows that are left, which have no values; see `Copy.finish`."""
        self._writer.writerows(cells for _, cells in self._rows)
        self._pass_on()

    def release(self) -> None:
        """Close the file that is copied."""
        self._source.close()


class _Steps:
    """Makes rows of a long table out of steps: those that stand in one."""

    def __init__(self, read: deque[_Rows]) -> None:
        self._read = read
        self._present = np.zeros(0, bool)

    def rows(self, texts: list[list[str]]) -> Iterator[list[str]]:
        """Yield the cells of the next rows."""
        count = len(texts)
        while len(self._present) < count:
            skipped = self._read.popleft().skipped
            present = np.zeros(int((skipped + 1).sum()), bool)
            present[np.cumsum(skipped + 1) - 1] = True
            self._present = np.concatenate([self._present, present])
        found, self._present = self._present[:count], self._present[count:]
        return itertools.compress(texts, found.tolist())


class _Series:
    """Makes rows of a wide table out of steps: each as long as its series is."""

    def __init__(self, read: deque[_Rows]) -> None:
        self._read = read
        self._lengths: list[int] = []
        self._texts: list[str] = []

    def rows(self, texts: list[list[str]]) -> Iterator[list[str]]:
        """Yield the cells of the rows that are complete; none for a row without a value."""
        self._texts += [text for (text,) in texts]
        while self._texts:
            if not self._lengths:
                self._lengths = self._read.popleft().lengths.tolist()
            length = self._lengths[0]
            if len(self._texts) < length:
                return
            yield self._texts[:length]
            self._texts, self._lengths = self._texts[length:], self._lengths[1:]


def _texts(values: np.ndarray, decimal: str) -> list[list[str]]:
    """Return numbers as text that reads back to the same; "" for NaN."""
    texts = values.astype(str)
    texts[np.isnan(values)] = ""
    if decimal != ".":
        texts = np.char.replace(texts, ".", decimal)
    found: Any = texts.tolist()
    return found
