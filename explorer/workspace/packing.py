"""Values as they lie in a project file: arrays as NPY, everything else as JSON. Nothing is pickled."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import msgspec
import numpy as np

HEAD_BYTES = 1 << 17
"""More than any header of an NPY file that numpy reads."""


def pack_array(array: np.ndarray) -> bytes:
    """Return an array as the bytes of an NPY file.

    Raises
    ------
    ValueError
        If it holds objects.
    """
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array), allow_pickle=False)
    return buffer.getvalue()


def unpack_array(data: bytes | memoryview) -> np.ndarray:
    """Return the array of `pack_array`: a fresh one that can be written to.

    Raises
    ------
    ValueError
        If the bytes are no NPY file, hold objects, or are of another length than their header says. No memory is
        taken for what a damaged header claims.
    """
    view = memoryview(data)
    head = io.BytesIO(view[:HEAD_BYTES])
    version = np.lib.format.read_magic(head)
    read_header = np.lib.format.read_array_header_1_0 if version[0] == 1 else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read_header(head)
    if dtype.hasobject:
        raise ValueError("an array of objects")
    body = view[head.tell() :]
    if len(body) != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"{len(body)} bytes for an array of shape {shape} and {dtype}")
    array = np.empty(shape, dtype, order="F" if fortran else "C")
    if len(body):
        array.reshape(-1, order="A").view(np.uint8)[:] = np.frombuffer(body, np.uint8)
    return array


def pack_json(value: Any) -> str:
    """Return structs, dataclasses and containers as JSON; NaN and infinity stay what they are."""
    return json.dumps(msgspec.to_builtins(value, enc_hook=_scalar))


def unpack_json(text: str, kind: Any) -> Any:
    """Return what `pack_json` wrote as an object of type `kind`.

    Raises
    ------
    ValueError
        If it is no JSON, or does not fit (`msgspec.ValidationError`).
    """
    return msgspec.convert(json.loads(text), kind)


def _scalar(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be stored")
