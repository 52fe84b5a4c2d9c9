"""Data sets in a project file: whole, or as the path and hash of the file that they come from."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from explorer.data.dataset import Dataset, Layout, Origin
from explorer.data.windows import Windows
from explorer.errors import InputError, MissingDataError
from explorer.workspace.database import Database, input_error, unpacking
from explorer.workspace.messages import LoadData
from explorer.workspace.packing import pack_array, pack_json, unpack_array, unpack_json

PART_BYTES = 64 << 20
_COLUMN = "column:"
ADDED = "added:"
"""Before the name of a column that a person added; such are kept whole for data of files, too."""
_ARRAYS = (
    "values", "targets", "labels", "masks", "names", "times", "observed", "lengths", "target_lengths", "split",
)  # fmt: skip


class Facts(msgspec.Struct, frozen=True):
    """All of a data set but its arrays and origin; `embedded` tells whether its arrays are in the project."""

    embedded: bool
    shape: tuple[int, ...]
    layout: Layout
    class_names: tuple[str, ...]
    channel_names: tuple[str, ...]
    unit: str
    sampling_rate: float | None
    mask_names: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    target_vocabulary: tuple[str, ...] = ()
    windows: tuple[int, int] | None = None
    """Length and stride, where the samples are windows of a recording; embedded, only that is kept."""


class DataEntry(msgspec.Struct, frozen=True):
    """What is known of a data set in a project without reading it. `shape` is that of its values."""

    id: int
    name: str
    origin: Origin
    shape: tuple[int, ...]
    layout: Layout
    embedded: bool


class Parcel(msgspec.Struct, frozen=True):
    """Rows that were taken out of a project, whole, by table; `ProjectFile.restore` puts them back."""

    rows: tuple[tuple[str, list[tuple[Any, ...]]], ...]


def taken(db: Database, table: str, column: str, ids: list[int]) -> tuple[str, list[tuple[Any, ...]]]:
    """Return the rows of a table for a `Parcel`."""
    marks = ", ".join("?" * len(ids))
    return table, db.rows(f"SELECT * FROM {table} WHERE {column} IN ({marks})", tuple(ids))


def add(db: Database, dataset: Dataset) -> int:
    """Write a data set and return its id. A file's is kept by its path, with the split that it has now."""
    embedded = dataset.origin.kind != "file"
    facts = Facts(
        embedded, dataset.values.shape, dataset.layout, tuple(dataset.class_names), tuple(dataset.channel_names),
        dataset.unit, dataset.sampling_rate, tuple(dataset.mask_names), tuple(dataset.vocabulary),
        tuple(dataset.target_vocabulary),
        (dataset.windows.length, dataset.windows.stride) if dataset.windows is not None and dataset.cut else None,
    )  # fmt: skip
    cursor = db.write(
        "INSERT INTO data (name, origin, relative, sha256, facts) VALUES (?, ?, ?, ?, ?)",
        (
            dataset.name,
            pack_json(dataset.origin),
            relative_to(dataset.origin, db.path.parent),
            dataset.sha256,
            pack_json(facts),
        ),
    )
    data = cursor.lastrowid
    assert data is not None
    arrays = {name: getattr(dataset, name) for name in (_ARRAYS if embedded else ("split",))}
    if embedded and dataset.windows is not None and dataset.cut:
        arrays["values"] = dataset.windows.recording
    if embedded:
        arrays |= {_COLUMN + name: column for name, column in dataset.columns.items()}
    for field, array in arrays.items():
        if array is not None:
            write_array(db, data, field, array)
    return data


def write_array(db: Database, data: int, field: str, array: np.ndarray) -> None:
    """Write an array of a data set, in parts."""
    packed = memoryview(pack_array(array))
    for part, start in enumerate(range(0, len(packed), PART_BYTES)):
        piece = packed[start : start + PART_BYTES]
        db.write("INSERT INTO arrays VALUES (?, ?, ?, ?)", (data, field, part, piece))


def entries(db: Database) -> list[DataEntry]:
    """Return what is known of all data sets."""
    found = []
    for data, name, origin, facts in db.rows("SELECT id, name, origin, facts FROM data ORDER BY id"):
        known = _unpacked(db, facts, Facts)
        found.append(DataEntry(data, name, _unpacked(db, origin, Origin), known.shape, known.layout, known.embedded))
    return found


def read(db: Database, data: int) -> Dataset:
    """Return a data set; see `ProjectFile.read_data`."""
    name, origin, relative, _, facts = _row(db, data)
    if facts.embedded:
        return _embedded(db, data, name, origin, facts)
    changed: MissingDataError | None = None
    for path in _candidates(db, origin, relative):
        try:
            return accepted(db, data, _from_file(path, origin, _clean_beside(path, origin)))
        except MissingDataError as reason:  # another copy may be the one that was read
            changed = changed or reason
    raise changed or _missing(origin)


def request(db: Database, data: int) -> LoadData:
    """Return the task that reads a data set's file; see `ProjectFile.data_request`."""
    _, origin, relative, _, _ = _row(db, data)
    path = next(iter(_candidates(db, origin, relative)), None)
    if path is None:
        raise _missing(origin)
    return LoadData(str(path), origin.name, origin.options, _clean_beside(path, origin))


