"""Jobs that are done at once, in this process: for tests of panels, which are not about workers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from explorer.errors import Cancelled, InputError
from explorer.gui.controller import Controller
from explorer.gui.jobs import Jobs
from explorer.workspace.project import ProjectFile
from explorer.workspace.tasks import run_task
from explorer.workspace.workspace import Workspace


class _Report:
    """Hands progress reports on; `cancel` is heard at the next."""

    def __init__(self, on_progress: Callable[..., None] | None) -> None:
        self._on_progress, self._cancelled = on_progress, False

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        if self._on_progress:
            self._on_progress(fraction, message, payload, None)

    def cancelled(self) -> bool:
        return self._cancelled


class SyncJobs(Jobs):
    """Runs each task before `submit` returns, and records what was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, Any]] = []

    def submit(self, task: str, request: Any, **calls: Any) -> Any:
        self.asked.append((task, request))
        try:
            result = run_task(task, request, _Report(calls.get("on_progress")))
        except Cancelled:
            if calls.get("on_cancelled"):
                calls["on_cancelled"]()
        except InputError as reason:
            calls["on_error"](reason)
        else:
            if calls.get("on_result"):
                calls["on_result"](result)

    def latest(self, key: str, task: str, request: Any, **calls: Any) -> None:
        self.submit(task, request, **calls)


def make_controller(folder: Path) -> Controller:
    """Return a controller over an empty project in `folder`, whose work is done at once."""
    return Controller(Workspace(ProjectFile.create(folder / "project.latentscape")), SyncJobs())


def errors_of(controller: Controller) -> list[Exception]:
    """Return a list that grows with every error that the controller shows."""
    errors: list[Exception] = []
    controller.failed.connect(errors.append)
    return errors
