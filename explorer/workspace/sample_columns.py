"""The facts about samples as columns, sorted and searched piece by piece, so that it can be stopped."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.data.dataset import PART_NAMES, Dataset
from explorer.errors import InputError
from explorer.progress import Progress, Silent, check

_NUMBERS = 1 << 18
"""Numbers that are looked at at once."""
_TEXTS = 1 << 12
"""Texts: numpy holds the interpreter while it makes or searches them, and a window must not wait for more."""
_COMPARED = re.compile(r"^(?P<title>.+?)\s*(?P<sign><=|>=|!=|=|<|>)\s*(?P<value>.+)$")
_SIGNS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "<=": operator.le, ">=": operator.ge, "!=": operator.ne, "=": operator.eq, "<": operator.lt, ">": operator.gt,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class SampleColumn:
    """A fact of each of N samples.

    Parameters
    ----------
    title : str
    values : ndarray ``(N,)`` or None
        Numbers, texts, or where there are `names` the place of the name, -1 for none; None: the sample's number.
    names : tuple of str
        Of classes.
    spoken : callable, optional
        Gives the text of a sample, where the texts are made only when somebody looks for some.
    """

    title: str
    values: np.ndarray | None
    names: tuple[str, ...] = ()
    spoken: Callable[[int], str] | None = None

    @property
    def kind(self) -> str:
        """What it holds: "number", "class" or "text"."""
        if self.names:
            return "class"
        if self.spoken is not None:
            return "text"
        return "number" if self.values is None or self.values.dtype.kind in "fiub" else "text"

    def text(self, index: int) -> str:
        """Return what stands in the cell of a sample."""
        if self.values is None:
            return str(index) if self.spoken is None else self.spoken(index)
        value = self.values[index]
        if self.names:
            return self.names[value] if value >= 0 else "–"
        if self.values.dtype.kind == "f":
            return "–" if np.isnan(value) else f"{value:.4g}"
        return str(value)

    def texts(self, part: slice) -> np.ndarray:
        """Return the texts of some samples, or of all numbers as they are written."""
        if self.spoken is not None:
            return np.array([self.spoken(i) for i in range(part.start, part.stop)])
        if self.values is None:
            return np.arange(part.start, part.stop).astype(str)
        values = self.values[part]
        return np.char.mod("%.4g", values) if values.dtype.kind == "f" else values.astype(str)


def columns_of(dataset: Dataset) -> list[SampleColumn]:
    """Return name, label, part and the further columns of a data set's samples."""
    sentences = dataset.layout == "text" and dataset.names is None
    found = [SampleColumn("name", dataset.names, spoken=dataset.text_of if sentences else None)]
    if dataset.target_vocabulary and dataset.targets is not None:
        found.append(SampleColumn("translation", None, spoken=dataset.translation_of))
    if dataset.labels is not None:
        found.append(SampleColumn("label", dataset.labels, tuple(dataset.class_names) or ("–",)))
    found.append(SampleColumn("part", dataset.split, PART_NAMES))
    return found + [SampleColumn(title, np.asarray(values)) for title, values in dataset.columns.items()]


def order_of(
    column: SampleColumn | None, count: int, *, descending: bool = False, progress: Progress | None = None
) -> np.ndarray:
    """Return the samples in the order of a column, int64 ``(count,)``; what is not known comes last, either way.

    Samples that are alike stay in their order. None is the samples' own order.
    """
    progress = progress or Silent()
    check(progress)
    if column is not None and column.spoken is not None:
        column = SampleColumn(column.title, _all_texts(column, count, progress))
    if column is None or column.values is None:
        order = np.arange(count)
        return order[::-1] if descending else order
    values, unknown = column.values, None
    if column.names:  # few small numbers, which numpy sorts in linear time
        places = np.argsort(np.argsort(np.array(column.names), kind="stable"), kind="stable").astype(np.int16)
        unknown = values < 0
        values = places[np.maximum(values, 0)]
    elif values.dtype.kind == "f":
        unknown = np.isnan(values)
    elif values.dtype.kind == "b":
        values = values.view(np.uint8)
    check(progress)
    if descending and values.dtype.kind in "fiu":  # turned about, so that those alike stay in their order
        values = -values if values.dtype.kind == "f" else np.invert(values)
        order = np.argsort(values, kind="stable")
    else:
        order = np.argsort(values, kind="stable")
        order = order[::-1] if descending else order
    check(progress)
    if unknown is not None and unknown.any():
        last = unknown[order]
        order = np.concatenate([order[~last], order[last]])
    return order


