"""Values as they lie in a project file: arrays as NPY, everything else as JSON. Nothing is pickled."""

from __future__ import annotations

import io
import json
import math
import re
from typing import Any

import msgspec
import numpy as np

HEAD_BYTES = 1024
# The header of NPY as numpy writes it for plain arrays. Read like this since numpy's own reader runs Python's parser
# over what a stranger may have written.
_HEADER = re.compile(
    rb"\x93NUMPY[\x01-\x03]\x00(?:..|....)"
    rb"\{'descr': '([<>|][biufcmMSU]\d*(?:\[\w+\])?)', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\), \} *\n",
    re.DOTALL,
)


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
    head = _HEADER.match(bytes(view[:HEAD_BYTES]))
    if head is None:
        raise ValueError("no array of numbers or text")
    kind, order, sizes = (group.decode() for group in head.groups())
    dtype, fortran = np.dtype(kind), order == "True"
    shape = tuple(int(size) for size in sizes.split(",") if size.strip())
    body = view[head.end() :]
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
