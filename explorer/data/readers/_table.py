"""Tables in text files: find out how one is written, and read it with its mistakes told by row and column."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from explorer.data.readers._text import decode, read_head, sniff_encoding, watch
from explorer.errors import InputError
from explorer.progress import Progress

DELIMITERS = {"tab": "\t", ";": ";", "|": "|", ",": ",", "space": " "}
MISSING = ("", "NA", "N/A", "n/a", "na", "NaN", "nan", "NAN", "null", "NULL", "None", "?", "-", "#N/A")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
_RAGGED_REMEDY = "Give every row the same number of columns; leave a cell empty where a value is missing"


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Parameters
    ----------
    encoding, delimiter, decimal : str
        `delimiter` is the character; a blank stands for any run of blanks and tabs.
    header : bool
        Whether the first row holds the column names.
    skip : int
        Lines before the first row of values: comments, and the header.
    columns : tuple of str
        Names of the columns; "column 1" and so on where there is no header.
    """

    encoding: str
    delimiter: str
    decimal: str
    header: bool
    skip: int
    columns: tuple[str, ...]

    @property
    def delimiter_name(self) -> str:
        """What the reader's option calls the delimiter."""
        return next(name for name, character in DELIMITERS.items() if character == self.delimiter)


@dataclass
class Table:
    """A table as it was read: `frame` has columns 0, 1, ..., whose names are in `dialect`."""

    path: Path
    dialect: Dialect
    frame: Any
    """A pandas.DataFrame; as Any, since the unions of its hints say less."""
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
        """Return where a cell stands in the file; `row` counts rows of values from 0."""
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
                raise _ragged(self.path, line, len(cells), width)
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
            yield from _cells(file, self.dialect.delimiter, first=self.dialect.skip, path=self.path)


