"""Reading data sets."""

from __future__ import annotations

from typing import Any

import msgspec


class LoadData(msgspec.Struct, frozen=True):
    """Read a file (`path`), or make a built-in set (`path` is its name). Result: `Dataset`.

    `clean` is the file of its clean targets, where that is another.
    """

    path: str
    reader: str | None = None
    options: dict[str, Any] = {}
    clean: str | None = None


class RelocateData(msgspec.Struct, frozen=True):
    """Take `path` as the new place of the file of a project's data set. Result: `Dataset`."""

    project: str
    data: int
    path: str


class PreviewData(msgspec.Struct, frozen=True):
    """Look at the head of a file. Result: `explorer.data.reader.Preview`."""

    path: str
    reader: str | None = None
    options: dict[str, Any] = {}
