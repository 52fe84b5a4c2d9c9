"""Tables as data sets: a row a sample (wide), or a row a step (long)."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.readers._checks import as_labels, class_name, refuse_empty
from explorer.data.readers._dialect import is_number
from explorer.data.readers._roles import Roles, is_constant, looks_like_steps
from explorer.data.readers._table import Table
from explorer.data.readers._times import Grid, grid, seconds
from explorer.errors import InputError

_BACKGROUND = {"0", "false", "background", "normal", "none", "no"}
"""What the class of steps at which there is nothing is usually called."""
_MOST_PADDING = 1 << 29
"""Values that padding may add; more is refused rather than filling the memory."""


def wide(table: Table, roles: Roles, *, series: bool | None, sampling_rate: float | None, whole: bool) -> Dataset:
    """Return a data set of a sample a row.

    `series` says whether a row is a curve over time; by default it is where the columns have no names of their own
    and are more than three. `whole` says whether the table is the whole file, rather than its head.
    """
    values = table.numbers(roles.values)
    names = [table.name(column) for column in roles.values]
    if series is None:
        counted = looks_like_steps(names) if table.dialect.header else True
        series = values.shape[1] > 3 and counted
    facts: dict[str, Any] = {"columns": {table.name(column): _fact(table, column) for column in roles.facts}}
    if roles.id is not None:
        facts["names"] = np.array([class_name(cell) for cell in table.frame[roles.id]], dtype=str)
    if roles.label is not None:
        _add_labels(table, roles.label, np.arange(len(values)), facts)
    if not series:
        seen = refuse_empty(values, names, path=table.path, word="column", whole=whole, place=table.place)
        return Dataset(
            values=values, name=table.path.stem, observed=seen, channel_names=tuple(_distinct(names)), **facts
        )
    values = values[:, :, None]
    seen = refuse_empty(values, ["value"], path=table.path, whole=whole, place=table.place)
    times, rate = _named_times(names) if table.dialect.header else (None, None)
    return Dataset(
        values=values,
        name=table.path.stem,
        observed=seen,
        lengths=_lengths(seen),
        channel_names=("value",),
        sampling_rate=sampling_rate or rate,
        times=None if sampling_rate or rate else times,
        **facts,
    )


def long(table: Table, roles: Roles, *, sampling_rate: float | None, whole: bool) -> Dataset:
    """Return a data set of series whose steps stand in rows; without a column of names it is one series.

    Raises
    ------
    InputError
        If a time is missing or the samples share no time axis; see `grid`.
    """
    rows = table.numbers(roles.values)
    if roles.id is None:
        groups, keys = np.zeros(len(rows), dtype=np.int64), np.array([table.path.stem])
    else:
        cells = table.frame[roles.id]
        if (gaps := np.flatnonzero(cells.isna())).size:
            raise InputError(
                "the name of the sample is missing",
                source=table.path,
                place=table.place(int(gaps[0]), roles.id),
                remedy="Give every row the name of its sample",
            )
        groups, found = table.codes(roles.id)
        keys = np.array([class_name(cell) for cell in found], dtype=str)
    if roles.time is None:
        order = np.argsort(groups, kind="stable")
        starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
        placed = Grid(np.arange(len(rows)) - starts[groups[order]])
    else:
        times, counts = seconds(table, roles.time)
        order = np.arange(len(times))
        if not ((np.diff(groups) > 0) | ((np.diff(groups) == 0) & (np.diff(times) >= 0))).all():
            order = np.lexsort((times, groups))
        placed = grid(times[order], groups[order], table, counts=counts)
        if sampling_rate and placed.times is not None:
            raise InputError(
                "the times are not evenly spaced, so there is no sampling rate",
                source=table.path,
                remedy="Leave the sampling rate out, or take the rows as evenly spaced (time column '-')",
            )
    n, steps = len(keys), int(placed.positions.max()) + 1
    if n * steps * rows.shape[1] > max(_MOST_PADDING, 8 * rows.size):
        raise InputError(
            f"the samples' lengths differ too much to be put side by side: {n} samples, the longest of {steps} steps",
            source=table.path,
            remedy="Cut the long ones, or check the column of the samples' names",
        )
    values = np.full((n, steps, rows.shape[1]), np.nan, dtype=np.float32)
    values[groups[order], placed.positions] = rows[order]
    channels = _distinct([table.name(column) for column in roles.values])
    first = np.full(n, -1)
    first[groups[::-1]] = np.arange(len(groups))[::-1]
    seen = refuse_empty(
        values,
        channels,
        path=table.path,
        word="column",
        whole=whole,
        place=lambda index: f"sample '{keys[index]}', {table.place(int(first[index]))}",
    )
    lengths = np.zeros(n, dtype=np.int64)
    np.maximum.at(lengths, groups[order], placed.positions + 1)
    facts: dict[str, Any] = {"columns": {}}
    for column in roles.facts:
        if is_constant(table, column, roles.id):
            facts["columns"][table.name(column)] = _fact(table, column)[first]
        elif not roles.given:
            raise InputError(
                f"the column '{table.name(column)}' holds text that changes within a sample",
                source=table.path,
                remedy="Name the columns of the values, so that this one is left out",
            )
    if roles.label is not None:
        if not is_constant(table, roles.label, roles.id):
            raise InputError(
                f"the column '{table.name(roles.label)}' changes within a sample, so it cannot be its label",
                source=table.path,
                remedy="Give '-' as the label column",
            )
        _add_labels(table, roles.label, first, facts)
    if roles.step is not None:
        classes, facts["mask_names"] = _step_classes(table, roles.step)
        facts["masks"] = np.full((n, steps), -1, dtype=np.int64)
        facts["masks"][groups[order], placed.positions] = classes[order]
    return Dataset(
        values=values,
        name=table.path.stem,
        names=keys,
        observed=seen,
        lengths=lengths if (lengths != steps).any() else None,
        channel_names=tuple(channels),
        sampling_rate=sampling_rate or placed.sampling_rate,
        times=placed.times,
        **facts,
    )


def _add_labels(table: Table, column: int, rows: np.ndarray, facts: dict[str, Any]) -> None:
    """Add classes, or where the labels are numbers with fractions a column of them."""
    cells = table.frame[column].iloc[rows]
    if cells.dtype.kind == "f" and not (cells.dropna() % 1 == 0).all():
        facts["columns"][table.name(column)] = cells.to_numpy(dtype=float)
        return
    labels, names = as_labels(cells.to_numpy(dtype=object), cells.isna().to_numpy())
    if not names:
        raise InputError(
            "there is no label in this column, all are missing",
            source=table.path,
            place=f"column '{table.name(column)}'",
            remedy="Give '-' as the label column",
        )
    facts["labels"], facts["class_names"] = labels, names


def _step_classes(table: Table, column: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the class of each row and the classes' names: 0 is the background, or else the most frequent."""
    cells = table.frame[column]
    if cells.dtype.kind == "f" and not (cells.dropna() % 1 == 0).all():
        raise InputError(
            f"the column '{table.name(column)}' holds numbers with fractions, which are no classes",
            source=table.path,
            remedy="Give '-' as the step column",
        )
    classes, names = as_labels(cells.to_numpy(dtype=object), cells.isna().to_numpy())
    if not names:
        raise InputError(
            "there is no class in this column, all are missing",
            source=table.path,
            place=f"column '{table.name(column)}'",
            remedy="Give '-' as the step column",
        )
    usual = next((i for i, name in enumerate(names) if name.lower() in _BACKGROUND), None)
    background = int(np.bincount(classes[classes >= 0]).argmax()) if usual is None else usual
    order = [background, *(i for i in range(len(names)) if i != background)]
    ranks = np.append(np.argsort(order), -1)  # of the last: what is unknown stays so
    return ranks[classes], tuple(names[i] for i in order)


