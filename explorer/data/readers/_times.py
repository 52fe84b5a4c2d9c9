"""Times of the rows of a long table, and the grid that they make."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.data.readers._table import Table
from explorer.errors import InputError

_SECONDS = {"ms": 1e-3, "milliseconds": 1e-3, "s": 1.0, "sec": 1.0, "seconds": 1.0, "min": 60.0, "minutes": 60.0}
_SECONDS |= {"h": 3600.0, "hour": 3600.0, "hours": 3600.0, "day": 86400.0, "days": 86400.0}
_COUNTS = {"step", "timestep", "frame", "index"}
TOLERANCE = 0.05
"""Of a step: how far a time may lie off the grid, as from rounding."""


@dataclass
class Grid:
    """Where each row stands in its sample.

    Parameters
    ----------
    positions : ndarray, int64 ``(rows,)``
        Step of each row.
    sampling_rate : float or None
        In Hz; None where steps are only counted.
    times : ndarray or None, float64 ``(T,)`` or ``(N, T)``
        Seconds of each step, where they are not evenly spaced; of each sample its own where these differ, NaN past
        its end.
    """

    positions: np.ndarray
    sampling_rate: float | None = None
    times: np.ndarray | None = None


def is_time_text(cells: Any) -> bool:
    """Return whether a column of text holds dates and times."""
    present = cells.dropna()
    return len(present) > 0 and bool(_formats(str(present.iloc[0])))


def seconds(table: Table, column: int) -> tuple[np.ndarray, bool]:
    """Return the times of all rows in seconds, float64, and whether they only count steps.

    A unit in the column's name counts: "time_ms", "time (min)", "hours". Numbers without one are seconds.

    Raises
    ------
    InputError
        If a cell is no time, or empty; it names the row.
    """
    import pandas as pd

    cells = table.frame[column]
    if (gaps := np.flatnonzero(cells.isna())).size:
        raise InputError(
            "the time is missing",
            source=table.path,
            place=table.place(int(gaps[0]), column),
            remedy="Give every row a time, or take the rows as evenly spaced (time column '-')",
        )
    if not pd.api.types.is_numeric_dtype(cells.dtype) and is_time_text(cells):
        bad = np.array([0])
        for style in _formats(str(cells.iloc[0])):
            times: Any = pd.to_datetime(cells, format=style, errors="coerce", utc=True)
            bad = np.flatnonzero(times.isna())
            if not bad.size:
                return times.to_numpy(dtype="datetime64[ns]").astype(np.int64) / 1e9, False
        raise _no_time(table, int(bad[0]), column)
    numeric = pd.api.types.is_numeric_dtype(cells.dtype)
    parsed: Any = cells if numeric else pd.to_numeric(cells.astype(object), errors="coerce")
    numbers = parsed.to_numpy(dtype=float)
    if (bad := np.flatnonzero(~np.isfinite(numbers))).size:
        raise _no_time(table, int(bad[0]), column)
    words = re.findall(r"[a-z]+", table.name(column).lower())
    factor = next((_SECONDS[word] for word in reversed(words) if word in _SECONDS), None)
    whole = bool((numbers % 1 == 0).all())
    counts = factor is None and whole and (bool(_COUNTS & {*words, "".join(words)}) or words == ["t"])
    return numbers * (factor or 1.0), counts


def grid(times: np.ndarray, groups: np.ndarray, table: Table, *, counts: bool) -> Grid:
    """Lay rows, sorted by sample and then by time, on a grid.

    Even steps make a sampling rate; steps that are left out on an even grid are kept as missing. Uneven steps are
    kept as they are: once where all samples share them, else for each sample. Those count from the sample's first
    step, unless all samples lie on one clock: then from that clock's zero.
    """
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    counted = np.arange(len(groups)) - np.repeat(starts, np.diff(starts, append=len(groups)))
    within = counted > 0
    if not within.any():
        return Grid(counted)
    steps = np.diff(times, prepend=times[0])
    step = float(np.median(steps[within]))
    if step > 0:
        moves = np.where(within, np.rint(steps / step), 0)
        positions = np.cumsum(moves)
        positions -= positions[starts][groups]
        relative = times - times[starts][groups]
        step = float(relative.sum() / positions.sum())
        length = positions.max() + 1
        on_grid = np.abs(relative - positions * step) <= TOLERANCE * step
        distinct = moves[within] > 0
        if on_grid.all() and distinct.all() and length <= 2 * (counted.max() + 1):
            return Grid(positions.astype(np.int64), None if counts else float(f"{1 / step:.12g}"))
    own = [times[start : start + size] - times[start] for start, size in _runs(starts, len(groups))]
    longest = max(own, key=len)
    if all(np.allclose(axis, longest[: len(axis)], rtol=0, atol=1e-9 + 1e-6 * longest[-1]) for axis in own):
        return Grid(counted, times=longest)
    firsts = times[starts]
    one_clock = np.ptp(firsts) <= longest[-1]
    held = np.full((len(own), len(longest)), np.nan)
    for row, axis, first in zip(held, own, firsts, strict=True):
        row[: len(axis)] = axis + (first if one_clock else 0.0)
    return Grid(counted, times=held)


def _runs(starts: np.ndarray, total: int) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in zip(starts, np.diff(starts, append=total), strict=True)]


def _formats(cell: str) -> list[str]:
    """Return how a date and time may be written: month first, day first; none if it is no time."""
    from pandas.tseries.api import guess_datetime_format

    if not re.search(r"\d[-/.:T年]\d", cell):
        return []
    if re.match(r"\d{4}-\d{1,2}-\d{1,2}", cell):
        return ["ISO8601"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a day stands first, which is tried
        guesses = [guess_datetime_format(cell, dayfirst=first) for first in (False, True)]
    return list(dict.fromkeys(guess for guess in guesses if guess))


def _no_time(table: Table, row: int, column: int) -> InputError:
    return InputError(
        f"'{table.frame[column].iloc[row]}' is not a time like those in the other rows",
        source=table.path,
        place=table.place(row, column),
        remedy="Correct the cell, or take the rows as evenly spaced (time column '-')",
    )
