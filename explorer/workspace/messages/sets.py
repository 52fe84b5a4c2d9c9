"""Writing named sets."""

from __future__ import annotations

import msgspec
import numpy as np

from explorer.data.dataset import Dataset


class ExportSet(msgspec.Struct, frozen=True):
    """Write which samples are in a set, with their codes where known, or the samples. Result: the path.

    `bits` are those of an `explorer.workspace.named_sets.NamedSet` of all samples of the data.
    """

    path: str
    dataset: Dataset
    name: str
    bits: np.ndarray
    codes: np.ndarray | None = None
    samples: bool = False
