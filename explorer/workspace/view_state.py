"""What a person chose to see of a data set: selection and colouring, as arrays and as JSON for the project."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from explorer.data.dataset import PART_NAMES, Dataset
from explorer.data.split import GAP
from explorer.errors import InputError
from explorer.workspace.named_sets import NamedSet, classes_of

SETS = "sets"
"""The colouring by named sets."""
ColourKind = Literal["class", "value"]


def as_selection(indices: Any, count: int) -> np.ndarray:
    """Return indices of samples sorted, each once, int64.

    Raises
    ------
    InputError
        If one is not a sample's.
    """
    chosen = np.array(indices, dtype=np.int64).reshape(-1)
    if not (chosen[1:] > chosen[:-1]).all():  # millions from a loop on the map are in order: to sort them takes long
        chosen = np.unique(chosen)
    if len(chosen) and not (chosen[0] >= 0 and chosen[-1] < count):
        raise InputError(f"there is no sample {chosen[-1] if chosen[0] >= 0 else chosen[0]} among {count}")
    return chosen


def selection_to_json(selection: np.ndarray, count: int) -> str:
    """Return a selection among `count` samples as text: a bit a sample, compressed."""
    mask = np.zeros(count, dtype=bool)
    mask[selection] = True
    return base64.b85encode(zlib.compress(np.packbits(mask).tobytes())).decode("ascii")


def selection_from_json(text: Any, count: int) -> np.ndarray:
    """Return the selection in the text of `selection_to_json`; an empty one where it does not fit."""
    empty = np.empty(0, dtype=np.int64)
    if not isinstance(text, str):
        return empty
    size = (count + 7) // 8
    try:
        # No more than it must be: a stranger's file may hold a text that unpacks to gigabytes.
        packed = zlib.decompressobj().decompress(base64.b85decode(text), size + 1)
    except (ValueError, zlib.error):
        return empty
    if len(packed) != size:
        return empty
    return np.flatnonzero(np.unpackbits(np.frombuffer(packed, np.uint8), count=count)).astype(np.int64)


def colourings(data: Dataset | None, sets: Sequence[NamedSet] = ()) -> list[str]:
    """Return the names by which the samples can be coloured; the first is the default, "" is none."""
    if data is None:
        return [""]
    named = [SETS] if sets and SETS not in data.columns else []
    return [*(["label"] if data.labels is not None else []), *data.columns, *named, "split", ""]


def default_colouring(data: Dataset | None) -> str:
    """Return the labels or else the first column; "" where the data have neither."""
    first = colourings(data)[0]
    return "" if first == "split" else first


def colour_values(
    data: Dataset | None, name: str, sets: Sequence[NamedSet] = ()
) -> tuple[ColourKind, np.ndarray, tuple[str, ...]]:
    """Return by what each sample is coloured.

    Returns
    -------
    kind : {"class", "value"}
    values : ndarray ``(N,)``
        Of a class int64, an index into the names, -1 where unknown; else float64, NaN where unknown.
    names : tuple of str
        Of the classes; empty for values.
    """
    if data is None:
        return "class", np.empty(0, dtype=np.int64), ()
    if name == "label" and data.labels is not None:
        return "class", data.labels.astype(np.int64), tuple(data.class_names)
    if name in data.columns:
        column = np.asarray(data.columns[name])
        if column.dtype.kind in "fiu":
            return "value", column.astype(np.float64), ()
        names, classes = np.unique(column.astype(str), return_inverse=True)
        return "class", classes.astype(np.int64), tuple(str(each) for each in names)
    if name == SETS:
        return "class", *classes_of(sets, len(data))
    if name == "split":
        names = PART_NAMES if (data.split == GAP).any() else PART_NAMES[:GAP]
        return "class", data.split.astype(np.int64), names
    return "class", np.full(len(data), -1, dtype=np.int64), ()
