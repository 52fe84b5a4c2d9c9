"""One SQLite connection to a project file, with errors that a person can act on."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from explorer.errors import InputError
from explorer.workspace import schema

BUSY_SECONDS = 10.0
"""How long a write waits for another process to finish its own."""

HEAD_BYTES = 100
"""The header of a file of SQLite."""

# Errors of SQLite by its own name, as what they mean to a person.
_MEANINGS = {
    "SQLITE_FULL": ("there is no space left to write the project", "Free some space, or save it elsewhere"),
    "SQLITE_IOERR": ("the disk failed while the project was read or written", "Check the disk, or save it elsewhere"),
    "SQLITE_READONLY": ("the project cannot be written here", "Save it elsewhere"),
    "SQLITE_BUSY": ("another program keeps the project locked", "Close it there, then try again"),
    "SQLITE_LOCKED": ("another program keeps the project locked", "Close it there, then try again"),
    "SQLITE_CANTOPEN": ("the project cannot be opened or written here", "Check the rights, or save it elsewhere"),
    "SQLITE_TOOBIG": ("a value is too large for a project file", "Use a smaller model or data set"),
}


def input_error(reason: Exception, path: Path) -> InputError:
    """Return what an error of SQLite, or of unpacking, means to a person."""
    name = getattr(reason, "sqlite_errorname", "") or ""
    for prefix, (problem, remedy) in _MEANINGS.items():
        if name.startswith(prefix):
            return InputError(problem, source=path, remedy=remedy)
    return InputError(
        f"the project is damaged ({reason})", source=path, remedy="Take it from a backup, or from where it came from"
    )


@contextmanager
def unpacking(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a damaged or malicious value of a project into an `InputError`."""
    try:
        yield
    except InputError:
        raise
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as reason:
        raise input_error(reason, path) from reason


class Database:
    """A connection whose errors are `InputError` naming the file. `connect` makes one.

    It may be used from several threads: a transaction belongs to one at a time.

    Attributes
    ----------
    outdated : bool
        Whether the file is of an older version, which happens only where it was opened to be read.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, write: bool = True) -> None:
        self._connection, self.path = connection, path
        self._write = write
        self.outdated = schema.version_of(connection) < schema.version()
        self._lock = threading.RLock()

    def rows(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        with self._errors(), self._lock:
            return self._connection.execute(statement, values).fetchall()

    def write(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """Change something: alone a transaction of its own, or within one of `transaction`."""
        with self._errors(), self._lock:
            return self._connection.execute(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of what is within, or nothing of it."""
        with self._errors(), self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back by itself already, as it does on a full disk.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def backup(self, target: sqlite3.Connection) -> None:
        """Copy everything, as it is at one moment, into another database; its errors are not translated."""
        with self._lock:
            self._connection.backup(target)

    def fold(self) -> None:
        """Bring the journal into the file."""
        with self._errors(), self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Close the connection; the last of all that have the file open leaves one file without a journal."""
        with self._lock:
            try:
                if self._write:
                    self._connection.execute("PRAGMA busy_timeout = 0")
                    self._connection.execute("PRAGMA journal_mode = DELETE")
            except sqlite3.Error:
                # Another process has it open and folds the journal in when it ends; or the disk is full, and the
                # journal stays beside the file, complete, for the next time.
                pass
            finally:
                self._connection.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeError, OverflowError) as reason:
            raise input_error(reason, self.path) from reason


def connect(path: Path, *, write: bool = True) -> Database:
    """Open an existing project file, and bring an older one up to date; or only to read it, which changes nothing.

    Raises
    ------
    InputError
        If it is no project, damaged, truncated, made by a newer version, or cannot be opened.
    """
    _check_head(path)
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={'rw' if write else 'ro'}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
    except sqlite3.Error as reason:
        raise input_error(reason, path) from reason
    try:
        _prepare(connection, path, write)
        return Database(connection, path, write=write)
    except InputError:
        connection.close()
        raise
    except (sqlite3.Error, UnicodeError) as reason:
        connection.close()
        raise input_error(reason, path) from reason


def create(path: Path) -> None:
    """Make an empty project file.

    Raises
    ------
    InputError
        If there is a file already, or it cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except OSError as reason:
        raise InputError(
            f"the project cannot be made: {reason.strerror or reason}", source=path, remedy="Choose another place"
        ) from reason
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            schema.migrate(connection)
        finally:
            connection.close()
    except sqlite3.Error as reason:
        path.unlink()
        raise input_error(reason, path) from reason


def _check_head(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
        size, journal = path.stat().st_size, path.with_name(path.name + "-wal")
    except OSError as reason:
        raise InputError(f"the project cannot be opened: {reason.strerror or reason}", source=path) from reason
    if not head:
        raise InputError("the file is empty", source=path, remedy="Give a project saved by Latentscape")
    if not head.startswith(b"SQLite format 3\0"):
        raise InputError("this is not a Latentscape project", source=path, remedy="Give a .latentscape file")
    # SQLite notices a missing end only when it comes to read it. With a journal the file may be behind its header.
    page, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    if size < (65_536 if page == 1 else page) * pages and not (journal.exists() and journal.stat().st_size):
        raise InputError("the project is damaged: its end is missing", source=path, remedy="Copy it again, whole")


def _prepare(connection: sqlite3.Connection, path: Path, write: bool) -> None:
    # A stranger's file may hold expressions in its schema: none may call a function with an effect.
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    if connection.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        raise InputError("this is not a Latentscape project", source=path, remedy="Give a .latentscape file")
    if schema.version_of(connection) > schema.version():
        raise InputError(
            "the project was made by a newer version of Latentscape", source=path, remedy="Update Latentscape"
        )
    if write and schema.version_of(connection) < schema.version():
        schema.migrate(connection)
    if not schema.is_project(connection):
        raise InputError("the project is damaged: it lacks its tables", source=path, remedy="Take it from a backup")
    if write:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = NORMAL")