def sniff(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
) -> tuple[Dialect, str, bool]:
    """Find out how a table is written, where that is not given.

    Returns
    -------
    dialect : Dialect
    head : str
        The first lines of the file.
    whole : bool
        Whether they are all.

    Raises
    ------
    InputError
        If it is no table, or its first rows are ragged.
    """
    raw, whole = read_head(path)
    encoding = encoding or sniff_encoding(raw, path)
    text = decode(raw, encoding, path)
    lines = list(io.StringIO(text, newline=""))
    comments = 0
    while comments < len(lines) and (lines[comments].startswith("#") or not lines[comments].strip()):
        comments += 1
    body = lines[comments : comments + 200]
    separator = DELIMITERS[delimiter] if delimiter else _delimiter(body)
    rows = list(_cells(body, separator, first=comments, path=path))
    if not whole and len(rows) > 1 and len(lines) <= comments + 200:
        rows.pop()  # a quoted cell may go on behind the head
    if not rows:
        raise InputError("there are no rows", source=path, remedy="Check that this is the right file")
    width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    # Row names without a name of their own, as R writes them.
    if header is not False and len(rows) > 1 and len(rows[0][1]) == width - 1 and not _any_number(rows[0][1]):
        rows[0] = (rows[0][0], ["", *rows[0][1]])
    for line, cells in rows:
        if len(cells) != width:
            raise _ragged(path, line, len(cells), width)
    table = [cells for _, cells in rows]
    mark = decimal or _decimal(table, separator)
    named = _has_header(table, mark) if header is None else header
    if named and len(rows) == 1 and whole:
        raise InputError(
            "there are no rows below the header", source=path, remedy="Check the file, or say that it has no header"
        )
    columns = tuple(cell.strip() for cell in table[0]) if named else tuple(f"column {i + 1}" for i in range(width))
    return Dialect(encoding, separator, mark, named, rows[0][0] if named else comments, columns), text, whole


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

    settings: dict[str, Any] = {
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
    try:
        if source is not None:
            frame: Any = pd.read_csv(io.StringIO(source, newline=""), **settings)
        else:
            with watch(path, progress, share=0.9) as file:
                frame = pd.read_csv(file, **settings)
    except UnicodeError as reason:
        if retry and dialect.encoding != "latin-1":
            other = Dialect(**{**vars(dialect), "encoding": "cp1252" if dialect.encoding == "utf-8" else "latin-1"})
            return read_table(path, other, source, progress, retry=True)
        raise InputError(
            f"the text is not in the encoding {dialect.encoding}: {reason}",
            source=path,
            remedy="Choose another encoding",
        ) from reason
    except pd.errors.EmptyDataError as reason:
        raise InputError("there are no rows", source=path, remedy="Check that this is the right file") from reason
    except (ValueError, OverflowError, csv.Error) as reason:
        raise _translated(reason, path) from reason
    if isinstance(frame.index, pd.MultiIndex) or not isinstance(frame.index, pd.RangeIndex):
        width = len(dialect.columns)
        raise _ragged(path, dialect.skip + 1, width + frame.index.nlevels, width)
    if not len(frame):
        raise InputError("there are no rows", source=path, remedy="Check that this is the right file")
    return Table(path, dialect, frame)


def is_number(cell: str, decimal: str = ".") -> bool:
    """Return whether a cell holds a number."""
    cell = cell.strip()
    return bool(_NUMBER.fullmatch(cell.replace(",", ".") if decimal == "," else cell))


def _cells(lines: Iterable[str], delimiter: str, *, first: int, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row that is not blank, with the number of its (last) line."""
    if delimiter == " ":
        for number, line in enumerate(lines, first + 1):
            if cells := line.split():
                yield number, cells
        return
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield first + reader.line_num, cells
    except csv.Error as reason:
        raise InputError(
            f"this is not a table: {reason}", source=path, place=f"row {first + reader.line_num}"
        ) from reason


def _delimiter(lines: list[str]) -> str:
    """Return the character that divides most rows into the same number of cells."""
    best, best_share = ",", 0.0
    for delimiter in DELIMITERS.values():
        if delimiter == " " and best_share >= 0.5:
            break  # blanks stand in times and names, too
        try:
            counts = Counter(
                len(cells) for _, cells in _cells(lines, delimiter, first=0, path=Path()) if cells
            ).most_common(1)
        except InputError:
            continue
        if counts and counts[0][0] > 1:
            share = counts[0][1] / len(lines)
            if share > best_share + 1e-9:
                best, best_share = delimiter, share
    return best


def _decimal(rows: list[list[str]], delimiter: str) -> str:
    if delimiter == ",":
        return "."
    cells = [cell.strip() for row in rows for cell in row if "," in cell]
    return "," if cells and sum(bool(_COMMA_NUMBER.fullmatch(cell)) for cell in cells) > len(cells) / 2 else "."


def _has_header(rows: list[list[str]], decimal: str) -> bool:
    """Guess whether the first row holds names: text above numbers, known names, or numbers that grow evenly from 0."""
    from explorer.data.readers._roles import is_known_name

    first, below = rows[0], rows[1:]
    if any(is_known_name(cell) for cell in first):
        return True
    if not below:
        return not any(is_number(cell, decimal) or cell.strip() in MISSING for cell in first)
    growing = [float(cell) for cell in first if decimal == "." and is_number(cell)]
    for position, cell in enumerate(first):
        if is_number(cell, decimal) or cell.strip() in MISSING:
            continue
        column = [row[position] for row in below if row[position].strip() not in MISSING]
        if column and sum(is_number(other, decimal) for other in column) > len(column) / 2:
            return True
    # Times as names over the steps: 0, 1, 2, ... or 0.00, 0.02, 0.04, ...
    steps = np.diff(growing)
    return (
        len(growing) > 3
        and len(growing) >= len(first) - 2
        and bool(np.isfinite(steps).all() and growing[0] == 0 < steps[0] and np.allclose(steps, steps[0], rtol=1e-3))
        and not _grows_evenly(below[0])
    )


def _grows_evenly(cells: list[str]) -> bool:
    numbers = np.diff([float(cell) for cell in cells if is_number(cell)])
    return len(numbers) > 2 and bool(np.isfinite(numbers).all() and np.allclose(numbers, numbers[0], rtol=1e-3))


def _any_number(cells: list[str]) -> bool:
    return any(is_number(cell) for cell in cells)


def _ragged(path: Path, line: int, found: int, wanted: int) -> InputError:
    cells = "1 column" if found == 1 else f"{found} columns"
    return InputError(
        f"this row has {cells} where the others have {wanted}",
        source=path,
        place=f"row {line}",
        remedy=_RAGGED_REMEDY,
    )


def _translated(reason: Exception, path: Path) -> InputError:
    """Return pandas' complaint in our words."""
    ragged = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(reason))
    if ragged:
        wanted, line, found = (int(number) for number in ragged.groups())
        return _ragged(path, line, found, wanted)
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
