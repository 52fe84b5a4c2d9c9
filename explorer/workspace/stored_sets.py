"""Named sets of samples in a project file: a bit a sample, compressed where that is quick."""

from __future__ import annotations

import zlib

import numpy as np

from explorer.workspace import view_state
from explorer.workspace.database import Database, unpacking
from explorer.workspace.named_sets import NamedSet
from explorer.workspace.packing import unpack_json

_QUICK = 1 << 18
"""Bytes of bits up to which they are compressed: that of ten million samples would hold the window for frames."""


class StoredSets:
    """The named sets of a `ProjectFile`, in the order in which they were made."""

    _db: Database

    def write_sets(self, data: int, before: tuple[NamedSet, ...], after: tuple[NamedSet, ...]) -> None:
        """Keep the sets `after` of a data set in place of those `before`; only what is new among them is written."""
        known, wanted = {each.name: each for each in before}, {each.name: each for each in after}
        with self._db.transaction():
            for name in known.keys() - wanted.keys():
                self._db.write("DELETE FROM sets WHERE data = ? AND name = ?", (data, name))
            for place, each in enumerate(after):
                if known.get(each.name) is each:
                    self._db.write("UPDATE sets SET place = ? WHERE data = ? AND name = ?", (place, data, each.name))
                    continue
                self._db.write(
                    "INSERT OR REPLACE INTO sets VALUES (?, ?, ?, ?, ?)",
                    (data, each.name, place, each.size, _packed(each)),
                )

    def write_selection(self, data: int, selection: NamedSet) -> None:
        """Keep which samples of a data set are selected: as a set without a name."""
        self._db.write(
            "INSERT OR REPLACE INTO sets VALUES (?, ?, ?, ?, ?)", (data, "", -1, selection.size, _packed(selection))
        )

    def selection(self, data: int, size: int) -> np.ndarray:
        """Return the selected samples of a data set of so many, int64, ascending; none where it does not fit."""
        for each in self._read_sets(data, size, "name = ''"):
            return each.indices
        return view_state.selection_from_json(self._before_sets(data), size)

    def _before_sets(self, data: int) -> object:
        """Return the selection as it was kept by a version before this; None where there was none."""
        found = self._db.rows("SELECT value FROM state WHERE key = ?", (f"selection:{data}",))
        with unpacking(self._db.path):
            return unpack_json(found[0][0], object) if found else None

    def sets(self, data: int, size: int) -> tuple[NamedSet, ...]:
        """Return the sets of a data set of `size` samples; those that do not fit, as in a damaged file, are left out.

        Raises
        ------
        InputError
            If the project is damaged there.
        """
        return tuple(self._read_sets(data, size, "name != ''"))

    def _read_sets(self, data: int, size: int, which: str) -> list[NamedSet]:
        found = []
        wanted = (size + 7) // 8
        statement = f"SELECT name, samples, bits FROM sets WHERE data = ? AND {which} ORDER BY place, rowid"
        rows = self._db.rows(statement, (data,))
        with unpacking(self._db.path):
            for name, samples, packed in rows:
                raw = packed
                if len(raw) != wanted:
                    # No more than it must be: a stranger's file may hold bytes that unpack to gigabytes.
                    raw = zlib.decompressobj().decompress(packed, wanted + 1)
                if samples == size and len(raw) == wanted:
                    found.append(NamedSet(str(name), size, np.frombuffer(raw, np.uint8)))
        return found


def _packed(each: NamedSet) -> bytes:
    """Return the bits of a set, compressed where that is quick and helps."""
    raw = each.bits.tobytes()
    packed = zlib.compress(raw, 1) if len(raw) <= _QUICK else raw
    return packed if len(packed) < len(raw) else raw
