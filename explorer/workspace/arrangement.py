"""Which samples a table shows, and in which order: made beside the window where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from explorer.progress import Part, Progress, Silent
from explorer.workspace.sample_columns import SampleColumn, matches, order_of


@dataclass(frozen=True, eq=False)
class Arrangement:
    """The rows of a table of `count` samples.

    Parameters
    ----------
    count : int
        How many samples there are.
    order : ndarray, int64 ``(R,)``, or None
        The sample of each row; None: all samples as they come, for which no memory is needed.
    """

    count: int
    order: np.ndarray | None = None

    @classmethod
    def of(
        cls,
        columns: Sequence[SampleColumn],
        count: int,
        *,
        column: int = -1,
        descending: bool = False,
        wanted: str = "",
        progress: Progress | None = None,
    ) -> Arrangement:
        """Return the samples that a filter lets through, sorted by a column; -1 is the samples' own order.

        Raises
        ------
        Cancelled
            If it was told to stop.
        """
        progress = progress or Silent()
        by = columns[column] if 0 <= column < len(columns) else None
        if by is None and not wanted.strip():
            return cls(count, np.arange(count)[::-1] if descending and column >= 0 else None)
        found = None
        if wanted.strip():
            found = np.flatnonzero(matches(columns, count, wanted, progress=Part(progress, 0.0, 0.6)))
        if by is None:
            assert found is not None
            made = cls(count, found)
        else:
            progress.report(0.6, f"Sorting by {by.title}")
            if found is None:
                order = order_of(by, count, descending=descending, progress=progress)
            else:  # only what is shown need be sorted
                if by.spoken is not None:
                    part = SampleColumn(by.title, np.array([by.spoken(i) for i in found.tolist()], dtype=str))
                else:
                    part = SampleColumn(by.title, None if by.values is None else by.values[found], by.names)
                order = found[order_of(part, len(found), descending=descending, progress=progress)]
            made = cls(count, order)
        progress.report(0.95, "Sorting")
        _ = made.row_of  # so that nobody waits for it later
        return made

    def __len__(self) -> int:
        """Return how many rows there are."""
        return self.count if self.order is None else len(self.order)

    def sample(self, row: int) -> int:
        """Return the sample of a row."""
        return row if self.order is None else int(self.order[row])

    @cached_property
    def row_of(self) -> np.ndarray | None:
        """The row of each sample, int32 ``(count,)``, -1 where it is not shown; None where all are as they come."""
        if self.order is None:
            return None
        rows = np.full(self.count, -1, dtype=np.int32)
        rows[self.order] = np.arange(len(self.order), dtype=np.int32)
        return rows

    def shown(self, samples: np.ndarray) -> np.ndarray:
        """Return those of the samples that have a row, ascending as they were."""
        return samples if self.row_of is None else samples[self.row_of[samples] >= 0]

    def rows(self, samples: np.ndarray) -> np.ndarray:
        """Return the rows of samples, ascending; those that are not shown have none."""
        if self.row_of is None:
            return samples
        rows = np.sort(self.row_of[samples])
        return rows[np.searchsorted(rows, 0) :]

    def samples_in(self, ranges: Sequence[tuple[int, int]]) -> np.ndarray:
        """Return the samples of ranges of rows, first and last, int64, ascending."""
        if not ranges:
            return np.empty(0, dtype=np.int64)
        if self.order is None:
            parts = [np.arange(first, last + 1, dtype=np.int64) for first, last in sorted(ranges)]
            return parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))
        chosen = np.zeros(self.count, dtype=bool)
        for first, last in ranges:
            chosen[self.order[first : last + 1]] = True
        return np.flatnonzero(chosen)
