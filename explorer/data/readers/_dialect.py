"""How a table in a text file is written: found out from its head, where the person does not say."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from explorer.data.readers._text import decode, read_head, sniff_encoding
from explorer.errors import InputError

DELIMITERS = {"tab": "\t", ";": ";", "|": "|", ",": ",", "space": " "}
MISSING = ("", "NA", "N/A", "n/a", "na", "NaN", "nan", "NAN", "null", "NULL", "None", "?", "-", "#N/A")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf(inity)?", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
_EXCEL = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)
"""A first line that tells spreadsheets the delimiter."""
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
    if lines and (told := _EXCEL.match(lines[0])):
        comments, delimiter = 1, delimiter or next((k for k, v in DELIMITERS.items() if v == told[1]), None)
    while comments < len(lines) and (lines[comments].startswith("#") or not lines[comments].strip()):
        comments += 1
    body = lines[comments : comments + 200]
    separator = DELIMITERS[delimiter] if delimiter else _delimiter(body)
    rows = list(cells_of(body, separator, first=comments, path=path))
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
            raise ragged(path, line, len(cells), width)
    table = [cells for _, cells in rows]
    mark = decimal or _decimal(table, separator)
    named = _has_header(table, mark) if header is None else header
    if named and len(rows) == 1 and whole:
        raise InputError(
            "there are no rows below the header", source=path, remedy="Check the file, or say that it has no header"
        )
    columns = tuple(cell.strip() for cell in table[0]) if named else tuple(f"column {i + 1}" for i in range(width))
    return Dialect(encoding, separator, mark, named, rows[0][0] if named else comments, columns), text, whole


def is_number(cell: str, decimal: str = ".") -> bool:
    """Return whether a cell holds a number."""
    cell = cell.strip()
    return bool(_NUMBER.fullmatch(cell.replace(",", ".") if decimal == "," else cell))


def cells_of(lines: Iterable[str], delimiter: str, *, first: int, path: Path) -> Iterator[tuple[int, list[str]]]:
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
                len(cells) for _, cells in cells_of(lines, delimiter, first=0, path=Path()) if cells
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


def ragged(path: Path, line: int, found: int, wanted: int) -> InputError:
    """Return the error of a row that has another number of cells than the others."""
    cells = "1 column" if found == 1 else f"{found} columns"
    return InputError(
        f"this row has {cells} where the others have {wanted}",
        source=path,
        place=f"row {line}",
        remedy=_RAGGED_REMEDY,
    )
