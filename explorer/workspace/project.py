"""The project file: data sets, runs with their weights, codes and maps, and what the window remembers, in one file."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.workspace import stored_data
from explorer.workspace.database import Database, connect, create, input_error, unpacking
from explorer.workspace.messages import LoadData
from explorer.workspace.packing import pack_json, unpack_json
from explorer.workspace.places import SUFFIX, Claim, untitled_path
from explorer.workspace.stored_columns import StoredColumns
from explorer.workspace.stored_data import DataEntry, Parcel
from explorer.workspace.stored_layouts import StoredLayouts
from explorer.workspace.stored_past import StoredPast
from explorer.workspace.stored_runs import StoredRuns
from explorer.workspace.stored_sets import StoredSets


class ProjectFile(StoredRuns, StoredPast, StoredLayouts, StoredColumns, StoredSets):
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
        self._passing = False

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
        path = _existing(path)
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            copy = cls.open_copy(path)
            copy.note = f"{path.name} cannot be written where it is. This is a copy; save it to keep it by a name."
            return copy
        return cls(connect(path))

    @classmethod
    def look(cls, path: str | Path) -> ProjectFile:
        """Open a project only to read it: not a byte of it changes, whoever else has it open.

        One of an older version is read by way of a copy, which is gone when it is closed.

        Raises
        ------
        InputError
            As `open`; and at every attempt to change it.
        """
        path = _existing(path)
        database = connect(path, write=False)
        if not database.outdated:
            return cls(database)
        database.close()
        copy = cls.open_copy(path)
        copy._passing = True
        return copy

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
            if self._passing:
                self.path.unlink(missing_ok=True)
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

    def remove_data(self, data: int) -> Parcel:
        """Take a data set and the runs on it out of the project; `restore` undoes it."""
        runs = [row[0] for row in self._db.rows("SELECT id FROM runs WHERE data = ?", (data,))]
        wanted = (
            ("data", "id", [data]), ("arrays", "data", [data]), ("sets", "data", [data]),
            ("runs", "id", runs), ("weights", "run", runs), ("layouts", "run", runs), ("past_codes", "run", runs),
        )  # fmt: skip
        with self._db.transaction():
            rows = tuple(stored_data.taken(self._db, *each) for each in wanted)
            self._db.write("DELETE FROM runs WHERE data = ?", (data,))
            self._db.write("DELETE FROM data WHERE id = ?", (data,))
        return Parcel(rows)

    def restore(self, parcel: Parcel) -> None:
        """Put back what `delete_run` or `remove_data` took out."""
        with self._db.transaction():
            for table, rows in parcel.rows:
                for row in rows:
                    self._db.write(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    # What the window remembers

    def get_state(self, key: str, default: Any = None) -> Any:
        """Return what was kept under a key, as JSON; `default` where nothing was."""
        found = self._db.rows("SELECT value FROM state WHERE key = ?", (key,))
        with unpacking(self.path):
            return unpack_json(found[0][0], Any) if found else default

    def set_state(self, key: str, value: Any) -> None:
        """Keep a value, which JSON must be able to hold, under a key."""
        self._db.write("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, pack_json(value)))


def with_suffix(path: str | Path) -> Path:
    """Return `path` with the suffix of project files, added where it has none."""
    path = Path(path)
    return path if path.suffix else path.with_name(path.name + SUFFIX)


def _existing(path: str | Path) -> Path:
    path = Path(path).expanduser().absolute()
    if path.is_dir():
        raise InputError("this is a folder", source=path, remedy="Give a file")
    if not path.exists():
        raise InputError("there is no such project", source=path, remedy="Check the name and the folder")
    return path
