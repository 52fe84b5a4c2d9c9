"""Questions to the active run and its data that a person waits for while they go on: asked, answered, cancelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.gui.desk import Desk
from explorer.gui.jobs import Job
from explorer.workspace.messages import ModelRef


@dataclass(frozen=True)
class Basis:
    """What an answer was computed on.

    Attributes
    ----------
    data : int or None
        The data set's id in the project.
    model : ModelRef or None
        The weights; None for a question to the data alone.
    settings : dict
        What the person chose, plain values.
    words : str
        The run and its epoch, as a person knows them: "VAE 3, epoch 41"; of the data alone, their name.
    """

    data: int | None
    model: ModelRef | None
    settings: dict[str, Any]
    words: str = field(default="", compare=False)


@dataclass
class Inquiry:
    """One question: what is known of it, and how far its answer is.

    Attributes
    ----------
    result : object or None
        The last answer, of `basis`; it stays while the next is computed.
    asked : Basis or None
        What is being asked; None while nothing is.
    fraction, message, seconds_left
        How far it is: as `explorer.gui.jobs.Jobs.submit` tells.
    failure : str
        Why the last question had no answer.
    """

    result: Any = None
    basis: Basis | None = None
    asked: Basis | None = None
    fraction: float = 0.0
    message: str = ""
    seconds_left: float | None = None
    failure: str = ""
    job: Job | None = None

    @property
    def running(self) -> bool:
        """Whether an answer is under way."""
        return self.asked is not None


class Analyst(QObject):
    """Has analyses done beside the window, one after another, and keeps their answers while the data stay open.

    An answer stays when the run goes on or another is shown: whoever shows it compares its basis with `basis`.
    """

    changed = Signal(str)
    """The name of an inquiry that began, went on, was answered or forgotten."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk, self._workspace = desk, desk.workspace
        self._inquiries: dict[str, Inquiry] = {}
        self._values = self._values_now()
        self._workspace.data_changed.connect(self._data_changed)

    def inquiry(self, name: str) -> Inquiry:
        """Return what is known of the question called `name`."""
        return self._inquiries.setdefault(name, Inquiry())

    def basis(self, settings: dict[str, Any], *, of_model: bool) -> Basis:
        """Return what a question asked now would be computed on."""
        data, run = self._workspace.data, self._workspace.run
        if not of_model or run is None:
            return Basis(self._workspace.data_id, None, settings, "" if data is None else data.name)
        history = run.history
        epoch = history.epochs[-1].number if run.active and history.epochs else history.best_epoch
        words = f"{run.name}, epoch {epoch:,}" if epoch else run.name
        return Basis(self._workspace.data_id, self._workspace.model_ref, settings, words)

    def ask(self, name: str, task: str, request: Any, basis: Basis) -> None:
        """Ask a question; what was asked under the same name before is cancelled."""
        self.cancel(name)
        inquiry = self.inquiry(name)
        inquiry.asked, inquiry.failure = basis, ""
        inquiry.fraction, inquiry.message, inquiry.seconds_left = float("nan"), "", None

        def current() -> bool:
            return self._inquiries.get(name) is inquiry and inquiry.asked is basis

        def progressed(fraction: float, message: str, _payload: Any, seconds_left: float | None) -> None:
            if current():
                inquiry.fraction, inquiry.message, inquiry.seconds_left = fraction, message, seconds_left
                self.changed.emit(name)

        def ended(result: Any = None, failure: str = "") -> None:
            if not current():
                return
            inquiry.asked = inquiry.job = None
            inquiry.failure = failure
            if result is not None:
                inquiry.result, inquiry.basis = result, basis
            self.changed.emit(name)

        self.changed.emit(name)
        job = self._desk.jobs.submit(
            task,
            request,
            lane="study",
            on_result=ended,
            on_error=lambda reason: ended(failure=str(reason)),
            on_progress=progressed,
            on_cancelled=ended,
        )
        if inquiry.asked is basis:
            inquiry.job = job

    def follow(self, name: str, task: str, request: Any, basis: Basis) -> None:
        """Ask a quick question about one sample; the newest wins, and there is nothing to cancel."""
        inquiry = self.inquiry(name)

        def answered(result: Any) -> None:
            if self._inquiries.get(name) is inquiry:
                inquiry.result, inquiry.basis, inquiry.failure = result, basis, ""
                self.changed.emit(name)

        def failed(reason: Exception) -> None:
            if self._inquiries.get(name) is inquiry:
                inquiry.result, inquiry.basis, inquiry.failure = None, None, str(reason)
                self.changed.emit(name)

        self._desk.jobs.latest(name, task, request, lane="work", on_result=answered, on_error=failed)

    def cancel(self, name: str) -> None:
        """Ask the worker to stop, and wait for its answer no more; the last one stays."""
        inquiry = self.inquiry(name)
        if not inquiry.running:
            return
        job, inquiry.job, inquiry.asked = inquiry.job, None, None
        if job is not None:
            job.cancel()
            job.drop()
        self.changed.emit(name)

    def _data_changed(self) -> None:
        """Forget everything about samples that are no longer shown."""
        before, self._values = self._values, self._values_now()
        if before is self._values:
            return
        for name in list(self._inquiries):
            self.cancel(name)
            self._inquiries[name] = Inquiry()
            self.changed.emit(name)

    def _values_now(self) -> object:
        """Return what makes the open data the same data: their values, whatever columns were added since."""
        data = self._workspace.data
        return None if data is None else data.values
