"""What the columns of a table are: label, sample's name, time, values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from explorer.data.readers._table import Table
from explorer.errors import InputError

TableLayout = Literal["wide", "long"]
NO_COLUMN = "-"
"""What is given for a column that the table does not have, so that none is guessed."""

_LABELS = {"label", "labels", "class", "classes", "classname", "target", "y", "category", "species", "diagnosis"}
_LABELS |= {"标签", "类别"}
_IDS = {"id", "sample", "sampleid", "series", "seriesid", "name", "subject", "subjectid", "patient", "patientid"}
_IDS |= {"recording", "recordingid", "record", "recordid", "case", "caseid", "unit", "uid", "trial", "编号", "样本"}
_TIMES = {"t", "time", "times", "timestamp", "datetime", "date", "seconds", "sec", "ms", "milliseconds", "minutes"}
_TIMES |= {"hour", "hours", "step", "timestep", "frame", "timems", "timesec", "timemin", "timeh", "时间"}
_STEP_LABELS = {"anomaly", "isanomaly", "anomalous", "isoutlier", "mask", "segment", "steplabel", "event", "异常"}
_FEATURES = {"feature", "feat", "features", "pixel", "px", "dim", "dimension", "z", "pc", "gene"}
_SOME = 1000
"""Cells of a long column that are looked at for what it holds."""
_MOST_CLASSES = 100
_STEPS = re.compile(r"(\D*?)[-_ ]?(\d+(?:\.\d+)?)")


@dataclass
class Roles:
    """Columns by number; None where the table has none of that kind."""

    layout: TableLayout
    label: int | None = None
    step: int | None = None
    id: int | None = None
    time: int | None = None
    values: list[int] = field(default_factory=list)
    facts: list[int] = field(default_factory=list)
    given: bool = False
    """Whether the value columns were named, and the others are facts at most."""


def is_known_name(cell: str) -> bool:
    """Return whether a cell is what a label, name or time column is usually called."""
    return _plain(cell) in _LABELS | _IDS | _TIMES


def infer(
    table: Table,
    *,
    layout: TableLayout | None,
    label: str | None,
    step: str | None,
    id: str | None,
    time: str | None,
    values: str | None,
) -> Roles:
    """Return the roles of the columns: those that were given, and for the others what names and contents tell.

    Raises
    ------
    InputError
        If a column is named that is not there, or none is left for the values.
    """
    columns = list(table.frame.columns)
    chosen = {
        key: None if name is None or name == NO_COLUMN else table.find(name)
        for key, name in (("label", label), ("step", step), ("id", id), ("time", time))
    }
    given = [table.find(name.strip()) for name in values.split(",") if name.strip()] if values else []
    free = [column for column in columns if column not in chosen.values() and column not in given]
    free = [column for column in free if not _blank(table, column)]
    numeric = {column for column in columns if _mostly_numbers(table, column)}
    roles = Roles(layout or "wide", label=chosen["label"], step=chosen["step"], id=chosen["id"], time=chosen["time"])

    if layout != "wide" and roles.time is None and time != NO_COLUMN:
        roles.time = _find_time(table, free, numeric, roles)
    if layout is None and (roles.time is not None or (len(columns) == 1 and columns[0] in numeric)):
        roles.layout = "long"
    free = [column for column in free if column not in (roles.time, roles.id)]

    if roles.id is None and id != NO_COLUMN:
        roles.id = _find_id(table, free, numeric, roles)
        free = [column for column in free if column != roles.id]
    if (
        layout is None
        and roles.layout == "wide"
        and roles.id is not None
        and label is None
        and _is_stacked(table, roles, free)
    ):
        roles.layout = "long"
    if roles.layout == "wide" and roles.step is not None:
        raise InputError(
            "a wide table has no column with a class of each time step",
            source=table.path,
            remedy="Choose the layout 'long' if a row is a time step",
        )
    if roles.step is None and step != NO_COLUMN and roles.layout == "long":
        roles.step = _find_step_label(table, free, numeric, roles)
        free = [column for column in free if column != roles.step]
    if roles.label is None and label != NO_COLUMN:
        roles.label = _find_label(table, free, numeric, roles)
        free = [column for column in free if column != roles.label]

    roles.given = bool(given)
    roles.values = given or [column for column in free if column in numeric]
    used = set(roles.values)
    roles.facts = [column for column in free if column not in used]
    if not roles.values:
        raise InputError(
            "there is no column of numbers",
            source=table.path,
            remedy="Check the delimiter, the decimal mark and the header; digits must not be grouped, as in 1,000",
        )
    return roles


def looks_like_steps(names: list[str]) -> bool:
    """Return whether the names of the value columns count the steps of a curve: t0, t1, ... or 0.00, 0.02, ..."""
    found = [_STEPS.fullmatch(name.strip()) for name in names]
    prefixes = {match[1].lower().strip(" _-") for match in found if match}
    if len(prefixes) != 1 or None in found or prefixes & _FEATURES:
        return False
    return bool((np.diff([float(match[2]) for match in found if match]) > 0).all())


def _plain(name: str) -> str:
    """Return a column's name without unit, case and separators: "Time (s)" is "time"."""
    return re.sub(r"\s*[\[(].*[\])]|[\s_.-]", "", name.strip().lower())


def _blank(table: Table, column: int) -> bool:
    """Return whether this is what a delimiter at the end of each row makes: no name, no values."""
    last = column == len(table.kinds) - 1 and column > 0
    nameless = table.name(column) in ("", f"column {column + 1}")
    return last and nameless and bool(table.frame[column].isna().all())


