"""What commands write to files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.data.dataset import PART_NAMES, Dataset
from explorer.data.tokens import text_of
from explorer.data.writing import npy_bytes, npz_bytes, write_bytes, write_columns
from explorer.errors import InputError
from explorer.workspace.messages import Spectrum


def check_target(path: str, endings: tuple[str, ...]) -> str:
    """Return the ending of a file to be written, before any work goes into it.

    Raises
    ------
    InputError
        If the file's name ends otherwise than in `endings`, or its folder does not exist.
    """
    target = Path(path).expanduser()
    ending = target.suffix.lower()
    if ending not in endings:
        known = f"{', '.join(endings[:-1])} or {endings[-1]}"
        raise InputError(
            f"'{ending or target.name}' is no format to write",
            source=path,
            remedy=f"Give a name that ends in {known}",
        )
    if not target.absolute().parent.is_dir():
        raise InputError("there is no such folder to write to", source=path, remedy="Make it first")
    return ending


def write_samples(path: str, dataset: Dataset, values: np.ndarray, noisy: np.ndarray) -> Path:
    """Write new values ``(N, …)`` of all samples of a data set, so that they can be opened as data again.

    .npy: the values alone. .npz: with what is known about them. .csv, .tsv: series a row a time step, vectors a row a
    sample.

    Raises
    ------
    InputError
        If images are to be written as a table, or the file cannot be written.
    """
    ending = Path(path).suffix.lower()
    if ending == ".npy":
        return write_bytes(path, npy_bytes(values))
    if ending == ".npz":
        return write_bytes(path, npz_bytes(_archive(dataset, values, noisy)))
    if dataset.layout == "text":
        return write_columns(path, text_columns(dataset, values))
    if dataset.layout == "image":
        raise InputError("images do not fit a table", source=path, remedy="Give a name that ends in .npy or .npz")
    return write_columns(path, sample_columns(dataset, values))


def _archive(dataset: Dataset, values: np.ndarray, noisy: np.ndarray) -> dict[str, np.ndarray]:
    arrays = {
        "values": values,
        "noisy": noisy,
        "names": _names(dataset),
        "channel_names": np.array(dataset.channel_names),
        "unit": np.array(dataset.unit),
        "split": dataset.split,
    }
    if dataset.labels is not None:
        arrays |= {"labels": dataset.labels, "class_names": np.array(dataset.class_names)}
    if dataset.masks is not None:
        arrays |= {"masks": dataset.masks, "mask_names": np.array(dataset.mask_names)}
    if dataset.vocabulary:
        arrays["vocabulary"] = np.array(dataset.vocabulary)
    if dataset.layout == "text":
        arrays["text"] = text_columns(dataset, values)["text"]
    if dataset.sampling_rate is not None:
        arrays["sampling_rate"] = np.array(dataset.sampling_rate)
    for name, array in (("targets", dataset.targets), ("times", dataset.times), ("lengths", dataset.lengths)):
        if array is not None:
            arrays[name] = array
    return {**dataset.columns, **arrays}


def sample_columns(dataset: Dataset, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return values of all samples as columns: of series ``(N, T, C)`` a row a time step, of vectors a row a sample."""
    names, steps = _names(dataset), 1 if values.ndim == 2 else values.shape[1]
    columns = {"sample": np.repeat(names, steps)}
    if dataset.labels is not None:
        columns["label"] = np.repeat(np.array([*dataset.class_names, ""])[dataset.labels], steps)
    if values.ndim == 3:
        columns[dataset.sample_time_label] = dataset.all_times.ravel()
    flat = values.reshape(-1, values.shape[-1])
    kept = np.ones(len(flat), dtype=bool)
    if dataset.lengths is not None:  # what is past the end of a shorter series is no value of it
        kept = (np.arange(steps) < dataset.lengths[:, None]).ravel()
    unit = f" ({dataset.unit})" if dataset.unit else ""
    columns |= {f"{name}{unit}": flat[:, i] for i, name in enumerate(dataset.channel_names)}
    return {title: column[kept] for title, column in columns.items()}


