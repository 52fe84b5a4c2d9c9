"""Messages as bytes, between the window and its workers. Nothing is pickled.

A frame is a JSON document followed by the raw bytes of the arrays in it::

    uint32 length of the JSON | uint32 number of arrays | JSON | arrays in NPY format, each behind a uint64 length

A `Dataset` is sent once over a channel and then named: both ends keep the last few, by the same rule. A large map of a
file is named rather than sent, and memory that views show more than once (windows of a recording) is sent once.
"""

from __future__ import annotations

import dataclasses
import json
import struct
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.workspace.packing import pack_array, unpack_array
from explorer.workspace.shared_arrays import map_reference, mapped, root_of, view_reference, viewed

HELD = 4
_HEAD = struct.Struct("<II")
_LENGTH = struct.Struct("<Q")


class Encoder:
    """The sending end of a channel."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, None] = OrderedDict()
        self._keys: weakref.WeakKeyDictionary[Dataset, str] = weakref.WeakKeyDictionary()

    def encode(self, message: Any) -> bytes:
        """Return the frame of a message: structs, dataclasses, containers, arrays, data sets."""
        arrays: list[np.ndarray] = []
        # Taken over only at the end: of a message that cannot be sent, the other end hears nothing.
        held = OrderedDict(self._held)

        roots: dict[int, int] = {}

        def hook(value: Any) -> Any:
            if isinstance(value, np.ndarray):
                if (reference := map_reference(value)) is not None:
                    return {"$map": reference}
                root = root_of(value)
                known = id(root) in roots
                if known or (root.nbytes < value.nbytes and root.flags.c_contiguous):
                    if not known:
                        roots[id(root)] = len(arrays)
                        arrays.append(root)
                    return {"$view": roots[id(root)], "how": view_reference(value, root)}
                arrays.append(value)
                return {"$array": len(arrays) - 1}
            if isinstance(value, np.generic):
                return value.item()
            raise TypeError(f"{type(value).__name__} cannot be sent")

        # By json, for which NaN and infinity are numbers: msgspec would write null.
        document = json.dumps(msgspec.to_builtins(self._plain(message, held), enc_hook=hook)).encode()
        parts = [_HEAD.pack(len(document), len(arrays)), document]
        for array in arrays:
            data = pack_array(array)
            parts += [_LENGTH.pack(len(data)), data]
        self._held = held
        return b"".join(parts)

    def _plain(self, value: Any, held: OrderedDict[str, None]) -> Any:
        """Return `value` as containers, with its data sets replaced by their key, and told in full the first time."""

        def named(names: Iterable[str]) -> dict[str, Any]:
            return {name: self._plain(getattr(value, name), held) for name in names}

        if isinstance(value, Dataset):
            key = self._keys.setdefault(value, uuid4().hex)
            known = key in held
            _touch(held, key, None)
            return {"$held": key} if known else {"$held": key, "fields": named(value.__dataclass_fields__)}
        if isinstance(value, msgspec.Struct):
            return named(value.__struct_fields__)
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return named(field.name for field in dataclasses.fields(value))
        if isinstance(value, Mapping):
            return {_escaped(key): self._plain(item, held) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._plain(item, held) for item in value]
        return value


class Decoder:
    """The receiving end of a channel. `feed` it bytes as they come; it gives whole messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._held: OrderedDict[str, Dataset] = OrderedDict()

    def feed(self, data: bytes) -> list[Any]:
        """Return the messages that `data` completes, as containers and arrays; see `build`."""
        self._buffer += data
        messages = []
        while (end := self._frame_end()) is not None:
            frame = bytes(memoryview(self._buffer)[:end])
            del self._buffer[:end]
            messages.append(self._decode(frame))
        return messages

    def _frame_end(self) -> int | None:
        buffer = self._buffer
        if len(buffer) < _HEAD.size:
            return None
        length, count = _HEAD.unpack_from(buffer)
        end = _HEAD.size + length
        for _ in range(count):
            if len(buffer) < end + _LENGTH.size:
                return None
            end += _LENGTH.size + _LENGTH.unpack_from(buffer, end)[0]
        return end if len(buffer) >= end else None

    def _decode(self, frame: bytes) -> Any:
        length, count = _HEAD.unpack_from(frame)
        offset = _HEAD.size + length
        arrays = []
        for _ in range(count):
            (size,) = _LENGTH.unpack_from(frame, offset)
            offset += _LENGTH.size
            arrays.append(unpack_array(memoryview(frame)[offset : offset + size]))
            offset += size
        return self._filled(json.loads(frame[_HEAD.size : _HEAD.size + length]), arrays)

    def _filled(self, value: Any, arrays: list[np.ndarray]) -> Any:
        if isinstance(value, dict):
            if "$array" in value:
                return arrays[value["$array"]]
            if "$map" in value:
                return mapped(value["$map"])
            if "$view" in value:
                return viewed(arrays[value["$view"]], value["how"])
            if "$held" in value:
                key = value["$held"]
                if "fields" in value:
                    held = msgspec.convert(self._filled(value["fields"], arrays), Dataset, dec_hook=_same)
                else:
                    held = self._held[key]
                _touch(self._held, key, held)
                return held
            return {_unescaped(key): self._filled(item, arrays) for key, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item, arrays) for item in value]
        return value


def build(kind: type, message: Any) -> Any:
    """Return a decoded message as an object of type `kind`."""
    return msgspec.convert(message, kind, dec_hook=_same)


def _same(kind: type, value: Any) -> Any:
    """Let arrays and data sets, which are whole already, through msgspec's conversion."""
    if isinstance(value, kind):
        return value
    if isinstance(value, list) and kind is np.ndarray:
        return np.asarray(value)
    raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")


def _escaped(key: Any) -> Any:
    """Return a key of a dict such that it is not taken for a mark: a column of a table may be called "$array"."""
    return f"${key}" if isinstance(key, str) and key.startswith("$") else key


def _unescaped(key: str) -> str:
    return key[1:] if key.startswith("$") else key


def _touch(held: OrderedDict[str, Any], key: str, value: Any) -> None:
    """Make `key` the newest and drop the oldest over the limit: the rule that both ends share."""
    held[key] = value
    held.move_to_end(key)
    while len(held) > HELD:
        held.popitem(last=False)


Send = Callable[[bytes], None]
