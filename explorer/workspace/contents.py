"""What figures and exported tables show, drawn together from data, runs and results.

The functions ``*_content`` return the content of a kind of figure, as `explorer.analysis.figures` documents it, and
``*_columns`` return columns or arrays by name: plain values and arrays only, so that they may be sent to a worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from explorer.analysis.camera import Camera
from explorer.analysis.planes import AxisPlane, Plane, axis_name
from explorer.data.dataset import PART_NAMES, Dataset
from explorer.data.notation import bar_of, meter_of, note_columns, tempo_of
from explorer.errors import InputError
from explorer.training.history import phase_starts
from explorer.workspace.messages import Decoded, DecodedCodes, Denoised, WriteMelodies
from explorer.workspace.named_sets import NamedSet
from explorer.workspace.run import Run
from explorer.workspace.view_state import colour_values, colourings

MAX_BACKGROUND = 5000
"""Samples drawn behind decoded points."""


def map_content(
    dataset: Dataset,
    codes: np.ndarray,
    colouring: str = "label",
    *,
    axes: tuple[int, ...] = (0, 1),
    plane: Plane | None = None,
    sets: Sequence[NamedSet] = (),
    selection: np.ndarray | None = None,
    handle: np.ndarray | None = None,
    place: np.ndarray | None = None,
    view: tuple[float, float, float, float] | None = None,
    camera: Camera | None = None,
    equal: bool = True,
) -> dict[str, Any]:
    """Return the content of a map.

    Parameters
    ----------
    dataset : Dataset
    codes : ndarray ``(N, L)``
        Of all samples. A code of one coordinate is drawn against the samples' numbers.
    colouring : str
        "label", "split", "sets", a column's name, or "" for none; "label" of data without labels is none.
    axes : tuple of int
        The two or three coordinates shown, from 0.
    plane : Plane, optional
        What is shown instead of coordinates of the code.
    sets : sequence of NamedSet
        The named sets, for the colouring by them.
    selection : ndarray of int, optional
    handle : ndarray ``(L,)``, optional
        The handle's code.
    place : ndarray ``(D,)``, optional
        The handle's place on the map, where that is not the place of its code.
    view : tuple of float, optional
        Left, right, bottom, top; of three coordinates in the plane of the screen.
    camera : Camera, optional
        How three coordinates are turned.
    equal : bool
        Whether a unit is as long along all three coordinates.

    Raises
    ------
    InputError
        If there is no such axis or column.
    """
    width = codes.shape[1]
    if plane is None:
        if max(axes) >= max(width, 2) or min(axes) < 0:
            named = " and ".join(str(axis + 1) for axis in axes)
            raise InputError(f"axes {named} do not fit codes of {width} coordinates")
        plane = AxisPlane(0) if width == 1 else AxisPlane(*axes)
    names = [plane.names[0], "sample number"] if plane.flat else list(plane.names)
    if place is None and handle is not None:
        place = plane.project(np.asarray(handle, dtype=float)[None])[0]
    point = None if plane.flat or place is None or not np.isfinite(place).all() else np.asarray(place)
    space = plane.dims == 3
    kind, colours, class_names = _colours(dataset, colouring, sets)
    return {
        "codes": np.ascontiguousarray(plane.project(codes)),
        "axis_names": names,
        "sample_names": dataset.sample_names,
        "colour_kind": kind,
        "colour_name": colouring,
        "colours": colours,
        "class_names": class_names,
        "selection": np.zeros(0, dtype=np.int64) if selection is None else np.asarray(selection, dtype=np.int64),
        "handle": point,
        "view": None if view is None else [float(edge) for edge in view],
        "camera": (camera or Camera.start()).to_json() if space else None,
        "equal": equal,
    }


def _colours(dataset: Dataset, colouring: str, sets: Sequence[NamedSet]) -> tuple[str, np.ndarray | None, list[str]]:
    """Return kind ("class", "value" or "" for none), colours and names of the classes."""
    known = colourings(dataset, sets)
    if not colouring or (colouring == "label" and "label" not in known):
        return "", None, []
    if colouring not in known:
        raise InputError(
            f"there is no column '{colouring}' to colour by",
            source=dataset.name,
            remedy=f"Choose one of: {', '.join(filter(None, known))}",
        )
    kind, colours, names = colour_values(dataset, colouring, sets)
    return kind, colours, list(names)


def loss_content(run: Run) -> dict[str, Any]:
    """Return the content of the figure of a run's losses."""
    epochs = run.history.epochs
    terms: dict[str, dict[str, np.ndarray]] = {}
    for name in dict.fromkeys(name for epoch in epochs for name in (*epoch.train, *epoch.validation)):
        terms[name] = {
            "train": np.array([epoch.train.get(name, np.nan) for epoch in epochs]),
            "validation": np.array([epoch.validation.get(name, np.nan) for epoch in epochs]),
        }
    return {
        "epochs": np.array([epoch.number for epoch in epochs], dtype=np.int64),
        "terms": terms,
        "best_epoch": run.history.best_epoch,
        "phases": [[first, name] for first, name in phase_starts(epochs).items()],
        "name": run.name,
    }


