"""Updates for the eye: at most so many a second, the last one always."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Calm(QObject):
    """Calls `action` on `poke`: at once, but at most every `interval` milliseconds, and always after the last poke.

    Parameters
    ----------
    parent : QObject
        Its owner, with which it ends.
    interval : int
        May be changed; it then holds from the next poke on.
    action : callable
    """

    def __init__(self, parent: QObject, interval: int, action: Callable[[], None]) -> None:
        super().__init__(parent)
        self._action = action
        self._last = -float("inf")
        self._timer = QTimer(self, singleShot=True)
        self.interval = interval
        self._timer.timeout.connect(self.flush)

    def poke(self) -> None:
        """Ask for an update."""
        if self._timer.isActive():
            return
        wait = self.interval - 1000 * (time.monotonic() - self._last)
        if wait <= 0:
            self.flush()
        else:
            self._timer.start(int(wait) + 1)

    def flush(self) -> None:
        """Update now."""
        self._timer.stop()
        self._last = time.monotonic()
        self._action()
