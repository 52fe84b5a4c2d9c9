"""What a person chooses to see in a workspace."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.errors import InputError
from explorer.workspace import view_state
from explorer.workspace.active import ActiveState
from explorer.workspace.commands import Command
from explorer.workspace.named_sets import NamedSet


class ViewActions(ActiveState):
    """Selecting and colouring samples. Each data set keeps its own."""

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
        if data is not None and count:
            self.project.write_selection(data, NamedSet.of("", selection, count))
        if data == self._data_id:
            self._selection = selection
            self.selection_changed.emit()

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
