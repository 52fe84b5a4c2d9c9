"""Projects and data sets: opened, made, found again, and kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from explorer.data.dataset import Dataset
from explorer.errors import InputError, MissingDataError
from explorer.gui.desk import Desk
from explorer.gui.trainer import Trainer
from explorer.resources import resource
from explorer.workspace.messages import LoadData, PreviewData, RelocateData
from explorer.workspace.places import untitled_path
from explorer.workspace.project import ProjectFile, with_suffix

if TYPE_CHECKING:
    from explorer.data.reader import Preview

SAMPLE = "samples/sines.latentscape"


class Librarian(QObject):
    """Opens projects and data sets; a project that a training writes to stays open."""

    file_opened = Signal(str)
    """A data file was read: its path, for the list of recent ones."""
    data_missing = Signal(int, object)
    """A data set's id in the project and the `MissingDataError`: its file must be found."""

    def __init__(self, desk: Desk, trainer: Trainer) -> None:
        super().__init__(desk)
        self._desk, self._workspace, self._trainer = desk, desk.workspace, trainer
        self._workspace.data_needed.connect(self._read_needed)

    def begin(self) -> None:
        """Read the data that the project waits for, now that the window can show them."""
        self._tell_note()
        if self._workspace.pending_data is not None:
            self._read_needed(self._workspace.pending_data)
        elif self._workspace.missing is not None:
            self._missing(self._workspace.data_id, self._workspace.missing)

    # Projects

    def open_project(self, path: str | Path) -> None:
        """Open a project file in place of the present one, which is kept as it is.

        Raises
        ------
        InputError
            If it cannot be opened; the present one then stays open.
        """
        if Path(path).absolute() != self._workspace.path:
            self._switch(lambda: ProjectFile.open(path))

    def open_sample(self) -> None:
        """Open a fresh copy of the sample project."""
        self._switch(lambda: ProjectFile.open_copy(resource(SAMPLE)))

    def new_project(self) -> None:
        """Start an empty project in place of the present one."""
        self._switch(lambda: ProjectFile.create(untitled_path()))

    def save_as(self, path: str | Path) -> None:
        """Write the project to a file and go on in it.

        Raises
        ------
        InputError
            If it cannot be written, or a training writes to the present file.
        """
        self._leave()
        self._workspace.save_as(with_suffix(path))

    def save(self) -> None:
        """Bring all changes into the one file; they are kept as they are made, this makes it fit to be copied."""
        self._workspace.project.checkpoint()

    def _switch(self, opened: Callable[[], ProjectFile]) -> None:
        self._leave()
        self._workspace.switch(opened())
        self._tell_note()

    def _tell_note(self) -> None:
        """Say what is special about the open project: that it is a copy."""
        if note := self._workspace.project.note:
            self._desk.notice.emit("info", note)

    def _leave(self) -> None:
        if self._trainer.running:
            raise InputError(
                "a training writes to the present project", remedy="Cancel the training, or wait until it ends"
            )

    # Data

    def open_file(
        self,
        path: str | Path,
        reader: str | None = None,
        options: dict[str, Any] | None = None,
        clean: str | None = None,
    ) -> None:
        """Read a file with a reader's options, and one of its clean targets; make it the open data set."""
        self._load(LoadData(str(path), reader, options or {}, clean), f"Reading {Path(path).name}", opened=str(path))

    def open_builtin(self, name: str, options: dict[str, Any] | None = None) -> None:
        """Make a built-in set the open data set."""
        from explorer.data.generated import SETS

        self._load(LoadData(name, None, options or {}), f"Making {SETS.load(name).title}")

    def preview(
        self,
        path: str | Path,
        reader: str | None,
        options: dict[str, Any],
        on_result: Callable[[Preview], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        """Look at the head of a file; the newest request wins."""
        self._desk.jobs.latest(
            "preview",
            "preview_data",
            PreviewData(str(path), reader, options),
            lane="work",
            on_result=on_result,
            on_error=on_error,
        )

    def relocate_data(
        self, data: int, path: str, on_done: Callable[[], None], on_error: Callable[[Exception], None]
    ) -> None:
        """Take another place for a data set's file, which is read beside the window."""

        def found(dataset: Dataset) -> None:
            self._desk.guard(lambda: self._workspace.accept_relocated(data, dataset))
            on_done()

        request = RelocateData(str(self._workspace.path), data, path)
        self._desk.errands.send("relocate_data", request, f"Reading {Path(path).name}", found, on_error)

    def _load(self, request: LoadData, message: str, opened: str | None = None) -> None:
        def loaded(dataset: Dataset) -> None:
            if self._desk.guard(lambda: self._workspace.add_data(dataset)) is None:
                return
            told = f"Opened {dataset.name}: {len(dataset):,} samples"
            if left_out := dataset.origin.left_out:
                self._desk.notice.emit("warn", f"{told}. {left_out}")
            else:
                self._desk.notice.emit("info", told)
            if opened:
                self.file_opened.emit(opened)

        self._desk.errands.send("load_data", request, message, loaded)

    def _read_needed(self, data: int) -> None:
        """Read a data set of the project whose file is not read yet."""
        try:
            request = self._workspace.load_request(data)
        except InputError as reason:
            self._missing(data, reason)
            return
        message = f"Reading {Path(request.path).name}"
        self._desk.errands.send("load_data", request, message, lambda dataset: self._provide(data, dataset))

    def _provide(self, data: int, dataset: Dataset) -> None:
        try:
            self._workspace.provide_data(data, dataset)
        except InputError as reason:
            self._missing(data, reason)

    def _missing(self, data: int | None, reason: InputError) -> None:
        if isinstance(reason, MissingDataError) and data is not None:
            self.data_missing.emit(data, reason)
        else:
            self._desk.failed.emit(reason)
