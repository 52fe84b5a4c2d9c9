"""Samples as tables. Without matplotlib, which a window has no use for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from explorer.data.notation import note_columns


def with_unit(name: str, unit: str) -> str:
    """Return ``"name (unit)"``, or the name alone where there is no unit."""
    return f"{name} ({unit})" if unit else name


def columns_of(facts: Mapping[str, Any], versions: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the versions (values by name) as columns; the first columns say which value it is.

    Melodies: a row a note, with the version that it is of.
    Series: a row a time step. Images: a row a pixel, with its row and column from 0. Vectors: a row a feature.
    """
    first = next(iter(versions.values()))
    if facts["layout"] == "notes":
        return _notes(facts, versions)
    unit, names = facts["unit"], list(facts["channel_names"])
    columns: dict[str, np.ndarray] = {}
    if first.ndim == 1:
        columns["feature"] = np.array(names)
        columns |= {with_unit(name, unit): values for name, values in versions.items()}
        return columns
    if first.ndim == 2:
        columns[facts["time_label"]] = np.asarray(facts["time"])
    else:
        rows, cols = np.indices(first.shape[:2])
        columns |= {"row": rows.ravel(), "column": cols.ravel()}
    for name, values in versions.items():
        flat = values.reshape(-1, values.shape[-1])
        for channel, channel_name in enumerate(names):
            title = name if len(names) == 1 else f"{name} {channel_name}"
            columns[with_unit(title, unit)] = flat[:, channel]
    return columns


def _notes(facts: Mapping[str, Any], versions: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    tables = {name: note_columns(tokens, tuple(facts["vocabulary"])) for name, tokens in versions.items()}
    columns = {"melody": np.concatenate([np.full(len(table["start"]), name) for name, table in tables.items()])}
    titles = next(iter(tables.values()))
    return columns | {title: np.concatenate([table[title] for table in tables.values()]) for title in titles}
