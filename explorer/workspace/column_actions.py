"""Facts about samples that an analysis found, as columns of their data: clusters, outlier scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from explorer.errors import InputError
from explorer.workspace.commands import Command
from explorer.workspace.view_actions import ViewActions

RESERVED = ("", "label", "split", "sample", "name")
"""Names that mean something else already: in the list of colourings, or in an exported table."""


class ColumnActions(ViewActions):
    """Adding columns to the active data set and taking them away again. They are kept in the project."""

    @property
    def added_columns(self) -> list[str]:
        """The columns of the active data set that were added here; the others came with the data."""
        return [] if self._data_id is None else self.project.added_columns(self._data_id)

    def add_column(self, name: str, values: np.ndarray) -> None:
        """Keep a fact about each sample; one that was added by that name before is replaced. Can be undone.

        Parameters
        ----------
        name : str
        values : ndarray ``(N,)``
            Numbers, by which the map is coloured along a scale, or text, which names classes.

        Raises
        ------
        InputError
            If there are no data, the values do not fit them, or the name is taken by what came with the data.
        """
        self._change_column("add column", name, self._checked_column(name, values))

    def remove_column(self, name: str) -> None:
        """Take a column away that was added. Can be undone.

        Raises
        ------
        InputError
            If there is none of that name, or it came with the data.
        """
        if name not in self.added_columns:
            known = ", ".join(self.added_columns) or "none"
            raise InputError(f"no column '{name}' was added to the data", remedy=f"Those that were: {known}")
        self._change_column("remove column", name, None)

    def colour_by_result(self, name: str, values: np.ndarray) -> None:
        """Add a column, and colour the samples by it: one thing to undo; see `add_column`."""
        self._change_column("colour by result", name, self._checked_column(name, values), colour=True)

    def _checked_column(self, name: str, values: np.ndarray) -> np.ndarray:
        data = self.data
        if data is None:
            raise self.missing or InputError("there are no data to add a column to", remedy="Open some first")
        column = np.array(values)
        if name in RESERVED or (name in data.columns and name not in self.added_columns):
            raise InputError(f"a column cannot be called '{name}' here", remedy="Choose another name")
        if column.shape != (len(data),) or column.dtype.kind not in "fiubU":
            raise InputError(
                f"values of shape {column.shape} and {column.dtype} are no column of {len(data)} samples",
                remedy="Give a number or a text for each sample",
            )
        return column

    def _change_column(self, text: str, name: str, after: np.ndarray | None, *, colour: bool = False) -> None:
        data, dataset = self._data_id, self.data
        assert data is not None
        assert dataset is not None
        before = dataset.columns.get(name)
        colouring = self._colouring
        # A colouring goes with its column.
        then = name if colour else ("" if after is None and colouring == name else colouring)

        def call(column: np.ndarray | None, coloured: str) -> None:
            self.project.write_column(data, name, column)
            current = self._datasets.get(data)
            if current is not None:
                columns = {key: value for key, value in current.columns.items() if key != name}
                if column is not None:
                    columns[name] = column
                self._datasets[data] = replace(current, columns=columns)
            if data == self._data_id:
                self.columns_changed.emit()
            self._set_colouring(data, coloured)

        self._push(Command(text, lambda: call(after, then), lambda: call(before, colouring)))