def decode_content(dataset: Dataset, decoded: Decoded, nearest: int | None = None) -> dict[str, Any]:
    """Return the content of the figure of a decoded sample beside real sample `nearest` (by default its own)."""
    index = decoded.nearest if nearest is None else nearest
    real = 0 <= index < len(dataset)
    text = dataset.layout == "text"
    near = (dataset.text_of(index) if text else dataset.values[index]) if real else None
    own: dict[str, Any] = {}
    if decoded.times is not None:
        own = {"time": decoded.times, "time_label": dataset.sample_time_label}
        own |= {"nearest_time": dataset.times_of(index), "last_seen": dataset.last_seen(index)} if real else {}
    return {
        **facts_of(dataset, index if real else None),
        **own,
        "decoded": decoded.text if text else decoded.record,
        **({} if decoded.recorded is None else {"mean": decoded.sample}),
        "nearest": near,
        "nearest_name": dataset.sample_name(index) if real else "",
        "distance": float(decoded.distance) if real and index == decoded.nearest else None,
        "z": decoded.z,
    }


def denoise_content(dataset: Dataset, denoised: Denoised) -> dict[str, Any]:
    """Return the content of the figure of a denoised sample."""
    return {
        **facts_of(dataset, denoised.index),
        "clean": denoised.clean,
        "noisy": denoised.noisy,
        "denoised": denoised.denoised,
        "sample_name": dataset.sample_name(denoised.index),
        "corruption": denoised.corruption,
        "metrics": dict(denoised.metrics),
    }


def code_columns(dataset: Dataset, codes: np.ndarray) -> dict[str, np.ndarray]:
    """Return the codes ``(N, L)`` as columns: a row a sample, with its number, name, label and part."""
    columns: dict[str, np.ndarray] = {
        "sample": np.arange(len(dataset)),
        "name": dataset.sample_names,
    }
    if dataset.labels is not None:
        columns["label"] = np.array([*dataset.class_names, ""])[dataset.labels]
    columns["split"] = np.array(PART_NAMES)[dataset.split]
    return columns | {axis_name(axis): codes[:, axis] for axis in range(codes.shape[1])}


def decoded_columns(dataset: Dataset, decoded: Decoded) -> dict[str, np.ndarray]:
    """Return a decoded sample as columns in the data's own units: a row a time step, feature or pixel; text in one."""
    from explorer.analysis.figures.tables import columns_of

    if dataset.layout == "text":
        return {"decoded": np.array([decoded.text])}
    if dataset.layout == "notes":
        return note_columns(decoded.sample, dataset.vocabulary)
    facts = facts_of(dataset)
    if decoded.times is not None:
        facts |= {"time": decoded.times, "time_label": dataset.sample_time_label}
    if decoded.sample.shape[-1] != len(dataset.channel_names):  # the probability of each class of masks
        facts |= {"channel_names": list(dataset.mask_names), "unit": ""}
    means = {} if decoded.recorded is None else {"mean": decoded.sample}
    return columns_of(facts, {"decoded": decoded.record, **means})


