"""Maps of runs' codes that took long to lay out, kept in a project file."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from explorer.workspace.database import Database, unpacking
from explorer.workspace.packing import pack_array, pack_json, unpack_array, unpack_json


class MapLayout(msgspec.Struct, frozen=True):
    """Where a method put the codes of a run, as they were at a version of its weights, after an epoch.

    `coordinates` ``(N, dims)`` float32, NaN for codes that were no numbers; `note` is a remark for a person.
    """

    run: int
    method: str
    dims: int
    version: int
    epoch: int
    coordinates: np.ndarray
    params: dict[str, Any] = {}
    note: str = ""


class StoredLayouts:
    """The layouts of a `ProjectFile`: one for each run, method and number of dimensions, the newest."""

    _db: Database

    def write_layout(self, layout: MapLayout) -> None:
        """Keep a layout in place of the one before."""
        self._db.write(
            "INSERT OR REPLACE INTO layouts VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                layout.run, layout.method, layout.dims, layout.version, layout.epoch,
                pack_json(layout.params), layout.note, pack_array(np.asarray(layout.coordinates, dtype=np.float32)),
            ),
        )  # fmt: skip

    def layout(self, run: int, method: str, dims: int) -> MapLayout | None:
        """Return the layout of a run by a method; None where there is none.

        Raises
        ------
        InputError
            If the project is damaged there.
        """
        found = self._db.rows(
            "SELECT version, epoch, params, note, coordinates FROM layouts WHERE run = ? AND method = ? AND dims = ?",
            (run, method, dims),
        )
        if not found:
            return None
        version, epoch, params, note, packed = found[0]
        with unpacking(self._db.path):
            coordinates = unpack_array(packed)
            if coordinates.dtype != np.float32 or coordinates.ndim != 2 or coordinates.shape[1] != dims:
                raise ValueError("no coordinates of a map")
            facts = unpack_json(params, dict[str, Any])
            return MapLayout(run, method, dims, int(version), int(epoch), coordinates, facts, str(note))
