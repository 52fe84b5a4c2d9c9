"""Named sets of the samples of the active data set: made of selections and of each other, kept in the project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from explorer.errors import InputError
from explorer.workspace import view_state
from explorer.workspace.commands import Command
from explorer.workspace.named_sets import NamedSet, Operation, checked_name, combined
from explorer.workspace.view_actions import ViewActions


class SetActions(ViewActions):
    """Naming, combining, renaming and removing sets. All of it can be undone."""

    def set_called(self, name: str) -> NamedSet:
        """Return a set of the active data set.

        Raises
        ------
        InputError
            If there is none of that name.
        """
        for each in self.sets:
            if each.name == name:
                return each
        known = ", ".join(each.name for each in self.sets) or "none"
        raise InputError(f"there is no set '{name}'", source=self.path, remedy=f"There are: {known}")

    def name_set(self, name: str, indices: Any = None) -> NamedSet:
        """Keep samples by a name, by default the selected ones, and return the set.

        Raises
        ------
        InputError
            If there are no data, the name is empty or taken, or a sample does not exist.
        """
        data = self._data_with_samples()
        chosen = self.selection if indices is None else view_state.as_selection(indices, len(data))
        return self.keep_set(NamedSet.of(checked_name(name, self._names()), chosen, len(data)))

    def keep_set(self, new: NamedSet) -> NamedSet:
        """Keep a set that was made already: of very many samples that is done beside the window."""
        size = len(self._data_with_samples())
        if new.size != size:
            raise InputError(f"a set of {new.size:,} samples is none of data of {size:,}")
        new = new.renamed(checked_name(new.name, self._names()))
        self._change_sets("name set", (*self.sets, new))
        return new

    def combine_sets(self, operation: Operation, names: Sequence[str], name: str) -> NamedSet:
        """Keep the union or intersection of sets, or the first without the others, by another name; return it."""
        return self.keep_set(combined(operation, [self.set_called(each) for each in names], name))

    def complement_set(self, of: str, name: str) -> NamedSet:
        """Keep all samples that are not in a set by another name, and return them."""
        return self.keep_set(self.set_called(of).complement(name))

    def rename_set(self, before: str, after: str) -> None:
        """Give a set another name."""
        known = self.set_called(before)
        after = checked_name(after, [name for name in self._names() if name != before])
        if after != before:
            sets = tuple(each.renamed(after) if each is known else each for each in self.sets)
            self._change_sets("rename set", sets)

    def remove_set(self, name: str) -> None:
        """Take a set out of the project; its samples stay."""
        known = self.set_called(name)
        self._change_sets("delete set", tuple(each for each in self.sets if each is not known))

    def select_set(self, name: str, *, add: bool = False) -> None:
        """Select the samples of a set, on top of those that are selected where `add`."""
        found = self.set_called(name).indices
        self.select(np.union1d(self.selection, found) if add else found)

    def _names(self) -> list[str]:
        return [each.name for each in self.sets]

    def _data_with_samples(self) -> Any:
        if self.data is None:
            raise self.missing or InputError("there are no data to name samples of", remedy="Open some first")
        return self.data

    def _change_sets(self, text: str, after: tuple[NamedSet, ...]) -> None:
        data, before = self._data_id, self.sets
        colouring = self._colouring
        then = view_state.default_colouring(self.data) if colouring == view_state.SETS and not after else colouring

        def call(sets: tuple[NamedSet, ...], known: tuple[NamedSet, ...], coloured: str) -> None:
            assert data is not None
            self.project.write_sets(data, known, sets)
            if data == self._data_id:
                self._sets = sets
                self.sets_changed.emit()
            self._set_colouring(data, coloured)

        self._push(Command(text, lambda: call(after, before, then), lambda: call(before, after, colouring)))