def _fact(table: Table, column: int) -> np.ndarray:
    """Return a column as numbers, or as text with "" where missing."""
    cells = table.frame[column]
    if cells.dtype.kind in "iuf":
        return cells.to_numpy()
    return np.array(["" if gone else str(cell) for cell, gone in zip(cells, cells.isna(), strict=True)], dtype=str)


def _named_times(names: list[str]) -> tuple[np.ndarray | None, float | None]:
    """Return the times that column names give, and their rate; none where the names only count the steps."""
    if not all(is_number(name) for name in names):
        return None, None
    times = np.array([float(name) for name in names])
    steps = np.diff(times)
    if (steps == 1).all() or not (steps > 0).all():
        return None, None
    step = (times[-1] - times[0]) / len(steps)
    if np.allclose(steps, step, rtol=0.02):
        return None, float(f"{1 / step:.12g}")
    return times, None


def _lengths(seen: np.ndarray | None) -> np.ndarray | None:
    """Return the steps up to the last value of each sample; None where all are whole."""
    if seen is None:
        return None
    there = np.asarray(seen.any(axis=2))
    steps = seen.shape[1]
    lengths = steps - np.argmax(there[:, ::-1], axis=1)
    return lengths.astype(np.int64) if (lengths < steps).any() else None


def _distinct(names: list[str]) -> list[str]:
    """Return names that differ: a name that comes again gets a number."""
    seen: dict[str, int] = {}
    result = []
    for position, name in enumerate(names):
        shown = name or f"column {position + 1}"
        seen[shown] = seen.get(shown, 0) + 1
        result.append(shown if seen[shown] == 1 else f"{shown} ({seen[shown]})")
    return result