def text_columns(dataset: Dataset, ids: np.ndarray) -> dict[str, np.ndarray]:
    """Return tokens ``(N, T)`` of all samples as columns: a row a sentence."""
    columns = {"sample": np.arange(len(dataset)).astype(str)}
    if dataset.labels is not None:
        columns["label"] = np.array([*dataset.class_names, ""])[dataset.labels]
    return columns | {"text": np.array([text_of(row, dataset.vocabulary) for row in ids])}


def sample_facts(dataset: Dataset, found: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what was found of all samples ``(N,)`` as columns: a row a sample, with its number, name, label, part."""
    from explorer.workspace.contents import code_columns

    return code_columns(dataset, np.empty((len(dataset), 0))) | found


def write_spectrum(path: str, dataset: Dataset, found: Spectrum) -> Path:
    """Write principal components: .npz whole; .csv and .tsv a row a time step or feature, a column a component.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    if Path(path).suffix.lower() == ".npz":
        names = ("variances", "ratios", "mean", "components")
        return write_bytes(path, npz_bytes({name: getattr(found, name) for name in names}))
    shown = {"mean": found.mean} | {f"component {i + 1}": each for i, each in enumerate(found.components)}
    if dataset.values.ndim == 2:
        return write_columns(path, {"feature": np.array(dataset.channel_names), **shown})
    columns: dict[str, np.ndarray] = {dataset.time_label: dataset.time_axis}
    for title, values in shown.items():
        columns |= {f"{title}, {name}": values[:, c] for c, name in enumerate(dataset.channel_names)}
    return write_columns(path, columns)


def embedding_arrays(dataset: Dataset, codes: np.ndarray) -> dict[str, np.ndarray]:
    """Return codes ``(N, L)`` and what is known of the samples as arrays by name, for NPZ."""
    arrays = {"codes": codes, "names": _names(dataset), "split": np.array(PART_NAMES)[dataset.split]}
    if dataset.labels is not None:
        arrays |= {"labels": dataset.labels, "class_names": np.array(dataset.class_names)}
    return arrays


def _names(dataset: Dataset) -> np.ndarray:
    """Return the samples' names; their numbers where two share a name."""
    names = dataset.sample_names
    return names if len(np.unique(names)) == len(names) else np.arange(len(names)).astype(str)


def sample_number(dataset: Dataset, text: str) -> int:
    """Return the number of a sample that a person calls by number or name.

    Raises
    ------
    InputError
        If there is none, or the name is that of several.
    """
    if text.isdigit() and int(text) < len(dataset):
        return int(text)
    found = np.flatnonzero(dataset.sample_names == text)
    if len(found) == 1:
        return int(found[0])
    raise InputError(
        f"several samples are called '{text}'" if len(found) else f"there is no sample '{text}'",
        source=dataset.name,
        remedy=f"Give a number from 0 to {len(dataset) - 1}, or a name that only one sample has",
    )


def write_melodies(path: str, dataset: Dataset, tokens: np.ndarray, like: int, names: list[str]) -> str:
    """Write melodies ``(N, T)`` as MIDI or WAV, in the meter of the data and the tempo of sample `like`."""
    from explorer.data.notation import meter_of, tempo_of
    from explorer.workspace.messages import WriteMelodies
    from explorer.workspace.tasks import run_task

    facts = list(dataset.vocabulary), tempo_of(dataset, like), meter_of(dataset)
    return run_task("write_melodies", WriteMelodies(path, tokens, *facts, names))


def note_table(dataset: Dataset, tokens: np.ndarray, names: list[str]) -> dict[str, np.ndarray]:
    """Return the notes of melodies ``(N, T)`` as columns, a row a note."""
    from explorer.data.notation import note_columns

    tables = [note_columns(row, dataset.vocabulary) for row in tokens]
    found = {"sample": np.repeat(np.array(names), [len(table["start"]) for table in tables])}
    return found | {title: np.concatenate([table[title] for table in tables]) for title in tables[0]}
