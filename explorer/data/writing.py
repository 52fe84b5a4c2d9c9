"""Files that are written whole or not at all, and tables of columns."""

from __future__ import annotations

import csv
import io
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from explorer.errors import InputError

TABLE_SUFFIXES = {".csv": ",", ".tsv": "\t"}
ARRAY_SUFFIXES = (".npz", ".npy")


def write_bytes(path: str | Path, data: bytes) -> Path:
    """Write `data` to a temporary file beside `path`, and put it in place at once.

    Returns
    -------
    Path
        The file, absolute. A file that stood there is replaced; on failure it is left as it was.

    Raises
    ------
    InputError
        If the file cannot be written: no such folder, no permission, no space left.
    """
    with replacing(path) as file:
        file.write(data)
    return Path(path).expanduser().absolute()


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """Give a temporary file beside `path` to write to, and put it in place when all is written.

    Whatever goes wrong within, or if the work is cancelled, nothing of it is left, and a file that stood at `path` is
    as it was.

    Raises
    ------
    InputError
        If the file cannot be written: no such folder, no permission, no space left.
    """
    path = Path(path).expanduser().absolute()
    if path.is_dir():
        raise InputError("this is a folder", source=path, remedy="Give the name of a file")
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException as reason:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if not isinstance(reason, OSError):
            raise
        remedy = "Choose another folder, or make room" if path.parent.is_dir() else "Make its folder first"
        raise InputError(
            f"the file cannot be written: {reason.strerror or reason}", source=path, remedy=remedy
        ) from reason


def _mode(path: Path) -> int:
    """Return the permissions that the file had, or those that a new one gets."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def table_bytes(columns: Mapping[str, np.ndarray], *, delimiter: str = ",") -> bytes:
    """Return a table as UTF-8 text with a header line.

    Parameters
    ----------
    columns : mapping of str to ndarray ``(N,)``
        By their titles, units in brackets: ``"time (s)"``. Numbers are written with as few digits as read back to the
        same value; a NaN becomes an empty cell.
    delimiter : str
    """
    texts = [_texts(np.asarray(column)) for column in columns.values()]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns.keys())
    writer.writerows(zip(*texts, strict=True))
    return buffer.getvalue().encode()


def _texts(column: np.ndarray) -> list[str]:
    texts = column.astype(str)
    if column.dtype.kind == "f":
        texts = np.where(np.isnan(column), "", texts)
    return texts.tolist()


def write_array(path: str | Path, blocks: Iterable[np.ndarray], shape: tuple[int, ...]) -> Path:
    """Write an array of float32 to an NPY file while its rows are made, so that it is never in memory as a whole.

    Parameters
    ----------
    path : str or path
    blocks : iterable of ndarray ``(n, …)``
        Its rows, some after the other.
    shape : tuple of int
        Of all of it.

    Raises
    ------
    InputError
        If it cannot be written. Nothing is left of it then, nor if making the rows fails or is cancelled.
    """
    with replacing(path) as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        rows = 0
        for block in blocks:
            file.write(np.ascontiguousarray(block, dtype="<f4").data)
            rows += len(block)
        if rows != shape[0]:
            raise ValueError(f"{rows} rows where {shape[0]} were told")
    return Path(path).expanduser().absolute()


def write_columns(path: str | Path, columns: Mapping[str, np.ndarray]) -> Path:
    """Write columns ``(N,)`` as a table (.csv, .tsv), or arrays of any shape by name (.npz).

    Raises
    ------
    InputError
        If the path ends otherwise, or cannot be written.
    """
    suffix = Path(path).suffix.lower()
    if suffix in TABLE_SUFFIXES:
        return write_bytes(path, table_bytes(columns, delimiter=TABLE_SUFFIXES[suffix]))
    if suffix == ".npz":
        return write_bytes(path, npz_bytes(columns))
    raise InputError(
        f"a table cannot be written as '{suffix or Path(path).name}'",
        source=path,
        remedy="Give a name that ends in .csv, .tsv or .npz",
    )


def npz_bytes(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return arrays by name as an NPZ archive; the same arrays give the same bytes."""
    buffer = io.BytesIO()
    # Not by np.savez: it stamps the time, and takes some names for its own arguments.
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, npy_bytes(np.asarray(array)))
    return buffer.getvalue()


def npy_bytes(array: np.ndarray) -> bytes:
    """Return one array in NPY format; of objects it is refused (ValueError), never pickled."""
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
