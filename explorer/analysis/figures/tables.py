"""Samples as tables. Without matplotlib, which a window has no use for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def with_unit(name: str, unit: str) -> str:
    """Return ``"name (unit)"``, or the name alone where there is no unit."""
    return f"{name} ({unit})" if unit else name


def columns_of(facts: Mapping[str, Any], versions: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the versions (values by name) as columns; the first columns say which value it is.

    Series: a row a time step. Images: a row a pixel, with its row and column from 0. Vectors: a row a feature.
    """
    first = next(iter(versions.values()))
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
