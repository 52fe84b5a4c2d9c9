"""For every reader, how a known data set is written in its format: the battery in test_readers.py needs no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from explorer.data.dataset import Dataset


def example() -> Dataset:
    """Return six labelled series of eight steps, with a missing value."""
    values = np.random.default_rng(0).normal(size=(6, 8, 1)).astype(np.float32)
    values[2, 3, 0] = np.nan
    return Dataset(
        values=values, labels=np.array([0, 1, 0, 1, 0, 1]), class_names=("rest", "walk"), observed=~np.isnan(values)
    )


def write_delimited(dataset: Dataset, path: Path) -> None:
    names = [dataset.class_names[label] for label in dataset.labels] if dataset.labels is not None else []
    rows = [["label", *(f"t{i}" for i in range(dataset.values.shape[1]))]]
    for name, series in zip(names, dataset.values[..., 0], strict=True):
        rows.append([name, *("" if value != value else repr(float(value)) for value in series)])
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")


def write_npy(dataset: Dataset, path: Path) -> None:
    assert dataset.labels is not None
    np.savez(path, values=dataset.values, labels=dataset.labels, class_names=np.array(dataset.class_names))


def write_ts(dataset: Dataset, path: Path) -> None:
    assert dataset.labels is not None
    lines = ["# known", "@problemName known", "@timeStamps false", "@missing true", "@univariate true"]
    lines += ["@equalLength true", f"@seriesLength {dataset.values.shape[1]}"]
    lines += [f"@classLabel true {' '.join(dataset.class_names)}", "@data"]
    for label, series in zip(dataset.labels, dataset.values[..., 0], strict=True):
        cells = ",".join("?" if value != value else repr(float(value)) for value in series)
        lines.append(f"{cells}:{dataset.class_names[label]}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


WRITERS: dict[str, tuple[str, Callable[[Dataset, Path], None]]] = {
    "delimited": (".csv", write_delimited),
    "numpy-arrays": (".npz", write_npy),
    "ts": (".ts", write_ts),
}
"""Suffix and writer by the reader's registered name."""
