"""Tables in text files, read with their mistakes told by row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from explorer.data.readers._dialect import MISSING, Dialect, cells_of, ragged
from explorer.data.readers._text import watch
from explorer.errors import InputError
from explorer.progress import Progress


@dataclass
class Table:
    """A table as it was read: `frame` has columns 0, 1, ..., whose names are in `dialect`."""

    path: Path
    dialect: Dialect
    frame: Any
    """A pandas.DataFrame; as Any, since the unions of its hints say less."""
    first: int = 0
    """How many rows of values stand in the file before those of `frame`."""
    _codes: dict[int, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @cached_property
    def kinds(self) -> list[str]:
        """What numpy calls the kind of each column: "i", "u", "f", "b", else text."""
        return [dtype.kind for dtype in self.frame.dtypes]

    def name(self, column: int) -> str:
        """Return what a column is called."""
        return self.dialect.columns[column]

    def codes(self, column: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the number of each cell among the distinct ones (-1 where missing), and these in order of coming."""
        import pandas as pd

        if column not in self._codes:
            codes, cells = pd.factorize(self.frame[column])
            self._codes[column] = np.asarray(codes), np.asarray(cells)
        return self._codes[column]

    def find(self, name: str) -> int:
        """Return the column of that name, or of that number (from 1) where none has the name.

        Raises
        ------
        InputError
            If there is none.
        """
        columns = self.dialect.columns
        if name in columns:
            return columns.index(name)
        if name.isdecimal() and 1 <= int(name) <= len(columns):
            return int(name) - 1
        shown = ", ".join(columns[:12]) + (", …" if len(columns) > 12 else "")
        raise InputError(f"there is no column '{name}'", source=self.path, remedy=f"Choose one of: {shown}")

    def place(self, row: int, column: int | None = None) -> str:
        """Return where a cell stands in the file; `row` counts rows of `frame` from 0."""
        row += self.first
        line = next((line for i, (line, _) in enumerate(self._rows()) if i == row), row + 1 + self.dialect.skip)
        if column is None:
            return f"row {line}"
        name = self.name(column)
        return f"row {line}, {name}" if name == f"column {column + 1}" else f"row {line}, column '{name}'"

    def check_short_rows(self) -> None:
        """Refuse rows with too few cells, which pandas fills up in silence."""
        width = len(self.dialect.columns)
        # Only a row whose last cell is missing can be short.
        suspects = np.flatnonzero(self.frame[width - 1].isna())
        if not len(suspects):
            return
        for index, (line, cells) in enumerate(self._rows()):
            if len(cells) < width:
                raise ragged(self.path, line, len(cells), width)
            if index >= suspects[-1]:
                return

    def numbers(self, columns: list[int]) -> np.ndarray:
        """Return columns as float32 ``(rows, len(columns))``, NaN where missing.

        Raises
        ------
        InputError
            If a cell is text, or infinite; it names the row and the column.
        """
        frame = self.frame
        for column in columns:
            if self.kinds[column] not in "iuf":
                frame = frame.copy(deep=False) if frame is self.frame else frame
                frame[column] = self._parsed(column)
        chosen = frame if columns == list(frame.columns) else frame[columns]
        with np.errstate(over="ignore"):  # found below
            values = chosen.to_numpy(dtype=np.float32)
        infinite = np.isinf(values)
        if infinite.any():
            row, position = (int(i) for i in np.argwhere(infinite)[0])
            raise InputError(
                "the value is infinite, or too large for 32-bit numbers",
                source=self.path,
                place=self.place(row, columns[position]),
                remedy="Leave the cell empty if the value is missing",
            )
        return values

    def _parsed(self, column: int) -> Any:
        """Return a column of text as numbers, or say which cell is none."""
        import pandas as pd

        cells = self.frame[column]
        numbers: Any = pd.to_numeric(cells.astype(object), errors="coerce")
        if cells.dtype == bool:
            numbers[:] = np.nan
        bad = np.flatnonzero(numbers.isna() & cells.notna())
        if len(bad):
            row = int(bad[0])
            raise InputError(
                f"'{_short(cells.iloc[row])}' is not a number",
                source=self.path,
                place=self.place(row, column),
                remedy="Correct the cell, leave it empty if the value is missing, or leave the column out",
            )
        return numbers

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows of values with the numbers of their lines, from 1."""
        with self.path.open(encoding=self.dialect.encoding, errors="replace", newline="") as file:
            for _ in range(self.dialect.skip):
                file.readline()
            yield from cells_of(file, self.dialect.delimiter, first=self.dialect.skip, path=self.path)


def read_table(path: Path, dialect: Dialect, source: str | None, progress: Progress, *, retry: bool) -> Table:
    """Read a table into memory.

    Parameters
    ----------
    path : Path
    dialect : Dialect
    source : str or None
        The text to read instead of the whole file: its head.
    progress : Progress
    retry : bool
        Whether another encoding may be tried where the text turns out not to be in the dialect's.

    Raises
    ------
    InputError
        If rows are ragged, or it is no table; it names the row.
    """
    import pandas as pd

    settings = _settings(dialect)
    with _told(path, dialect):
        try:
            if source is not None:
                frame: Any = pd.read_csv(io.StringIO(source, newline=""), **settings)
            else:
                with watch(path, progress, share=0.9) as file:
                    frame = pd.read_csv(file, **settings)
        except UnicodeError:
            if not retry or dialect.encoding == "latin-1":
                raise
            other = Dialect(**{**vars(dialect), "encoding": "cp1252" if dialect.encoding == "utf-8" else "latin-1"})
            return read_table(path, other, source, progress, retry=True)
    _check_width(frame, path, dialect)
    if not len(frame):
        raise InputError("there are no rows", source=path, remedy="Check that this is the right file")
    return Table(path, dialect, frame)


def read_rows(path: Path, dialect: Dialect, count: int, progress: Progress) -> Iterator[Table]:
    """Yield a table's rows, `count` at a time.

    Raises
    ------
    InputError
        If rows are ragged, or it is no table; it names the row.
    """
    import pandas as pd

    first = 0
    with watch(path, progress) as file, _told(path, dialect):
        for frame in pd.read_csv(file, **_settings(dialect), chunksize=count):
            _check_width(frame, path, dialect)
            yield Table(path, dialect, frame.reset_index(drop=True), first=first)
            first += len(frame)


@contextmanager
def _told(path: Path, dialect: Dialect) -> Iterator[None]:
    """Tell in our words what pandas cannot read."""
    import pandas as pd

    try:
        yield
    except InputError:
        raise
    except UnicodeError as reason:
        raise InputError(
            f"the text is not in the encoding {dialect.encoding}: {reason}",
            source=path,
            remedy="Choose another encoding",
        ) from reason
    except pd.errors.EmptyDataError as reason:
        raise InputError("there are no rows", source=path, remedy="Check that this is the right file") from reason
    except (ValueError, OverflowError, csv.Error) as reason:
        raise _translated(reason, path) from reason


def _settings(dialect: Dialect) -> dict[str, Any]:
    """Return what pandas has to know of a dialect."""
    return {
        "sep": r"\s+" if dialect.delimiter == " " else dialect.delimiter,
        "decimal": dialect.decimal,
        "header": None,
        "names": range(len(dialect.columns)),
        "skiprows": dialect.skip,
        "skipinitialspace": True,
        "na_values": list(MISSING),
        "keep_default_na": False,
        "low_memory": False,
        "encoding": dialect.encoding,
    }


def _check_width(frame: Any, path: Path, dialect: Dialect) -> None:
    """Refuse rows of more cells than the first, which pandas takes as names of the rows."""
    import pandas as pd

    if isinstance(frame.index, pd.MultiIndex) or not isinstance(frame.index, pd.RangeIndex):
        width = len(dialect.columns)
        raise ragged(path, dialect.skip + 1, width + frame.index.nlevels, width)


def _translated(reason: Exception, path: Path) -> InputError:
    """Return pandas' complaint in our words."""
    uneven = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(reason))
    if uneven:
        wanted, line, found = (int(number) for number in uneven.groups())
        return ragged(path, line, found, wanted)
    quote = re.search(r"EOF inside string starting at row (\d+)", str(reason))
    if quote:
        return InputError(
            "a quotation mark is opened and never closed",
            source=path,
            place=f"about row {int(quote[1]) + 1}",
            remedy="Close it; the file may be cut off",
        )
    return InputError(f"this is not a table: {reason}", source=path, remedy="Check the delimiter and the encoding")


def _short(cell: object) -> str:
    text = str(cell)
    return text if len(text) <= 40 else text[:39] + "…"
