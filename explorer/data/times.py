"""Times of the steps of series: checked, and brought to a size that networks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from explorer.errors import InputError

_REMEDY = "Sort the steps of the sample by time, and merge those of the same time"


def check_times(
    times: np.ndarray,
    values: np.ndarray,
    lengths: np.ndarray | None,
    *,
    source: str = "",
    name: Callable[[int], str] = str,
) -> None:
    """Raise `InputError` unless `times` are those of the steps of series.

    Parameters
    ----------
    times : ndarray ``(T,)`` or ``(N, T)``
        Times that all samples share may stand still (two steps at once), but not go backwards; those of each sample
        must grow from step to step up to its end.
    values : ndarray ``(N, T, ...)``
    lengths : ndarray or None ``(N,)``
    source : str
        Names the data in messages.
    name : callable
        Names a sample by its number.
    """
    n, steps = values.shape[:2]
    if times.shape not in ((steps,), (n, steps)):
        raise InputError(f"'times' has shape {times.shape} where {(steps,)} or {(n, steps)} is needed", source=source)
    if times.ndim == 1:
        moves = np.diff(times)
        if (wrong := np.flatnonzero(~(moves >= 0))).size:
            raise _backwards(times, int(wrong[0]), source, "")
        return
    ends = np.full(n, steps) if lengths is None else np.asarray(lengths)
    within = np.arange(steps) < ends[:, None]
    wrong = np.argwhere(~np.isfinite(times) & within)
    if len(wrong):
        sample, step = (int(number) for number in wrong[0])
        raise InputError(
            f"the time of step {step + 1} is missing",
            source=source,
            place=f"sample '{name(sample)}'",
            remedy="Give every step a time, or end the sample before it (lengths)",
        )
    with np.errstate(invalid="ignore"):  # past the end of a sample
        wrong = np.argwhere(~(np.diff(times, axis=1) > 0) & within[:, 1:])
    if len(wrong):
        sample, step = (int(number) for number in wrong[0])
        raise _backwards(times[sample], step, source, f"sample '{name(sample)}'")


def _backwards(times: np.ndarray, step: int, source: str, place: str) -> InputError:
    before, after = times[step], times[step + 1]
    problem = "is not a number" if np.isnan(before) or np.isnan(after) else "goes backwards"
    if before == after:
        problem = "stands still"
    where = f"time {problem}: step {step + 1} is at {before:g} and step {step + 2} at {after:g}"
    return InputError(where, source=source, place=place, remedy=_REMEDY)


def check_observed(
    values: np.ndarray, lengths: np.ndarray | None, *, source: str = "", name: Callable[[int], str] = str
) -> None:
    """Raise `InputError` if a series ``(N, T, C)`` has no observation at all, NaN everywhere up to its end."""
    seen = np.isfinite(values).max(axis=2)
    if lengths is not None:
        seen &= np.arange(values.shape[1]) < np.asarray(lengths)[:, None]
    if (empty := np.flatnonzero(seen.sum(axis=1) == 0)).size:
        raise InputError(
            "the record has no observation",
            source=source,
            place=f"sample '{name(int(empty[0]))}'",
            remedy="Leave the sample out",
        )


@dataclass(frozen=True)
class TimeScale:
    """Where time begins, and how long it is: networks see the times of the training data as 0 to 1.

    Parameters
    ----------
    start, end : float
        First and last time of the data that were learnt from, in their own unit.
    """

    start: float = 0.0
    end: float = 1.0

    @classmethod
    def of(cls, times: np.ndarray, known: np.ndarray) -> Self:
        """Return the scale of the times ``(N, T)`` at which something is known."""
        some = times[known]
        return cls(float(some.min()), float(some.max())) if some.size else cls()

    @property
    def span(self) -> float:
        """Length of the time from start to end; 1 where they are the same."""
        return self.end - self.start or 1.0

    def apply(self, times: np.ndarray) -> np.ndarray:
        """Return times as float32: 0 at the start, 1 at the end."""
        return ((np.asarray(times, dtype=np.float64) - self.start) / self.span).astype(np.float32)

    def undo(self, times: np.ndarray) -> np.ndarray:
        """Return such times in the data's own unit, float64."""
        return np.asarray(times, dtype=np.float64) * self.span + self.start

    def to_json(self) -> dict[str, Any]:
        """Return what the constructor takes."""
        return {"start": self.start, "end": self.end}
