"""The project file: data sets, runs with their weights and codes, and what the window remembers, in one file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import Cancelled, InputError
from explorer.training.history import History
from explorer.workspace import stored_data
from explorer.workspace.database import Database, connect, create, input_error, unpacking
from explorer.workspace.messages import LoadData
from explorer.workspace.packing import pack_array, pack_json, unpack_array, unpack_json
from explorer.workspace.places import SUFFIX, Claim, untitled_path
from explorer.workspace.run import Run
from explorer.workspace.stored_data import DataEntry

_RUN_FIELDS = tuple(name for name in Run.__struct_fields__ if name != "id")
_JSON_FIELDS = {
    "params": dict[str, Any],
    "history": History,
    "metrics": dict[str, dict[str, float]],
    "provenance": dict,
}


class Parcel(msgspec.Struct, frozen=True):
    """Rows that were taken out of a project, whole, by table; `ProjectFile.restore` puts them back."""

    rows: tuple[tuple[str, list[tuple[Any, ...]]], ...]


class ProjectFile:
    """A project file that is open. Every change is a transaction and at once in the file.

    Several processes may have it open: the window, and a worker that trains. `create` and `open` make one.

    Attributes
    ----------
    path : Path
        Where it is, absolute.
    note : str
        A sentence for the person on how it was opened; empty where there is nothing to say.
    """

    def __init__(self, database: Database, note: str = "") -> None:
        self._db = database
        self.path = database.path
        self.note = note
        self._claim: Claim | None = None
        self._closed = False

    @classmethod
    def create(cls, path: str | Path) -> ProjectFile:
        """Make a new, empty project.

        Raises
        ------
        InputError
            If there is a file already, or it cannot be made.
        """
        path = Path(path).expanduser().absolute()
        create(path)
        return cls(connect(path))

    @classmethod
    def open(cls, path: str | Path) -> ProjectFile:
        """Open a project. One that cannot be written where it is, is copied to the untitled folder: see `note`.

        Raises
        ------
        InputError
            If it is no project, damaged, truncated, or made by a newer version.
        """
        path = Path(path).expanduser().absolute()
        if path.is_dir():
            raise InputError("this is a folder", source=path, remedy="Give a file")
        if not path.exists():
            raise InputError("there is no such project", source=path, remedy="Check the name and the folder")
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            copy = cls.open_copy(path)
            copy.note = f"{path.name} cannot be written where it is. This is a copy; save it to keep it by a name."
            return copy
        return cls(connect(path))

    @classmethod
    def open_copy(cls, path: str | Path) -> ProjectFile:
        """Open a copy of a project in the untitled folder, and leave the project itself as it is."""
        path = Path(path).expanduser().absolute()
        target = untitled_path(path.stem)
        journal = path.with_name(path.name + "-wal")
        try:
            if journal.exists():  # its writer was killed: the newest is still in the journal
                shutil.copyfile(journal, target.with_name(target.name + "-wal"))
            shutil.copyfile(path, target)
        except OSError as reason:
            raise InputError(f"the project cannot be copied: {reason.strerror or reason}", source=path) from reason
        try:
            return cls(connect(target))
        except InputError as reason:
            for leftover in (target, target.with_name(target.name + "-wal")):
                leftover.unlink(missing_ok=True)
            reason.source = str(path)
            raise

    # Who may change it as its window

    def claim(self) -> None:
        """Take the right to change the project as its window or command; workers need none.

        Raises
        ------
        InputError
            If another process on this machine has it.
        """
        if self._claim is None:
            claim = Claim(self.path)
            if not claim.take():
                who = f" (process {claim.holder})" if claim.holder else ""
                raise InputError(
                    f"the project is open in another Latentscape{who}",
                    source=self.path,
                    remedy="Close it there first, or open a copy of the file",
                )
            self._claim = claim

    def close(self) -> None:
        """Close it; one file without a journal remains once every process has."""
        if not self._closed:
            self._closed = True
            self._db.close()
            if self._claim is not None:
                self._claim.release()

    def checkpoint(self) -> None:
        """Bring everything into the one file, which may then be copied while it is open."""
        self._db.fold()

    def save_as(self, path: str | Path) -> None:
        """Write the whole project to another file, which is replaced only once all of it is on the disk.

        Raises
        ------
        InputError
            If that file is open in another Latentscape or cannot be written; it is then left as it was.
        """
        path = Path(path).expanduser().absolute()
        if path.exists() and path.samefile(self.path):
            self.checkpoint()
            return
        claim = Claim(path) if path.exists() else None
        if claim is not None and not claim.take():
            raise InputError("this project is open in another Latentscape", source=path, remedy="Close it there first")
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            self._copy_to(temporary, path)
            for leftover in ("-wal", "-shm"):  # of a killed program; it would be taken for the new file's journal
                path.with_name(path.name + leftover).unlink(missing_ok=True)
            os.replace(temporary, path)  # noqa: PTH105 - the call whose atomicity is meant
        except OSError as reason:
            raise InputError(
                f"the project cannot be written: {reason.strerror or reason}", source=path, remedy="Save it elsewhere"
            ) from reason
        finally:
            for leftover in ("", "-journal"):
                temporary.with_name(temporary.name + leftover).unlink(missing_ok=True)
            if claim is not None:
                claim.release()

    def _copy_to(self, temporary: Path, target: Path) -> None:
        """Write all of it to a temporary file that is to stand at `target`."""
        temporary.unlink(missing_ok=True)
        try:
            connection = sqlite3.connect(temporary, isolation_level=None)
            try:
                self._db.backup(connection)
                connection.execute("PRAGMA journal_mode = DELETE").fetchone()
                for row, origin in connection.execute("SELECT id, origin FROM data").fetchall():
                    relative = stored_data.relative_to(unpack_json(origin, stored_data.Origin), target.parent)
                    connection.execute("UPDATE data SET relative = ? WHERE id = ?", (relative, row))
            finally:
                connection.close()
        except sqlite3.Error as reason:
            raise input_error(reason, target) from reason
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())

    # Data

    def add_data(self, dataset: Dataset) -> int:
        """Keep a data set and return its id: a file's by its path and hash, all others whole."""
        with self._db.transaction():
            return stored_data.add(self._db, dataset)

    def data_entries(self) -> list[DataEntry]:
        """Return what is known of the data sets without reading them, the oldest first."""
        return stored_data.entries(self._db)

    def read_data(self, data: int) -> Dataset:
        """Return a data set.

        Raises
        ------
        MissingDataError
            If its file is not where it was, nor beside the project, or is another file now.
        InputError
            If there is none of that id, or its file cannot be read.
        """
        return stored_data.read(self._db, data)

    def data_request(self, data: int) -> LoadData:
        """Return the task that reads a data set's file elsewhere; `accept_data` takes its result.

        Raises
        ------
        MissingDataError
            If the file is not where it was, nor beside the project.
        """
        return stored_data.request(self._db, data)

    def accept_data(self, data: int, dataset: Dataset) -> Dataset:
        """Return what was read for a data set, under its name and split here.

        Raises
        ------
        MissingDataError
            If it is not what was there before.
        """
        return stored_data.accepted(self._db, data, dataset)

    def relocate_data(self, data: int, path: str | Path) -> Dataset:
        """Take `path` as the place of a data set's file from now on, and return the set.

        Raises
        ------
        InputError
            If it holds other data.
        """
        return stored_data.relocate(self._db, data, Path(path).expanduser().absolute())

    def rename_data(self, data: int, name: str) -> None:
        """Give a data set another name."""
        self._db.write("UPDATE data SET name = ? WHERE id = ?", (name, data))

    def remove_data(self, data: int) -> Parcel:
        """Take a data set and the runs on it out of the project; `restore` undoes it."""
        runs = [row[0] for row in self._db.rows("SELECT id FROM runs WHERE data = ?", (data,))]
        with self._db.transaction():
            rows = [self._taken("data", "id", [data]), self._taken("arrays", "data", [data])]
            rows += [self._taken("runs", "id", runs), self._taken("weights", "run", runs)]
            self._db.write("DELETE FROM runs WHERE data = ?", (data,))
            self._db.write("DELETE FROM data WHERE id = ?", (data,))
        return Parcel(tuple(rows))

    # Runs

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
            raise InputError(f"the project has no run {run}", source=self.path)
        return self._run(found[0])

    def _run(self, row: tuple[Any, ...]) -> Run:
        facts = dict(zip(("id", *_RUN_FIELDS), row, strict=True))
        with unpacking(self.path):
            for name, kind in _JSON_FIELDS.items():
                facts[name] = unpack_json(facts[name], kind)
            return msgspec.convert(facts, Run)

    def update_run(self, run: Run) -> None:
        """Write all of a run but its version, which only `write_snapshot` raises."""
        self.change_run(run.id, **{name: getattr(run, name) for name in _RUN_FIELDS if name != "version"})

    def change_run(self, run: int, **fields: Any) -> None:
        """Write some fields of a run and leave the others, which another process may be writing."""
        row = msgspec.structs.replace(_BLANK, **fields)
        assignments = ", ".join(f"{name} = ?" for name in fields)
        values = tuple(_column(row, name) for name in fields)
        self._db.write(f"UPDATE runs SET {assignments} WHERE id = ?", (*values, run))

    def delete_run(self, run: int) -> Parcel:
        """Take a run with its weights out of the project; `restore` undoes it."""
        with self._db.transaction():
            parcel = Parcel((self._taken("runs", "id", [run]), self._taken("weights", "run", [run])))
            self._db.write("DELETE FROM runs WHERE id = ?", (run,))
        return parcel

    def restore(self, parcel: Parcel) -> None:
        """Put back what `delete_run` or `remove_data` took out."""
        with self._db.transaction():
            for table, rows in parcel.rows:
                for row in rows:
                    self._db.write(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def _taken(self, table: str, column: str, ids: list[int]) -> tuple[str, list[tuple[Any, ...]]]:
        marks = ", ".join("?" * len(ids))
        return table, self._db.rows(f"SELECT * FROM {table} WHERE {column} IN ({marks})", tuple(ids))

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

    def weights(self, run: int) -> tuple[bytes, int]:
        """Return a run's newest weights and their version.

        Raises
        ------
        InputError
            If it has none yet.
        """
        found = self._db.rows("SELECT blob, version FROM weights JOIN runs ON id = run WHERE run = ?", (run,))
        if not found:
            raise InputError(f"run {run} has no trained model yet", source=self.path, remedy="Train it first")
        blob, version = found[0]
        if not isinstance(blob, bytes):
            raise InputError(f"the project is damaged: run {run} has no weights", source=self.path)
        return blob, version

    def codes(self, run: int) -> np.ndarray | None:
        """Return the codes of all samples ``(N, L)`` of a run, None where it has none."""
        found = self._db.rows("SELECT codes FROM weights WHERE run = ?", (run,))
        if not found or found[0][0] is None:
            return None
        with unpacking(self.path):
            codes = unpack_array(found[0][0])
        if codes.ndim != 2 or codes.dtype.kind != "f":
            raise InputError(f"the project is damaged: the codes of run {run} are no codes", source=self.path)
        return codes

    # What the window remembers

    def get_state(self, key: str, default: Any = None) -> Any:
        """Return what was kept under a key, as JSON; `default` where nothing was."""
        found = self._db.rows("SELECT value FROM state WHERE key = ?", (key,))
        with unpacking(self.path):
            return unpack_json(found[0][0], Any) if found else default

    def set_state(self, key: str, value: Any) -> None:
        """Keep a value, which JSON must be able to hold, under a key."""
        self._db.write("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, pack_json(value)))


_BLANK = Run(id=0, name="", data=0, recipe="")


def _column(run: Run, name: str) -> Any:
    value = getattr(run, name)
    return pack_json(value) if name in _JSON_FIELDS else value


def with_suffix(path: str | Path) -> Path:
    """Return `path` with the suffix of project files, added where it has none."""
    path = Path(path)
    return path if path.suffix else path.with_name(path.name + SUFFIX)
