"""What is open now. The window and the command line change it, and hear what changed; it knows no Qt."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from psygnal import Signal

from explorer.data.corruption import parse_corruption
from explorer.data.dataset import Dataset
from explorer.errors import InputError, MissingDataError
from explorer.models.base import RECIPES
from explorer.parameters import validate
from explorer.workspace import view_state
from explorer.workspace.commands import Command, UndoStack
from explorer.workspace.messages import EpochUpdate, LoadData, ModelRef, TrainOutcome
from explorer.workspace.places import is_untitled
from explorer.workspace.project import Parcel, ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.stored_data import DataEntry


class Workspace:
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

    data_changed = Signal()
    """Another data set is active, it was read, or the list of sets changed."""
    data_needed = Signal(int)
    """The data set of that id waits for `provide_data`."""
    runs_changed = Signal()
    """A run came or went."""
    run_changed = Signal(int)
    """What is known of one run changed."""
    active_run_changed = Signal()
    codes_changed = Signal()
    """The codes of the active run are others, be it another run or a later epoch."""
    selection_changed = Signal()
    colouring_changed = Signal()
    undo_changed = Signal()
    project_changed = Signal()
    """Another project file is open, or the same by another name."""

    def __init__(self, project: ProjectFile, *, read_files: bool = True) -> None:
        self._read_files = read_files
        self._undo = UndoStack()
        self._take(project)

    def _take(self, project: ProjectFile) -> None:
        project.claim()
        project.interrupt_trainings()
        self.project = project
        self._undo.clear()
        self._datasets: dict[int, Dataset] = {}
        self._entries = project.data_entries()
        self._runs = {run.id: run for run in project.runs()}
        self._data_id: int | None = None
        self._run_id: int | None = None
        self._codes: np.ndarray | None = None
        self._selection = np.empty(0, dtype=np.int64)
        self._colouring = ""
        self.missing: InputError | None = None
        """Why the active data set could not be read; a `MissingDataError` where its file must be found."""
        self.pending_data: int | None = None
        run, data = project.get_state("active_run"), project.get_state("active_data")
        known = [entry.id for entry in self._entries]
        self._use_data(data if data in known else (known[-1] if known else None))
        self._use_run(run if run in self._runs and self._runs[run].data == self._data_id else None)

    # The project

    @property
    def path(self) -> Path:
        """The project file."""
        return self.project.path

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
            self.selection_changed, self.colouring_changed, self.undo_changed,
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

    # Data

    @property
    def data_entries(self) -> list[DataEntry]:
        """The data sets of the project, the oldest first."""
        return list(self._entries)

    @property
    def data_id(self) -> int | None:
        """The active data set's id in the project."""
        return self._data_id

    @property
    def data(self) -> Dataset | None:
        """The active data set; None where there is none, or it could not be read (see `missing`, `pending_data`)."""
        return None if self._data_id is None else self._datasets.get(self._data_id)

    def add_data(self, dataset: Dataset) -> int:
        """Keep a data set in the project, make it the active one, and return its id."""
        data = self.project.add_data(dataset)
        self._datasets[data] = dataset
        self._entries = self.project.data_entries()
        if not self._activate(data, None):
            self.data_changed.emit()
        return data

    def activate_data(self, data: int) -> None:
        """Look at a data set, and at its newest run."""
        if data not in [entry.id for entry in self._entries]:
            raise InputError(f"the project has no data set {data}", source=self.path)
        if data != self._data_id:
            self._activate(data, self._newest_run(data))

    def remove_data(self, data: int) -> None:
        """Take a data set and the runs on it out of the project. Can be undone."""
        runs = [run for run in self._runs.values() if run.data == data]
        if any(run.active for run in runs):
            raise InputError("a training uses these data", remedy="Wait until it ends, or cancel it")
        taken: list[Parcel] = []
        shown = (self._data_id, self._run_id)
        kept = self._datasets.get(data)

        def do() -> None:
            taken.append(self.project.remove_data(data))
            self._datasets.pop(data, None)
            self._reload()
            if self._data_id == data:
                others = [entry.id for entry in self._entries]
                other = others[-1] if others else None
                self._activate(other, None if other is None else self._newest_run(other))
            else:
                self.data_changed.emit()

        def undo() -> None:
            self.project.restore(taken[-1])
            taken.pop()
            if kept is not None:
                self._datasets[data] = kept
            self._reload()
            if not self._activate(*shown):
                self.data_changed.emit()

        self._push(Command("remove data", do, undo))

    def load_request(self, data: int) -> LoadData:
        """Return the task that reads a data set's file, for `provide_data`.

        Raises
        ------
        MissingDataError
            If the file is not where it was.
        """
        return self.project.data_request(data)

    def provide_data(self, data: int, dataset: Dataset) -> None:
        """Give the data set that `data_needed` asked for, as read by `load_request`'s task.

        Raises
        ------
        MissingDataError
            If the file holds other data now.
        """
        try:
            self._datasets[data] = self.project.accept_data(data, dataset)
        except MissingDataError as reason:
            if data == self._data_id:
                self.missing, self.pending_data = reason, None
            raise
        if data == self._data_id:
            self._use_data(data)
            for signal in (self.data_changed, self.selection_changed, self.colouring_changed):
                signal.emit()

    def relocate_data(self, data: int, path: str | Path) -> None:
        """Take another place for a data set's file.

        Raises
        ------
        InputError
            If the file holds other data.
        """
        dataset = self.project.relocate_data(data, path)
        self._entries = self.project.data_entries()
        self.provide_data(data, dataset)

    def _activate(self, data: int | None, run: int | None) -> bool:
        """Look at a data set and a run on it; return whether that changed the data set."""
        data_before, run_before = self._data_id, self._run_id
        if data != data_before:
            self._use_data(data)
            self.project.set_state("active_data", data)
        if run != run_before:
            self._use_run(run)
            self.project.set_state("active_run", run)
        if data != data_before:
            self.data_changed.emit()
        if run != run_before:
            self.active_run_changed.emit()
            self.codes_changed.emit()
        if data != data_before:
            self.selection_changed.emit()
            self.colouring_changed.emit()
        return data != data_before

    def _use_data(self, data: int | None) -> None:
        self._data_id, self.missing, self.pending_data = data, None, None
        if data is not None and data not in self._datasets:
            embedded = next(entry.embedded for entry in self._entries if entry.id == data)
            if embedded or self._read_files:
                try:
                    self._datasets[data] = self.project.read_data(data)
                except InputError as reason:
                    self.missing = reason
            else:
                self.pending_data = data
                self.data_needed.emit(data)
        dataset = self.data
        count = 0 if dataset is None else len(dataset)
        stored = self.project.get_state(f"selection:{data}")
        self._selection = view_state.selection_from_json(stored, count)
        colouring = self.project.get_state(f"colouring:{data}")
        known = colouring in view_state.colourings(dataset)
        self._colouring = colouring if known else view_state.default_colouring(dataset)

    # Runs

    @property
    def runs(self) -> list[Run]:
        """All runs, the newest first."""
        return sorted(self._runs.values(), key=lambda run: run.id, reverse=True)

    @property
    def run(self) -> Run | None:
        """The active run: the one whose map is shown."""
        return None if self._run_id is None else self._runs.get(self._run_id)

    def activate_run(self, run: int | None) -> None:
        """Look at a run, and at its data; at none of the data's runs for None."""
        if run is None:
            self._activate(self._data_id, None)
        else:
            self._activate(self._known(run).data, run)

    def begin_run(self, recipe: str, params: dict[str, Any], corruption: str | None) -> Run:
        """Keep a new run on the active data, make it the active one, and return it; its training is the caller's.

        Raises
        ------
        InputError
            If there are no data, or the recipe, its parameters or the corruption do not exist or fit.
        """
        data = self.data
        if data is None or self._data_id is None:
            raise self.missing or InputError("there are no data to train on", remedy="Open some first")
        cls = RECIPES.load(recipe)
        chosen = validate(cls, params, owner=f"the model '{recipe}'")
        if data.layout not in cls.layouts:
            raise InputError(
                f"the model '{recipe}' does not take data of layout '{data.layout}'", source=data.name,
                remedy=f"It takes: {', '.join(cls.layouts)}",
            )  # fmt: skip
        if corruption is not None:
            parse_corruption(corruption)
        run = self.project.add_run(
            Run(
                id=0,
                name=self._free_name(cls.title or recipe),
                data=self._data_id,
                recipe=recipe,
                params=chosen,
                corruption=corruption,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
            )
        )
        self._runs[run.id] = run
        self.runs_changed.emit()
        self._activate(self._data_id, run.id)
        return run

    def note_epoch(self, update: EpochUpdate) -> None:
        """Take in an epoch of a run that trains; the worker has written it to the project."""
        run = self._runs.get(update.run)
        if run is None:
            return
        history = replace(run.history, epochs=[*run.history.epochs, update.epoch])
        status = "paused" if run.status == "paused" else "training"
        self._set_run(msgspec.structs.replace(run, history=history, version=update.version, status=status))
        if update.codes is not None and update.run == self._run_id:
            self._codes = update.codes
            self.codes_changed.emit()

    def pause_run(self, run: int, paused: bool) -> None:
        """Tell that a training was paused, or goes on."""
        known = self._known(run)
        if known.active:
            self._set_run(msgspec.structs.replace(known, status="paused" if paused else "training"))

    def end_run(self, outcome: TrainOutcome) -> None:
        """Take in how a training ended; the worker has written it to the project."""
        if outcome.run not in self._runs:
            return
        self._set_run(self.project.run(outcome.run))
        if outcome.run == self._run_id:
            self._codes = outcome.codes
            self.codes_changed.emit()

    def fail_run(self, run: int, message: str) -> None:
        """Take in that a training failed, in the words of the worker where it still could write them."""
        if run not in self._runs:
            return
        if self.project.run(run).active:
            self.project.change_run(run, status="failed", error=message)
        self._set_run(self.project.run(run))

    def rename_run(self, run: int, name: str) -> None:
        """Give a run another name. Can be undone."""
        before, name = self._known(run).name, name.strip()
        if not name:
            raise InputError("a run needs a name")

        def call(it: str) -> None:
            self.project.change_run(run, name=it)
            self._set_run(msgspec.structs.replace(self._runs[run], name=it))

        if name != before:
            self._push(Command("rename run", lambda: call(name), lambda: call(before)))

    def delete_run(self, run: int) -> None:
        """Take a run with its weights out of the project. Can be undone."""
        known = self._known(run)
        if known.active:
            raise InputError("this run is in training", remedy="Cancel it first")
        taken: list[Parcel] = []
        shown = self._run_id == run

        def do() -> None:
            taken.append(self.project.delete_run(run))
            self._reload()
            if shown:
                self._activate(self._data_id, self._newest_run(known.data))

        def undo() -> None:
            self.project.restore(taken[-1])
            taken.pop()
            self._reload()
            if shown:
                self._activate(known.data, run)

        self._push(Command("delete run", do, undo))

    def _known(self, run: int) -> Run:
        if run not in self._runs:
            raise InputError(f"the project has no run {run}", source=self.path)
        return self._runs[run]

    def _set_run(self, run: Run) -> None:
        if self._runs.get(run.id) != run:
            self._runs[run.id] = run
            self.run_changed.emit(run.id)

    def _reload(self) -> None:
        """Read the lists of data and runs anew, after some went or came back."""
        self._entries = self.project.data_entries()
        before = set(self._runs)
        training = {run.id: run for run in self._runs.values() if run.active}  # known better here than in the file
        self._runs = {run.id: training.get(run.id, run) for run in self.project.runs()}
        if set(self._runs) != before:
            self.runs_changed.emit()

    def _newest_run(self, data: int) -> int | None:
        return next((run.id for run in self.runs if run.data == data), None)

    def _free_name(self, title: str) -> str:
        taken = {run.name for run in self._runs.values()}
        return next(name for i in range(1, len(taken) + 2) if (name := f"{title} {i}") not in taken)

    def _use_run(self, run: int | None) -> None:
        self._run_id = run
        self._codes = None if run is None else self.project.codes(run)

    # What is seen

    @property
    def codes(self) -> np.ndarray | None:
        """The codes of all samples ``(N, L)`` under the active run, as of its latest snapshot; None before any."""
        return self._codes

    @property
    def model_ref(self) -> ModelRef | None:
        """The weights of the active run; None before any."""
        run = self.run
        return None if run is None or run.version == 0 else ModelRef(str(self.path), run.id, run.version)

    @property
    def selection(self) -> np.ndarray:
        """The selected samples' indices, int64, sorted."""
        return self._selection

    def select(self, indices: Any) -> None:
        """Select samples by their indices. Can be undone.

        Raises
        ------
        InputError
            If one does not exist.
        """
        before, data = self._selection, self._data_id
        chosen = view_state.as_selection(indices, 0 if self.data is None else len(self.data))
        if not np.array_equal(chosen, before):
            self._push(
                Command(
                    "select samples",
                    lambda: self._set_selection(data, chosen),
                    lambda: self._set_selection(data, before),
                    key=f"select:{data}",
                )
            )

    def _set_selection(self, data: int | None, selection: np.ndarray) -> None:
        count = 0 if data is None or data not in self._datasets else len(self._datasets[data])
        self.project.set_state(f"selection:{data}", view_state.selection_to_json(selection, count))
        if data == self._data_id:
            self._selection = selection
            self.selection_changed.emit()

    @property
    def colouring(self) -> str:
        """By what the samples are coloured: "label", a column's name, "split" or ""."""
        return self._colouring

    @property
    def colourings(self) -> list[str]:
        """What `set_colouring` takes now."""
        return view_state.colourings(self.data)

    def set_colouring(self, name: str) -> None:
        """Colour the samples by something else. Can be undone.

        Raises
        ------
        InputError
            If the data have no such column.
        """
        before, data = self._colouring, self._data_id
        if name not in self.colourings:
            raise InputError(f"the data have no column '{name}'", remedy=f"Choose one of: {', '.join(self.colourings)}")
        if name != before:
            self._push(
                Command("colour", lambda: self._set_colouring(data, name), lambda: self._set_colouring(data, before))
            )

    def _set_colouring(self, data: int | None, name: str) -> None:
        self.project.set_state(f"colouring:{data}", name)
        if data == self._data_id:
            self._colouring = name
            self.colouring_changed.emit()

    def colour_values(self) -> tuple[view_state.ColourKind, np.ndarray, tuple[str, ...]]:
        """Return by what each sample is coloured; see `explorer.workspace.view_state.colour_values`."""
        return view_state.colour_values(self.data, self._colouring)

    # Undo

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return bool(self._undo.undo_text)

    @property
    def can_redo(self) -> bool:
        """Whether there is something to do again."""
        return bool(self._undo.redo_text)

    @property
    def undo_text(self) -> str:
        """What `undo` would take back: ``"delete run"``; empty where nothing."""
        return self._undo.undo_text

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; empty where nothing."""
        return self._undo.redo_text

    def undo(self) -> None:
        """Take back the last thing done, if there is one."""
        if self._undo.undo():
            self.undo_changed.emit()

    def redo(self) -> None:
        """Do again what was undone last, if there is something."""
        if self._undo.redo():
            self.undo_changed.emit()

    def _push(self, command: Command) -> None:
        self._undo.push(command)
        self.undo_changed.emit()