def _mostly_numbers(table: Table, column: int) -> bool:
    """Return whether a column holds numbers, but for a mistake or two."""
    import pandas as pd

    if table.kinds[column] in "iufb":
        return table.kinds[column] != "b"
    present = table.frame[column].dropna()
    some = present.iloc[:: max(1, len(present) // _SOME)]
    numbers: Any = pd.to_numeric(some.astype(object), errors="coerce")
    return bool(numbers.notna().mean() > 0.5)


def _groups(table: Table, column: int | None) -> np.ndarray:
    """Return the sample of each row, by number."""
    return np.zeros(len(table.frame), dtype=np.int64) if column is None else table.codes(column)[0]


def _grows(table: Table, time: int, group: int | None, numeric: set[int]) -> bool:
    """Return whether times grow from row to row within each sample; in any order where the samples are named so."""
    times = table.frame[time]
    if time not in numeric:
        return True
    try:
        numbers = times.to_numpy(dtype=float)
    except ValueError:
        return True  # a mistake in the column is told when it is read
    groups = _groups(table, group)
    if group is not None and _plain(table.name(group)) in _IDS:
        order = np.lexsort((numbers, groups))
    else:
        order = slice(None) if (np.diff(groups) >= 0).all() else np.argsort(groups, kind="stable")
    steps = np.diff(numbers[order])
    within = np.diff(groups[order]) == 0
    return bool(within.any()) and not (steps[within] <= 0).any()


def _find_time(table: Table, free: list[int], numeric: set[int], roles: Roles) -> int | None:
    """Return the column of times, and set the sample's name that makes them grow."""
    from explorer.data.readers._times import is_time_text

    for column in free:
        named = _plain(table.name(column)) in _TIMES
        text = column not in numeric and is_time_text(table.frame[column])
        if not (named and (text or column in numeric)) and not (text and column == 0 and len(free) <= 64):
            continue
        names: list[int | None] = [roles.id]
        if roles.id is None:
            names += _repeated(table, [other for other in free if other != column], numeric)
            names.sort(key=lambda name: name is None or _plain(table.name(name)) not in _IDS)
        for name in names:
            if _grows(table, column, name, numeric):
                roles.id = name
                return column
    return None


def _repeated(table: Table, free: list[int], numeric: set[int]) -> list[int]:
    """Return the columns that may name the sample of each row: text, or whole numbers, that come again."""
    found = []
    for column in free[:16]:
        if column in numeric and table.kinds[column] not in "iu":
            continue
        codes, names = table.codes(column)
        if (codes >= 0).all() and len(names) <= len(codes) / 2:
            found.append(column)
    return found


def _find_id(table: Table, free: list[int], numeric: set[int], roles: Roles) -> int | None:
    """Return the column that names the samples."""
    for column in free:
        if _plain(table.name(column)) in _IDS:
            return column
    if roles.layout == "long" or len(free) < 2:
        return None
    for column in free:
        unnamed = column == 0 and table.dialect.header and not table.name(column)  # pandas writes its index so
        if (column in numeric and not unnamed) or _plain(table.name(column)) in _LABELS:
            continue
        cells = table.frame[column]
        if len(cells) > 1 and cells.is_unique and cells.notna().all():
            return column
    return None


def _is_stacked(table: Table, roles: Roles, free: list[int]) -> bool:
    """Return whether the samples' names come again in row after row, over a few columns: long, without times."""
    cells = table.frame[roles.id]
    return len(free) <= 8 and len(cells) >= 4 and cells.nunique() <= len(cells) / 2


def _find_label(table: Table, free: list[int], numeric: set[int], roles: Roles) -> int | None:
    frame = table.frame

    def fits(column: int) -> bool:
        """Classes are text or whole numbers, and one for a whole sample."""
        cells = frame[column].dropna()
        if column in numeric and (cells.dtype.kind not in "iuf" or not (cells % 1 == 0).all()):
            return False
        return roles.layout == "wide" or is_constant(table, column, roles.id)

    values = [column for column in free if column in numeric]
    for column in free:
        if _plain(table.name(column)) in _LABELS and fits(column) and values != [column]:
            return column
    for column in free:
        if column in numeric:
            continue
        repeated = roles.layout == "long" or frame[column].nunique() <= max(1, len(frame) / 2)
        if repeated and fits(column):
            return column
    # The UCR archive's way: no header, the class first, as a whole number before numbers that are not.
    if roles.layout == "wide" and not table.dialect.header and len(values) > 3 and values[0] == 0:
        cells = frame[0]
        whole = cells.dtype.kind in "iuf" and bool(cells.notna().all()) and bool((cells % 1 == 0).all())
        others = any(frame[c].dtype.kind == "f" and bool((frame[c].dropna() % 1 != 0).any()) for c in values[1:])
        if whole and others and cells.nunique() <= max(1, len(cells) / 2):
            return 0
    return None


def _find_step_label(table: Table, free: list[int], numeric: set[int], roles: Roles) -> int | None:
    """Return the column of a long table that tells the class of each step, by its name; it changes within a sample."""
    for column in free:
        if _plain(table.name(column)) not in _STEP_LABELS | _LABELS or free == [column]:
            continue
        cells = table.frame[column].dropna()
        classes = column not in numeric or (cells.dtype.kind in "iuf" and bool((cells % 1 == 0).all()))
        if classes and cells.nunique() <= _MOST_CLASSES and not is_constant(table, column, roles.id):
            return column
    return None


def is_constant(table: Table, column: int, group: int | None) -> bool:
    """Return whether a column says the same in every row of a sample."""
    groups = _groups(table, group)
    codes = _groups(table, column)
    first = np.full(groups.max() + 1, -2)
    first[groups[::-1]] = codes[::-1]
    return bool((first[groups] == codes).all())
