"""A named set as what is written to a file: which samples are in it, or those samples themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.workspace.contents import code_columns
from explorer.workspace.named_sets import NamedSet


def set_columns(dataset: Dataset, chosen: NamedSet, codes: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Return the samples of a set as columns: a row a sample, with number, name, label, part, codes and other facts."""
    indices = chosen.indices
    part = dataset.subset(indices)
    given = np.empty((len(dataset), 0), np.float32) if codes is None else codes
    columns = code_columns(part, given[indices])
    columns["sample"] = indices
    columns["name"] = dataset.names[indices].astype(str) if dataset.names is not None else indices.astype(str)
    return columns | {title: np.asarray(values) for title, values in part.columns.items() if title not in columns}


def write_set(
    path: str, dataset: Dataset, chosen: NamedSet, *, codes: np.ndarray | None = None, samples: bool = False
) -> Path:
    """Write a set: .csv, .tsv, .npz a row a sample, .npy their numbers; with `samples` an archive of their values.

    Raises
    ------
    InputError
        If samples are to be written as anything but NPY or NPZ, or the file cannot be written.
    """
    from explorer.data.writing import npy_bytes, npz_bytes, write_bytes, write_columns

    ending = Path(path).suffix.lower()
    if samples and ending not in (".npz", ".npy"):
        raise InputError(
            "the values of samples do not fit this table", source=path, remedy="Give a name that ends in .npz or .npy"
        )
    if ending == ".npy":
        return write_bytes(path, npy_bytes(dataset.values[chosen.indices] if samples else chosen.indices))
    columns = set_columns(dataset, chosen, codes)
    if not samples:
        return write_columns(path, columns)
    part = dataset.subset(chosen.indices)
    arrays = {"values": np.ascontiguousarray(part.values), "sample": chosen.indices, "names": columns["name"]}
    optional = {"targets": part.targets, "labels": part.labels, "masks": part.masks, "lengths": part.lengths}
    arrays |= {name: np.ascontiguousarray(array) for name, array in optional.items() if array is not None}
    arrays |= {"channel_names": np.array(dataset.channel_names), "unit": np.array(dataset.unit)}
    if part.labels is not None:
        arrays["class_names"] = np.array(dataset.class_names)
    if dataset.sampling_rate is not None:
        arrays["sampling_rate"] = np.array(dataset.sampling_rate)
    return write_bytes(path, npz_bytes(arrays))
