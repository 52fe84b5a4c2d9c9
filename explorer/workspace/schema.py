"""The tables of a project file, and how those of older versions are brought up to date."""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x4C54_5343
"""``LTSC`` in the header of the file, by which tools such as ``file`` know it."""

# MIGRATIONS[i] takes a file of version i to i + 1; it is never changed once released, only added to.
# An array is cut into parts, since SQLite keeps no value over a gigabyte. Ids are never used twice, so that a late
# word from a training cannot reach another run.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE data (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            origin TEXT NOT NULL,
            relative TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            facts TEXT NOT NULL
        )""",
        """CREATE TABLE arrays (
            data INTEGER NOT NULL REFERENCES data ON DELETE CASCADE,
            field TEXT NOT NULL,
            part INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (data, field, part)
        )""",
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            data INTEGER NOT NULL REFERENCES data,
            recipe TEXT NOT NULL,
            params TEXT NOT NULL,
            corruption TEXT,
            status TEXT NOT NULL,
            version INTEGER NOT NULL,
            history TEXT NOT NULL,
            metrics TEXT NOT NULL,
            provenance TEXT NOT NULL,
            created TEXT NOT NULL,
            seconds REAL NOT NULL,
            error TEXT NOT NULL,
            trainer TEXT NOT NULL DEFAULT ''
        )""",
        """CREATE TABLE weights (
            run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
            blob BLOB NOT NULL,
            codes BLOB
        )""",
        "CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ),
    (
        """CREATE TABLE layouts (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            method TEXT NOT NULL,
            dims INTEGER NOT NULL,
            version INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            params TEXT NOT NULL,
            note TEXT NOT NULL,
            coordinates BLOB NOT NULL,
            PRIMARY KEY (run, method, dims)
        )""",
    ),
    (
        """CREATE TABLE past_codes (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            epoch INTEGER NOT NULL,
            stride INTEGER NOT NULL,
            codes BLOB NOT NULL,
            PRIMARY KEY (run, epoch)
        )""",
    ),
    (
        """CREATE TABLE sets (
            data INTEGER NOT NULL REFERENCES data ON DELETE CASCADE,
            name TEXT NOT NULL,
            place INTEGER NOT NULL,
            samples INTEGER NOT NULL,
            bits BLOB NOT NULL,
            PRIMARY KEY (data, name)
        )""",
    ),
)

TABLES = frozenset({"data", "arrays", "runs", "weights", "state"})


def version() -> int:
    """Return the version of project file that this program writes."""
    return len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of an open file."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def is_project(connection: sqlite3.Connection) -> bool:
    """Return whether an open database is a project at all, with its own tables and nothing that runs by itself."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return False
    found = connection.execute("SELECT type, name FROM sqlite_master").fetchall()
    return not any(kind in ("trigger", "view") for kind, _ in found) and {n for _, n in found} >= TABLES


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file of an older version (an empty one is version 0) up to date, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while this one waited for the lock.
        for statements in MIGRATIONS[version_of(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version()}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
