"""Runs in a project file, with their weights and codes; and what a process that trains one writes."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from explorer.errors import Cancelled, InputError
from explorer.training.history import History
from explorer.workspace.database import Database, unpacking
from explorer.workspace.packing import pack_array, pack_json, unpack_array, unpack_json
from explorer.workspace.run import Run
from explorer.workspace.stored_data import Parcel, taken

_RUN_FIELDS = tuple(name for name in Run.__struct_fields__ if name != "id")
_JSON_FIELDS = {
    "params": dict[str, Any],
    "history": History,
    "metrics": dict[str, dict[str, float]],
    "provenance": dict,
}


class StoredRuns:
    """The runs of a `ProjectFile`."""

    _db: Database

    def add_run(self, run: Run) -> Run:
        """Keep a new run and return it with its id (that of `run` is not looked at)."""
        names = [*_RUN_FIELDS]
        marks = ", ".join("?" * len(names))
        cursor = self._db.write(
            f"INSERT INTO runs ({', '.join(names)}) VALUES ({marks})", tuple(_column(run, name) for name in names)
        )
        return msgspec.structs.replace(run, id=cursor.lastrowid)

    def runs(self) -> list[Run]:
        """Return all runs, the newest first."""
        found = self._db.rows(f"SELECT id, {', '.join(_RUN_FIELDS)} FROM runs ORDER BY id DESC")
        return [self._run(row) for row in found]

    def run(self, run: int) -> Run:
        """Return one run.

        Raises
        ------
        InputError
            If there is none of that id.
        """
        found = self._db.rows(f"SELECT id, {', '.join(_RUN_FIELDS)} FROM runs WHERE id = ?", (run,))
        if not found:
            raise InputError(f"the project has no run {run}", source=self._db.path)
        return self._run(found[0])

    def _run(self, row: tuple[Any, ...]) -> Run:
        facts = dict(zip(("id", *_RUN_FIELDS), row, strict=True))
        with unpacking(self._db.path):
            for name, kind in _JSON_FIELDS.items():
                facts[name] = unpack_json(facts[name], kind)
            return msgspec.convert(facts, Run)

    def change_run(self, run: int, **fields: Any) -> None:
        """Write some fields of a run and leave the others, which another process may be writing."""
        row = msgspec.structs.replace(_BLANK, **fields)
        assignments = ", ".join(f"{name} = ?" for name in fields)
        values = tuple(_column(row, name) for name in fields)
        self._db.write(f"UPDATE runs SET {assignments} WHERE id = ?", (*values, run))

    def delete_run(self, run: int) -> Parcel:
        """Take a run with its weights out of the project; `restore` undoes it."""
        with self._db.transaction():
            tables = (("runs", "id"), ("weights", "run"), ("layouts", "run"), ("past_codes", "run"))
            parcel = Parcel(tuple(taken(self._db, table, column, [run]) for table, column in tables))
            self._db.write("DELETE FROM runs WHERE id = ?", (run,))
        return parcel

    def weights(self, run: int) -> tuple[bytes, int]:
        """Return a run's newest weights and their version.

        Raises
        ------
        InputError
            If it has none yet.
        """
        found = self._db.rows("SELECT blob, version FROM weights JOIN runs ON id = run WHERE run = ?", (run,))
        if not found:
            raise InputError(f"run {run} has no trained model yet", source=self._db.path, remedy="Train it first")
        blob, version = found[0]
        if not isinstance(blob, bytes):
            raise InputError(f"the project is damaged: run {run} has no weights", source=self._db.path)
        return blob, version

    def codes(self, run: int) -> np.ndarray | None:
        """Return the codes of all samples ``(N, L)`` of a run, None where it has none."""
        found = self._db.rows("SELECT codes FROM weights WHERE run = ?", (run,))
        if not found or found[0][0] is None:
            return None
        with unpacking(self._db.path):
            codes = unpack_array(found[0][0])
        if codes.ndim != 2 or codes.dtype.kind != "f":
            raise InputError(f"the project is damaged: the codes of run {run} are no codes", source=self._db.path)
        return codes

    # Training, which another process does

    def start_training(self, run: int, trainer: str) -> None:
        """Mark a run as trained by `trainer`, a token that only that process knows, from now on."""
        self._db.write("UPDATE runs SET status = 'training', trainer = ? WHERE id = ?", (trainer, run))

    def write_snapshot(
        self, run: int, weights: bytes, codes: np.ndarray | None, history: History, *, trainer: str = ""
    ) -> int:
        """Keep a run's weights, codes and history in one transaction, and return the new version.

        Parameters
        ----------
        run : int
        weights : bytes
            Of `LatentModel.to_bytes`.
        codes : ndarray or None ``(N, L)``
            Of all samples under these weights; None leaves those that there are.
        history : History
            Up to these weights.
        trainer : str
            The token of `start_training`, where that was called.

        Raises
        ------
        Cancelled
            If the run was deleted, or is no longer this trainer's.
        InputError
            If it cannot be written; then all is as before.
        """
        packed = None if codes is None else pack_array(codes)
        with self._db.transaction():
            changed = self._db.write(
                "UPDATE runs SET version = version + 1, history = ? WHERE id = ? AND trainer = ?",
                (pack_json(history), run, trainer),
            )
            if changed.rowcount != 1:
                raise Cancelled
            self._db.write(
                "INSERT INTO weights VALUES (?, ?, ?) ON CONFLICT (run) DO UPDATE "
                "SET blob = excluded.blob, codes = coalesce(excluded.codes, codes)",
                (run, weights, packed),
            )
            return self._db.rows("SELECT version FROM runs WHERE id = ?", (run,))[0][0]

    def end_training(self, run: Run, *, trainer: str) -> None:
        """Write how a training ended, if it still is this trainer's."""
        with self._db.transaction():
            if self._db.rows("SELECT 1 FROM runs WHERE id = ? AND trainer = ?", (run.id, trainer)):
                # The name is the person's, who may have changed it since.
                names = [name for name in _RUN_FIELDS if name not in ("version", "name", "data")]
                self.change_run(run.id, **{name: getattr(run, name) for name in names})
                self._db.write("UPDATE runs SET trainer = '' WHERE id = ?", (run.id,))

    def interrupt_trainings(self) -> list[int]:
        """Mark the runs that a process left in training, and return their ids. Its late words are not heard."""
        with self._db.transaction():
            found = self._db.rows("SELECT id FROM runs WHERE status IN ('queued', 'training', 'paused')")
            self._db.write(
                "UPDATE runs SET status = 'interrupted', trainer = '' WHERE status IN ('queued', 'training', 'paused')"
            )
        return [row[0] for row in found]


_BLANK = Run(id=0, name="", data=0, recipe="")


def _column(run: Run, name: str) -> Any:
    value = getattr(run, name)
    return pack_json(value) if name in _JSON_FIELDS else value
