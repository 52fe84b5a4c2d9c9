"""Long work beside the training, of which the foot of the window tells: what is done, how far, how long, Cancel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.gui.jobs import Job, Jobs


class Errands(QObject):
    """Jobs on the lane "work" that a person waits for. The newest is the one that is told of and can be cancelled."""

    busy = Signal(str, float, object)
    """What is being done, the fraction (NaN where unknown) and seconds left (None where unknown); "" when idle."""
    failed = Signal(object)
    """The error of an errand that has no answer of its own to it."""
    cancelled = Signal(str)
    """What was cancelled, in the words of its message."""

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._open: dict[object, Job | None] = {}

    def send(
        self,
        task: str,
        request: Any,
        message: str,
        on_result: Callable[[Any], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Start a task, and tell of it until it has ended.

        Parameters
        ----------
        task, request
            As in `Jobs.submit`.
        message : str
            What is being done: ``"Reading heart.csv"``.
        on_result : callable
        on_error : callable, optional
            By default the error is told by `failed`.
        """
        key = object()

        def progress(fraction: float, text: str, _payload: Any, seconds_left: float | None) -> None:
            self.busy.emit(text or message, fraction, seconds_left)

        def result(value: Any) -> None:
            self._end(key)
            on_result(value)

        def error(reason: Exception) -> None:
            self._end(key)
            (on_error or self.failed.emit)(reason)

        def cancelled() -> None:
            self._end(key)
            self.cancelled.emit(message)

        self.busy.emit(message, float("nan"), None)
        self._open[key] = None
        job = self._jobs.submit(
            task, request, on_result=result, on_error=error, on_progress=progress, on_cancelled=cancelled
        )
        if key in self._open:
            self._open[key] = job

    def _end(self, key: object) -> None:
        del self._open[key]
        if not self._open:
            self.busy.emit("", 1.0, None)

    def cancel(self) -> None:
        """Cancel the newest errand."""
        job = next(reversed(self._open.values()), None)
        if job is not None:
            job.cancel()
