"""What can be done with the data sets of a workspace."""

from __future__ import annotations

from pathlib import Path

from explorer.data.dataset import Dataset
from explorer.errors import InputError, MissingDataError
from explorer.workspace.active import ActiveState
from explorer.workspace.commands import Command
from explorer.workspace.messages import LoadData
from explorer.workspace.stored_data import Parcel


class DataActions(ActiveState):
    """Adding, choosing, finding and removing data sets."""

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
            for signal in (self.data_changed, self.selection_changed, self.sets_changed, self.colouring_changed):
                signal.emit()

    def relocate_data(self, data: int, path: str | Path) -> None:
        """Take another place for a data set's file.

        Raises
        ------
        InputError
            If the file holds other data.
        """
        self.accept_relocated(data, self.project.relocate_data(data, path))

    def accept_relocated(self, data: int, dataset: Dataset) -> None:
        """Go on with a data set whose file's new place a worker has written to the project."""
        self._entries = self.project.data_entries()
        self.provide_data(data, dataset)
