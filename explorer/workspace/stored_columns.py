"""Columns that were added to data sets of a project: clusters, outlier scores."""

from __future__ import annotations

import numpy as np

from explorer.workspace import stored_data
from explorer.workspace.database import Database


class StoredColumns:
    """The added columns of a `ProjectFile`; `read_data` gives them with the others."""

    _db: Database

    def write_column(self, data: int, name: str, values: np.ndarray | None) -> None:
        """Keep a column of a data set in place of the one of that name; None takes it out."""
        field = stored_data.ADDED + name
        with self._db.transaction():
            self._db.write("DELETE FROM arrays WHERE data = ? AND field = ?", (data, field))
            if values is not None:
                stored_data.write_array(self._db, data, field, values)

    def added_columns(self, data: int) -> list[str]:
        """Return the names of the columns that were added to a data set."""
        found = self._db.rows("SELECT DISTINCT field FROM arrays WHERE data = ? ORDER BY rowid", (data,))
        return [field[len(stored_data.ADDED) :] for (field,) in found if str(field).startswith(stored_data.ADDED)]
