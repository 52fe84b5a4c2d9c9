"""The training: one at a time, in the background, paused and cancelled as a person asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.errors import InputError
from explorer.gui.desk import Desk
from explorer.gui.jobs import Job
from explorer.workspace.messages import EpochUpdate, Estimate, EstimateRun, TrainOutcome, TrainRun


class Trainer(QObject):
    """Trains new runs on the open data."""

    progress = Signal(object, object)
    """`EpochUpdate` and the seconds left (None while unknown)."""
    stage = Signal(float, str, object)
    """What is done beside the epochs, such as encoding all samples: its fraction, its name and the seconds left."""
    changed = Signal()
    """A training began, paused, went on or ended."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk, self._workspace = desk, desk.workspace
        self._job: Job | None = None
        self._run = -1

    @property
    def running(self) -> bool:
        """Whether a training is under way, paused or not."""
        return self._job is not None

    def start(self, recipe: str, params: dict[str, Any], corruption: str | None) -> None:
        """Train a new run on the open data, in the background."""
        data, failed = self._workspace.data, self._desk.failed
        if data is None:
            failed.emit(InputError("there is no data to train on", remedy="Open a file or a built-in set first"))
            return
        if self.running:
            failed.emit(InputError("a training is under way", remedy="Cancel it, or wait until it ends"))
            return
        run = self._desk.guard(lambda: self._workspace.begin_run(recipe, params, corruption))
        if run is None:
            return
        self._run = run.id
        self._job = self._desk.jobs.submit(
            "train",
            TrainRun(str(self._workspace.path), run.id, data),
            lane="train",
            payload=EpochUpdate,
            on_progress=self._epoch,
            on_result=self._ended,
            on_error=self._failed,
            on_cancelled=lambda: self._failed(None),
        )
        self.changed.emit()

    def _epoch(self, fraction: float, message: str, payload: Any, seconds_left: float | None) -> None:
        if isinstance(payload, EpochUpdate):
            self._workspace.note_epoch(payload)
            self.progress.emit(payload, seconds_left)
        elif not message.startswith("epoch"):
            self.stage.emit(fraction, message, seconds_left)

    def _ended(self, outcome: TrainOutcome) -> None:
        self._job = None
        self._desk.guard(lambda: self._workspace.end_run(outcome))
        for note in outcome.history.notes:
            self._desk.notice.emit("warn", note)
        self.changed.emit()

    def _failed(self, reason: Exception | None) -> None:
        self._job = None
        text = str(reason) if reason else "Cancelled before the first epoch."
        self._desk.guard(lambda: self._workspace.fail_run(self._run, text))
        if reason is not None:
            self._desk.failed.emit(reason)
        self.changed.emit()

    def pause(self) -> None:
        """Hold the training at its next report."""
        self._pause(True)

    def resume(self) -> None:
        """Let it go on."""
        self._pause(False)

    def _pause(self, paused: bool) -> None:
        if self._job is None:
            return
        if paused:
            self._job.pause()
        else:
            self._job.resume()
        self._workspace.pause_run(self._run, paused)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop the training; the best weights so far are kept."""
        if self._job is not None:
            self._job.cancel()

    def estimate(
        self,
        recipe: str,
        params: dict[str, Any],
        on_result: Callable[[Estimate], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Tell how large a model would be on the open data and how long its training takes; the newest request wins."""
        data = self._workspace.data
        if data is not None:
            request = EstimateRun(recipe, params, data)
            self._desk.jobs.latest("estimate", "estimate", request, lane="work", on_result=on_result, on_error=on_error)
