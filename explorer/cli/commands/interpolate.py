"""From one sample to another, through what the decoder makes of the codes between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.console import emit
from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError

SOUNDS = (".mid", ".midi", ".wav")
TABLES = (".csv", ".tsv")
ARRAYS = (".npy", ".npz")


def interpolate(
    project: options.ProjectPath,
    a: Annotated[str, typer.Argument(metavar="A", help="The first sample: its number, or its name.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The last sample.")],
    *,
    out: Annotated[
        str,
        typer.Option(metavar="PATH", help="File to write: .csv, .tsv, .npy or .npz; of melodies also .mid or .wav."),
    ],
    steps: Annotated[int, typer.Option(min=2, max=10_000, help="How many, the first and the last among them.")] = 7,
    way: Annotated[
        Literal["linear", "spherical"], typer.Option(help="A line between the codes, or an arc around the origin.")
    ] = "linear",
    run: options.RunChoice = None,
    as_json: options.AsJson = False,
) -> None:
    """Decode codes on the way from one sample to another."""
    from explorer.analysis.paths import spherical, straight

    ending = outputs.check_target(out, (*TABLES, *ARRAYS, *SOUNDS))
    with inputs.trained(project, run) as trained:
        data, model = trained.data(), trained.model()
        if not model.can_decode or model.decodes == "masks":
            raise UnsupportedError(f"{model.title} does not decode samples", source=project)
        if ending in SOUNDS and data.layout != "notes":
            raise InputError(
                "only melodies can be written as sound", source=out, remedy="Give a name that ends in .csv"
            )
        first, last = outputs.sample_number(data, a), outputs.sample_number(data, b)
        codes = np.asarray(trained.codes(), np.float64)
        path = (straight if way == "linear" else spherical)(codes[first], codes[last], steps).astype(np.float32)
        samples = model.inverse_transform(path)
        written = _write(out, ending, data, first, samples, path)
        facts: dict[str, Any] = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "from": first,
            "to": last,
            "steps": steps,
            "way": way,
            "z": path,
            "out": str(written),
        }
    emit(facts, as_json=as_json, text=lambda: f"{steps} samples from {first} to {last} in {facts['out']}")


def _write(out: str, ending: str, data: Dataset, first: int, samples: np.ndarray, path: np.ndarray) -> Path:
    from explorer.data.writing import npy_bytes, npz_bytes, write_bytes, write_columns

    if ending == ".npy":
        return write_bytes(out, npy_bytes(samples))
    if ending == ".npz":
        return write_bytes(out, npz_bytes({"values": samples, "z": path}))
    names = [f"{round(100 * share)} %" for share in np.linspace(0, 1, len(samples))]
    if ending in SOUNDS:
        return Path(outputs.write_melodies(out, data, samples, first, names))
    if data.layout == "notes":
        return write_columns(out, outputs.note_table(data, samples, names))
    if data.layout == "text":
        from explorer.data.tokens import text_of

        return write_columns(
            out, {"sample": np.array(names), "text": np.array([text_of(each, data.vocabulary) for each in samples])}
        )
    shown = replace(
        data.subset(np.full(len(samples), first)), values=samples, targets=None, observed=None, names=np.array(names),
        labels=None, class_names=(), masks=None, lengths=None, columns={},
    )  # fmt: skip
    return outputs.write_samples(out, shown, samples, samples)