def accepted(db: Database, data: int, dataset: Dataset) -> Dataset:
    """Return what was read for a data set, under its name and split here; see `ProjectFile.accept_data`."""
    name, origin, _, sha256, _ = _row(db, data)
    # Written anew in another format of lines or compression, a file may still hold the same numbers.
    files = (dataset.origin.file_sha256, dataset.origin.clean_sha256)
    if files != (origin.file_sha256, origin.clean_sha256) and dataset.sha256 != sha256:
        raise MissingDataError(
            "the data file was changed since it was opened", source=dataset.origin.path,
            remedy="Find a copy of the file as it was, or open it as new data",
        )  # fmt: skip
    arrays = _arrays(db, data)
    split = arrays.get("split")
    if split is None or split.shape != (len(dataset),):
        raise input_error(ValueError("a split of samples lacks"), db.path)
    found = _taken(arrays, ADDED)
    if any(column.shape != (len(dataset),) for column in found.values()):
        raise input_error(ValueError("a column does not fit the samples"), db.path)
    return replace(dataset, name=name, split=split, columns={**dataset.columns, **found})


def relocate(db: Database, data: int, path: Path) -> Dataset:
    """Take another place for a data set's file; see `ProjectFile.relocate_data`."""
    name, origin, _, _, facts = _row(db, data)
    if facts.embedded:
        raise InputError(f"the data '{name}' are in the project and need no file", source=db.path)
    clean = _clean_beside(path, origin)
    try:
        dataset = accepted(db, data, _from_file(path, origin, clean))
    except MissingDataError as reason:
        raise InputError(
            "this file holds other data", source=path, remedy="Choose the file itself, or open it as new data"
        ) from reason
    moved = replace(origin, path=str(path), clean=dataset.origin.clean)
    db.write(
        "UPDATE data SET origin = ?, relative = ? WHERE id = ?",
        (pack_json(moved), relative_to(moved, db.path.parent), data),
    )
    return dataset


def relative_to(origin: Origin, folder: Path) -> str:
    """Return the path of a data file from a project's folder, in posix style; empty where there is none."""
    if origin.path is None:
        return ""
    try:
        return Path(os.path.relpath(origin.path, folder)).as_posix()
    except ValueError:  # on another drive of Windows
        return ""


def _candidates(db: Database, origin: Origin, relative: str) -> list[Path]:
    """Return where a file is: where it was, as far from the project as it was, or beside it; those that exist."""
    folder, path = db.path.parent, origin.path or ""
    beside = folder / path.replace("\\", "/").rsplit("/", 1)[-1]
    possible = [Path(path), *([folder / relative] if relative else []), beside]
    return [path for path in dict.fromkeys(possible) if path.is_file()]


def _clean_beside(path: Path, origin: Origin) -> str | None:
    """Return where the clean file of a noisy one at `path` is: where it was, or beside it as it was.

    Raises
    ------
    MissingDataError
        If it is at neither place.
    """
    if origin.clean is None:
        return None
    clean = origin.clean.replace("\\", "/")
    beside = path.parent / clean.rsplit("/", 1)[-1]
    try:
        as_far = path.parent / os.path.relpath(origin.clean, Path(origin.path or "").parent)
    except ValueError:  # on another drive of Windows
        as_far = beside
    for place in (Path(origin.clean), as_far, beside):
        if place.is_file():
            return str(place)
    raise MissingDataError(
        "the file with the clean samples is not where it was", source=origin.clean,
        remedy=f"Put it back, or beside '{path.name}'",
    )  # fmt: skip


def _missing(origin: Origin) -> MissingDataError:
    return MissingDataError(
        "the data file is not where it was", source=origin.path, remedy="Tell where it is now, or put it back"
    )


def _from_file(path: Path, origin: Origin, clean: str | None) -> Dataset:
    from explorer.data.reader import READERS, load
    from explorer.parameters import validate

    reader = READERS.load(origin.name)
    options = validate(reader, origin.options, owner=f"the reader '{origin.name}'")
    return load(path, clean=clean, reader=origin.name, **options)


def _embedded(db: Database, data: int, name: str, origin: Origin, facts: Facts) -> Dataset:
    arrays = _arrays(db, data)
    columns = {**_taken(arrays, _COLUMN), **_taken(arrays, ADDED)}
    with unpacking(db.path):
        windows = None if facts.windows is None else Windows(arrays["values"], *facts.windows)
        if windows is not None:
            arrays["values"] = windows.view(windows.recording)
        return Dataset(
            name=name, origin=origin, columns=columns, layout=facts.layout, class_names=facts.class_names,
            channel_names=facts.channel_names, unit=facts.unit, sampling_rate=facts.sampling_rate,
            mask_names=facts.mask_names, vocabulary=facts.vocabulary, target_vocabulary=facts.target_vocabulary,
            windows=windows, **arrays,
        )  # fmt: skip


def _taken(arrays: dict[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    """Take the arrays of such a name out, and return them by the rest of it."""
    return {field[len(prefix) :]: arrays.pop(field) for field in list(arrays) if field.startswith(prefix)}


def _arrays(db: Database, data: int) -> dict[str, np.ndarray]:
    found = db.rows("SELECT field, bytes FROM arrays WHERE data = ? ORDER BY field, part", (data,))
    parts: dict[str, list[bytes]] = {}
    with unpacking(db.path):
        for field, piece in found:
            parts.setdefault(field, []).append(piece)
        return {field: unpack_array(b"".join(pieces)) for field, pieces in parts.items()}


def _row(db: Database, data: int) -> tuple[str, Origin, str, str, Facts]:
    found = db.rows("SELECT name, origin, relative, sha256, facts FROM data WHERE id = ?", (data,))
    if not found:
        raise InputError(f"the project has no data set {data}", source=db.path)
    name, origin, relative, sha256, facts = found[0]
    return name, _unpacked(db, origin, Origin), relative, sha256, _unpacked(db, facts, Facts)


def _unpacked(db: Database, text: str, kind: Any) -> Any:
    with unpacking(db.path):
        return unpack_json(text, kind)