def decoded_melody(path: str, dataset: Dataset, decoded: Decoded) -> WriteMelodies:
    """Return the request that writes a decoded melody as MIDI or WAV, at the tempo of the nearest real one."""
    tempo, meter = tempo_of(dataset, decoded.nearest), meter_of(dataset)
    return WriteMelodies(path, decoded.sample[None], list(dataset.vocabulary), tempo, meter, ["decoded"])


def facts_of(dataset: Dataset, index: int | None = None) -> dict[str, Any]:
    """Return what the contents of `explorer.analysis.figures.samples` have in common.

    Where each sample has times of its own, those of sample `index` are told.
    """
    time, label, background = None, "", None
    if dataset.layout == "series" and dataset.irregular and index is not None:
        time, label = dataset.times_of(index), dataset.sample_time_label
    elif dataset.layout == "series":
        time, label = dataset.time_axis, dataset.time_label
    elif dataset.layout == "profile":
        time, label = np.arange(1, dataset.values.shape[1] + 1), "feature"
    elif dataset.layout == "points":
        step = -(-len(dataset) // MAX_BACKGROUND)
        background = np.ascontiguousarray(dataset.values[::step])
    return {
        "layout": dataset.layout,
        "time": time,
        "time_label": label,
        "channel_names": list(dataset.channel_names),
        "unit": dataset.unit,
        "background": background,
        "vocabulary": list(dataset.vocabulary) if dataset.layout == "notes" else [],
        "bar": bar_of(dataset) if dataset.layout == "notes" else 0,
    }


def path_content(
    dataset: Dataset, decoded: DecodedCodes, names: list[str], title: str, *, counted: bool = True
) -> dict[str, Any]:
    """Return the content of the figure of many decoded codes, each under a name."""
    from explorer.data.ranges import channel_ranges

    samples, ranges, facts = decoded.samples, channel_ranges(dataset), facts_of(dataset)
    if decoded.times is not None:
        facts = {**facts, "time": decoded.times, "time_label": dataset.sample_time_label}
    elif samples.ndim > 2 and samples.shape[1:] != dataset.sample_shape:
        ranges = np.array([[0.0, max(samples.shape[-1] - 1, 1)]])  # the class of each step or pixel
        samples = samples.argmax(axis=-1)[..., None].astype(np.float32)
        facts = {**facts, "channel_names": ["class"], "unit": ""}
    return {
        **facts,
        "samples": samples,
        "texts": decoded.texts,
        "names": names,
        "near": decoded.near if counted else None,
        "ranges": ranges,
        "title": title,
    }


def many_columns(dataset: Dataset, decoded: DecodedCodes, names: list[str], *, arrays: bool) -> dict[str, np.ndarray]:
    """Return many decoded codes: as named arrays, or as columns, of which a row is a code with its sample behind.

    Columns are the name, the code, the samples near, and the values in the order of the sample's axes, or its text.
    """
    if arrays:
        found = {"z": decoded.codes, "values": decoded.samples, "near": decoded.near, "names": np.array(names)}
        return {**found, "text": np.array(decoded.texts)} if decoded.texts else found
    columns = {"name": np.array(names)} | {
        axis_name(axis): decoded.codes[:, axis] for axis in range(decoded.codes.shape[1])
    }
    columns["samples near"] = decoded.near
    if decoded.texts:
        return {**columns, "text": np.array(decoded.texts)}
    flat = decoded.samples.reshape(len(decoded.samples), -1)
    return columns | {f"x{place + 1}": flat[:, place] for place in range(flat.shape[1])}