def matches(
    columns: Sequence[SampleColumn], count: int, wanted: str, *, progress: Progress | None = None
) -> np.ndarray:
    """Return which samples a filter lets through, bool ``(count,)``.

    Parameters
    ----------
    columns : sequence of SampleColumn
    count : int
    wanted : str
        Words that one of the columns contains, in any case; or a comparison with a column, as in ``score > 0.5``,
        ``label = walk``. Several, joined by ``and``, must all be true.
    progress : Progress, optional

    Raises
    ------
    Cancelled
        If it was told to stop.
    """
    found = np.ones(count, dtype=bool)
    terms = [term for term in re.split(r"\s+and\s+", wanted.strip(), flags=re.IGNORECASE) if term.strip()]
    for term in terms:
        tests = _tests(columns, term.strip())
        passed = np.zeros(count, dtype=bool)
        for size, test in tests:
            for part in _parts(count, size):
                check(progress or Silent())
                passed[part] |= test(part)
                if progress is not None:
                    progress.report(part.stop / count, "Filtering")
        found &= passed
    return found


def parsed_where(columns: Sequence[SampleColumn], count: int, wanted: str, progress: Progress) -> np.ndarray:
    """Return the samples that fulfil a comparison, int64; see `matches`.

    Raises
    ------
    InputError
        If a term of it is no comparison with a column.
    """
    for term in re.split(r"\s+and\s+", wanted.strip(), flags=re.IGNORECASE):
        if _comparison(columns, term.strip()) is None:
            titles = ", ".join(column.title for column in columns)
            raise InputError(
                f"'{term.strip()}' is no comparison with a column",
                remedy=f"Write one such as 'part = test', with one of: {titles}",
            )
    return np.flatnonzero(matches(columns, count, wanted, progress=progress))


_Test = tuple[int, Callable[[slice], np.ndarray]]


def _tests(columns: Sequence[SampleColumn], term: str) -> list[_Test]:
    """Return what a term tests of a part of the samples, of which one must be true; and for how many at once."""
    compared = _comparison(columns, term)
    return [compared] if compared is not None else [_contains(column, term.casefold()) for column in columns]


def _comparison(columns: Sequence[SampleColumn], term: str) -> _Test | None:
    found = _COMPARED.match(term)
    if found is None:
        return None
    title, sign, value = found["title"].strip().casefold(), found["sign"], found["value"].strip()
    column = next((column for column in columns if column.title.casefold() == title), None)
    if column is None:
        return None
    values = column.values
    if column.kind == "number":
        try:
            number = float(value)
        except ValueError:
            return None
        compare = _SIGNS[sign]
        if values is None:
            return _NUMBERS, lambda part: compare(np.arange(part.start, part.stop), number)
        return _NUMBERS, lambda part: compare(values[part], number)
    if sign not in ("=", "!="):
        return None
    alike, unlike = value.casefold(), sign == "!="
    if column.kind == "class" and values is not None:
        table = np.array([(name.casefold() == alike) != unlike for name in (*column.names, "–")])
        return _NUMBERS, lambda part: table[values[part]]
    return _TEXTS, lambda part: (np.strings.lower(column.texts(part)) == alike) != unlike


def _contains(column: SampleColumn, wanted: str) -> _Test:
    """Return a test whether the cells of a column contain a text."""
    values = column.values
    if column.names and values is not None:
        table = np.array([wanted in name.casefold() for name in (*column.names, "–")])
        return _NUMBERS, lambda part: table[values[part]]
    return _TEXTS, lambda part: np.strings.find(np.strings.lower(column.texts(part)), wanted) >= 0


def _all_texts(column: SampleColumn, count: int, progress: Progress) -> np.ndarray:
    parts = []
    for part in _parts(count, _TEXTS):
        check(progress)
        parts.append(column.texts(part))
    return np.concatenate(parts) if parts else np.empty(0, dtype=str)


def _parts(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
