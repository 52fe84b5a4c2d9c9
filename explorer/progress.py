"""How long work reports and is cancelled, without knowing who listens."""

from __future__ import annotations

import time
from typing import Any, Protocol

from explorer.errors import Cancelled


class Progress(Protocol):
    """What long work takes as an argument, and calls from time to time."""

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Tell how far the work is.

        Parameters
        ----------
        fraction : float
            Between 0 and 1; NaN where it cannot be known.
        message : str
            What is being done, in a few words.
        payload : object, optional
            A partial result, such as an epoch's losses.

        Notes
        -----
        A listener may block here for as long as the person pauses the work.
        """
        ...

    def cancelled(self) -> bool:
        """Whether the person asked to stop; the work then leaves what it has."""
        ...


class Silent:
    """A progress that nobody watches."""

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Do nothing."""

    def cancelled(self) -> bool:
        """Return False."""
        return False


class Part:
    """The share of some larger work that a piece of it makes up.

    Parameters
    ----------
    whole : Progress
    start, share : float
        Where the piece begins in the whole, and how much of it the piece is.
    prefix : str
        Put before each message.
    """

    def __init__(self, whole: Progress, start: float, share: float, prefix: str = "") -> None:
        self._whole, self._start, self._share, self._prefix = whole, start, share, prefix

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Tell how far the whole is."""
        self._whole.report(self._start + self._share * fraction, self._prefix + message, payload)

    def cancelled(self) -> bool:
        """Whether the person asked to stop."""
        return self._whole.cancelled()


class Deaf:
    """A progress that is told how far the work is, but does not stop it: what a cancelled work still has to put away.

    Parameters
    ----------
    whole : Progress
    """

    def __init__(self, whole: Progress) -> None:
        self._whole = whole

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        """Tell how far the work is."""
        self._whole.report(fraction, message, payload)

    def cancelled(self) -> bool:
        """Return False."""
        return False


def check(progress: Progress) -> None:
    """Raise `Cancelled` if the person asked to stop."""
    if progress.cancelled():
        raise Cancelled


class TimeLeft:
    """Estimate the time left from how the fraction grew, smoothed so that it does not jump.

    `update` takes the fraction done and returns the seconds left, or None while unknown.
    """

    def __init__(self) -> None:
        self._mark: tuple[float, float] | None = None
        self._rate: float | None = None

    def update(self, fraction: float, now: float | None = None) -> float | None:
        """Return the seconds left at `fraction` (0 to 1), or None while unknown."""
        now = time.monotonic() if now is None else now
        if fraction != fraction:
            return None
        if self._mark is None or fraction < self._mark[1]:
            self._mark, self._rate = (now, fraction), None
            return None
        elapsed, gained = now - self._mark[0], fraction - self._mark[1]
        if elapsed >= 0.25 and gained > 0:
            rate = gained / elapsed
            self._rate = rate if self._rate is None else 0.8 * self._rate + 0.2 * rate
            self._mark = (now, fraction)
        return None if not self._rate else (1.0 - fraction) / self._rate
