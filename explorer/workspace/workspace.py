"""What is open now. The window and the command line change it, and hear what changed; it knows no Qt."""

from __future__ import annotations

import contextlib
from pathlib import Path

from explorer.errors import InputError
from explorer.workspace.column_actions import ColumnActions
from explorer.workspace.data_actions import DataActions
from explorer.workspace.places import is_untitled
from explorer.workspace.project import ProjectFile
from explorer.workspace.run_actions import RunActions
from explorer.workspace.set_actions import SetActions
from explorer.workspace.view_actions import ViewActions


class Workspace(DataActions, ColumnActions, SetActions, RunActions, ViewActions):
    """The open project: its data, its runs, and what the person looks at. All of it is in the project file at once.

    Signals are emitted after a change, and only where something changed; the workspace is consistent then.

    Parameters
    ----------
    project : ProjectFile
        It is claimed (another window cannot change it), and closed with the workspace.
    read_files : bool
        Whether data files are read here. A window, which must neither wait nor load what readers need, says False:
        then `data_needed` is emitted (or `pending_data` is set from the start), and it calls `provide_data`.

    Raises
    ------
    InputError
        If the project is open in another Latentscape.
    """

    @property
    def untitled(self) -> bool:
        """Whether the person has not given the project a name yet."""
        return is_untitled(self.path)

    @property
    def title(self) -> str:
        """What the project is called."""
        return "Untitled" if self.untitled else self.path.stem

    def open(self, path: str | Path) -> None:
        """Open another project in place of this one, which stays open if that fails."""
        if Path(path).expanduser().absolute() != self.path:
            self.switch(ProjectFile.open(path))

    def switch(self, project: ProjectFile) -> None:
        """Go over to a project that is open already; the one before is closed.

        Raises
        ------
        InputError
            If a training is under way, or another Latentscape has the project open; this one then stays.
        """
        before = self.project
        try:
            self._check_idle("another project can be opened")
            self._take(project)
        except InputError:
            project.close()
            if self.project is not before:
                self._take(before)
            raise
        before.close()
        for signal in (
            self.project_changed, self.data_changed, self.runs_changed, self.active_run_changed, self.codes_changed,
            self.selection_changed, self.sets_changed, self.colouring_changed, self.undo_changed,
        ):  # fmt: skip
            signal.emit()

    def save_as(self, path: str | Path) -> None:
        """Write the project to another file and go on there. One that had no name is gone from where it was.

        Raises
        ------
        InputError
            If it cannot be written, or a training is under way; the project stays as and where it is.
        """
        before, path = self.project, Path(path).expanduser().absolute()
        if path.exists() and path.samefile(before.path):
            before.checkpoint()
            return
        self._check_idle("the project can be saved by another name")
        before.save_as(path)
        project = ProjectFile.open(path)
        project.claim()
        forgotten = before.path if self.untitled else None
        self.project = project
        before.close()
        if forgotten is not None:
            # A worker may have it open still, which on Windows keeps it: then it goes at another time.
            with contextlib.suppress(OSError):
                forgotten.unlink()
        self.project_changed.emit()

    def close(self) -> None:
        """Close the project file."""
        self.project.close()

    def _check_idle(self, what: str) -> None:
        if any(run.active for run in self._runs.values()):
            raise InputError(
                "a training writes to this project", remedy=f"Wait until it ends, or cancel it; then {what}"
            )
