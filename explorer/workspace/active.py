"""What is active in a workspace: its signals, its state, and how one data set or run gives way to another."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.events import Signal
from explorer.workspace import view_state
from explorer.workspace.commands import Command, UndoStack
from explorer.workspace.messages import ModelRef
from explorer.workspace.named_sets import NamedSet
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.stored_data import DataEntry


class ActiveState:
    """What `Workspace` knows; the actions upon it are in classes of their own, one for each kind."""

    data_changed = Signal()
    """Another data set is active, it was read, or the list of sets changed."""
    columns_changed = Signal()
    """The active data set has other columns, and is else the same."""
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
    sets_changed = Signal()
    """Named sets of samples came, went, or have other names."""
    colouring_changed = Signal()
    undo_changed = Signal()
    project_changed = Signal()
    """Another project file is open, or the same by another name."""

    def __init__(self, project: ProjectFile, *, read_files: bool = True) -> None:
        self._read_files = read_files
        self._undo = UndoStack()
        try:
            self._take(project)
        except InputError:
            project.close()
            raise

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
        self._sets: tuple[NamedSet, ...] = ()
        self._colouring = ""
        self.missing: InputError | None = None
        """Why the active data set could not be read; a `MissingDataError` where its file must be found."""
        self.pending_data: int | None = None
        run, data = project.get_state("active_run"), project.get_state("active_data")
        known = [entry.id for entry in self._entries]
        self._use_data(data if data in known else (known[-1] if known else None))
        self._use_run(run if run in [each.id for each in self.runs if each.data == self._data_id] else None)

    @property
    def path(self) -> Path:
        """The project file."""
        return self.project.path

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

    # Runs

    @property
    def runs(self) -> list[Run]:
        """All runs, the newest first."""
        return sorted(self._runs.values(), key=lambda run: run.id, reverse=True)

    @property
    def run(self) -> Run | None:
        """The active run: the one whose map is shown."""
        return None if self._run_id is None else self._runs.get(self._run_id)

    @property
    def codes(self) -> np.ndarray | None:
        """The codes of all samples ``(N, L)`` under the active run, as of its latest snapshot; None before any."""
        return self._codes

    @property
    def model_ref(self) -> ModelRef | None:
        """The weights of the active run; None before any."""
        run = self.run
        return None if run is None or run.version == 0 else ModelRef(str(self.path), run.id, run.version)

    # What is seen

    @property
    def selection(self) -> np.ndarray:
        """The selected samples' indices, int64, sorted."""
        return self._selection

    @property
    def sets(self) -> tuple[NamedSet, ...]:
        """The named sets of the active data set, in the order in which they were made."""
        return self._sets

    @property
    def colouring(self) -> str:
        """By what the samples are coloured: "label", a column's name, "sets", "split" or ""."""
        return self._colouring

    @property
    def colourings(self) -> list[str]:
        """What `set_colouring` takes now."""
        return view_state.colourings(self.data, self._sets)

    def colour_values(self) -> tuple[view_state.ColourKind, np.ndarray, tuple[str, ...]]:
        """Return by what each sample is coloured; see `explorer.workspace.view_state.colour_values`."""
        return view_state.colour_values(self.data, self._colouring, self._sets)

    # Going over to other data or another run

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
            self.sets_changed.emit()
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
        self._selection = np.empty(0, dtype=np.int64) if data is None else self.project.selection(data, count)
        self._sets = () if data is None else self.project.sets(data, count)
        colouring = self.project.get_state(f"colouring:{data}")
        known = colouring in view_state.colourings(dataset, self._sets)
        self._colouring = colouring if known else view_state.default_colouring(dataset)

    def _use_run(self, run: int | None) -> None:
        codes = None if run is None else self.project.codes(run)
        if run is not None and codes is not None:
            # In a damaged file they may be of other data; the rest of the project is of use without them.
            samples = {entry.id: entry.shape[0] for entry in self._entries}
            codes = codes if len(codes) == samples[self._runs[run].data] else None
        self._run_id, self._codes = run, codes

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
