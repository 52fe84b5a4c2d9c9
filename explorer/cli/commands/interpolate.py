"""From sample to sample, through what the decoder makes of the codes between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.console import Bar, emit
from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError

SOUNDS = (".mid", ".midi", ".wav")
TABLES = (".csv", ".tsv")
ARRAYS = (".npy", ".npz")
FIGURES = (".svg", ".pdf", ".png", ".py")
FILMS = (".gif", ".mp4", ".apng")


def interpolate(
    project: options.ProjectPath,
    samples: Annotated[
        list[str],
        typer.Argument(metavar="A B …", help="Two samples or more, by number or name: the way leads through them."),
    ],
    *,
    out: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help="File to write: .csv, .tsv, .npy or .npz; a figure as .svg, .pdf, .png or .py; an animation as .gif, "
            ".mp4 or .apng; of melodies also .mid or .wav.",
        ),
    ],
    steps: Annotated[int, typer.Option(min=2, max=10_000, help="How many, the first and the last among them.")] = 7,
    way: Annotated[
        Literal["linear", "spherical"], typer.Option(help="A line between the codes, or an arc around the origin.")
    ] = "linear",
    rate: Annotated[int, typer.Option(min=1, max=60, help="Of an animation: pictures a second.")] = 12,
    width_mm: Annotated[float, typer.Option(help="Width of a figure or animation in millimetres.")] = 160.0,
    height_mm: Annotated[float, typer.Option(help="Its height in millimetres.")] = 60.0,
    dpi: Annotated[
        int | None, typer.Option(help="Dots per inch; by default 300, of animations 100.", show_default=False)
    ] = None,
    run: options.RunChoice = None,
    as_json: options.AsJson = False,
) -> None:
    """Decode codes on the way from one sample to another, or through several."""
    from explorer.analysis.look import FigureStyle
    from explorer.analysis.paths import spherical, straight, through
    from explorer.workspace.contents import path_content
    from explorer.workspace.messages import AnimatePath, DecodeCodes, ExportFigure
    from explorer.workspace.tasks import run_task

    ending = outputs.check_target(out, (*TABLES, *ARRAYS, *FIGURES, *FILMS, *SOUNDS))
    if len(samples) < 2:
        raise InputError("a way leads from one sample to another", source="A B", remedy="Name two samples or more")
    with inputs.trained(project, run) as trained:
        data, model = trained.data(), trained.model()
        if not model.can_decode or model.decodes == "masks":
            raise UnsupportedError(f"{model.title} does not decode samples", source=project)
        if ending in SOUNDS and data.layout != "notes":
            raise InputError(
                "only melodies can be written as sound", source=out, remedy="Give a name that ends in .csv"
            )
        stops = [outputs.sample_number(data, sample) for sample in samples]
        codes = np.asarray(trained.codes(), np.float64)
        path = through(codes[stops], steps, straight if way == "linear" else spherical).astype(np.float32)
        decoded = run_task("decode_codes", DecodeCodes(trained.ref, path))
        if ending in (*FIGURES, *FILMS):
            style = FigureStyle(width_mm=width_mm, height_mm=height_mm, dpi=dpi or (100 if ending in FILMS else 300))
            names = [data.sample_name(stop) for stop in stops]
            with Bar("Drawing").shown() as bar:
                if ending in FILMS:
                    request = AnimatePath(trained.ref, data, path, out, replace(style, theme="light"), rate)
                    written = Path(run_task("animate_path", request, bar))
                else:
                    content = path_content(data, decoded, _percents(steps), f"Through {', '.join(names)}")
                    written = Path(run_task("export_figure", ExportFigure("path", out, content, style), bar))
        else:
            words = model.target_vocabulary_ if model.decodes == "translation" else data.vocabulary
            written = _write(out, ending, data, stops[0], decoded.samples, path, words)
        facts: dict[str, Any] = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "through": stops,
            "from": stops[0],
            "to": stops[-1],
            "steps": steps,
            "way": way,
            "z": path,
            "near": decoded.near,
            "radius": decoded.radius,
            "out": str(written),
        }
    told = " to ".join(map(str, facts["through"]))
    emit(facts, as_json=as_json, text=lambda: f"{steps} samples from {told} in {facts['out']}; {_near_words(facts)}")


def _near_words(facts: dict[str, Any]) -> str:
    lonely = int(np.count_nonzero(np.asarray(facts["near"]) == 0))
    return f"{lonely} of them have no real sample near" if lonely else "each has real samples near"


def _percents(count: int) -> list[str]:
    return [f"{round(100 * share)} %" for share in np.linspace(0, 1, count)]


def _write(
    out: str, ending: str, data: Dataset, first: int, samples: np.ndarray, path: np.ndarray, words: tuple[str, ...]
) -> Path:
    from explorer.data.writing import npy_bytes, npz_bytes, write_bytes, write_columns

    if ending == ".npy":
        return write_bytes(out, npy_bytes(samples))
    if ending == ".npz":
        return write_bytes(out, npz_bytes({"values": samples, "z": path}))
    names = _percents(len(samples))
    if ending in SOUNDS:
        return Path(outputs.write_melodies(out, data, samples, first, names))
    if data.layout == "notes":
        return write_columns(out, outputs.note_table(data, samples, names))
    if data.layout == "text":
        from explorer.data.tokens import text_of

        return write_columns(
            out, {"sample": np.array(names), "text": np.array([text_of(each, words) for each in samples])}
        )
    if samples.shape[1:] != data.sample_shape:
        raise InputError(
            "what this model decodes has times of its own", source=out, remedy="Give a name that ends in .npy or .npz"
        )
    shown = replace(
        data.subset(np.full(len(samples), first)), values=samples, targets=None, observed=None, names=np.array(names),
        labels=None, class_names=(), masks=None, lengths=None, columns={},
    )  # fmt: skip
    return outputs.write_samples(out, shown, samples, samples)
