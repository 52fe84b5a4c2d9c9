"""What every part of the controller works with: the workspace, the workers, and the ways to tell a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from explorer.errors import InputError
from explorer.gui.errands import Errands
from explorer.gui.jobs import Jobs
from explorer.workspace.messages import ModelRef
from explorer.workspace.workspace import Workspace


class Desk(QObject):
    """The workspace and the workers, shared by the parts that act on them.

    Parameters
    ----------
    workspace : Workspace
    jobs : Jobs

    Attributes
    ----------
    errands : Errands
        The work that a person waits for, of which the foot of the window tells.
    """

    notice = Signal(str, str)
    """A sentence for the person: its level ("info", "warn", "bad") and text."""
    failed = Signal(object)
    """An error to show in a dialog: `InputError`, or one with ``details``."""

    def __init__(self, workspace: Workspace, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.workspace, self.jobs = workspace, jobs
        self.errands = Errands(jobs, self)
        self.errands.failed.connect(self.failed)
        self.errands.cancelled.connect(self._tell_cancelled)

    def guard(self, action: Callable[[], Any]) -> Any:
        """Do something to the workspace; what the person can mend is shown, not raised, and None returned."""
        try:
            return action()
        except InputError as reason:
            self.failed.emit(reason)
            return None

    def is_current(self, model: ModelRef) -> bool:
        """Whether a result is of the run that is shown, be it of earlier weights."""
        current = self.workspace.model_ref
        return current is not None and (current.project, current.run) == (model.project, model.run)

    def _tell_cancelled(self, message: str) -> None:
        self.notice.emit("info", f"Cancelled: {message[0].lower()}{message[1:]}")
