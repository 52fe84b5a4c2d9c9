"""Errors that a person can act on: what is wrong, where, and what to do about it."""

from __future__ import annotations

from pathlib import Path


class InputError(ValueError):
    """Something that the user gave cannot be used.

    The window shows it in a dialog, the command line prints it on stderr and exits with 2;
    neither shows a traceback.

    Parameters
    ----------
    problem : str
        What is wrong, as a sentence without a full stop.
    source : path or str, optional
        The file or set that it is wrong in.
    place : str, optional
        Where in the source: ``"row 3, column 'age'"``.
    remedy : str, optional
        What to do about it, as a sentence.
    """

    def __init__(
        self,
        problem: str,
        *,
        source: str | Path | None = None,
        place: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem = problem
        self.source = None if source is None else str(source)
        self.place = place
        self.remedy = remedy
        super().__init__(problem)

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.source, self.place) if part)
        text = f"{where}: {self.problem}" if where else self.problem
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


class MissingDataError(InputError):
    """A project's data file is not where it was; ``relocate`` of the project takes its new place."""


class UnsupportedError(InputError):
    """A model or a layout cannot do what was asked (decode, say), by design."""


class UnstableError(InputError):
    """Numbers ran out of bounds: an equation that no solver can follow. A training keeps its best weights."""


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Long work was cancelled by the person; nothing is wrong."""
