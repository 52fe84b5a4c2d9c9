"""Undo and redo: a stack of what a person did, each with its way back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

LIMIT = 100
MERGE_SECONDS = 0.5


@dataclass(frozen=True)
class Command:
    """Something done.

    Parameters
    ----------
    text : str
        What it is, as in "Undo …": ``"delete run"``.
    do, undo : callable
        Do it (again), and take it back. Either may raise; then nothing was changed.
    key : str
        Commands of one key that follow each other at once, as while a box is drawn, are undone together.
    """

    text: str
    do: Callable[[], None]
    undo: Callable[[], None]
    key: str = ""


class UndoStack:
    """What was done and can be undone, and what was undone and can be done again."""

    def __init__(self) -> None:
        self._done: list[Command] = []
        self._undone: list[Command] = []
        self._pushed = -MERGE_SECONDS

    @property
    def undo_text(self) -> str:
        """What `undo` would take back; empty where nothing."""
        return self._done[-1].text if self._done else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; empty where nothing."""
        return self._undone[-1].text if self._undone else ""

    def push(self, command: Command) -> None:
        """Do something, and remember how to take it back."""
        command.do()
        now = time.monotonic()
        last = self._done[-1] if self._done and not self._undone else None
        if last is not None and command.key and command.key == last.key and now - self._pushed < MERGE_SECONDS:
            command = Command(command.text, command.do, last.undo, command.key)
            self._done.pop()
        self._done.append(command)
        del self._done[:-LIMIT]
        self._undone.clear()
        self._pushed = now

    def undo(self) -> bool:
        """Take the last thing back; False where there is none."""
        if not self._done:
            return False
        self._done[-1].undo()
        self._undone.append(self._done.pop())
        return True

    def redo(self) -> bool:
        """Do again what was undone last; False where there is nothing."""
        if not self._undone:
            return False
        self._undone[-1].do()
        self._done.append(self._undone.pop())
        self._pushed = -MERGE_SECONDS
        return True

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()
