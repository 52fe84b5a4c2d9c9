"""Figures for papers, from a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.console import Bar, emit
from explorer.errors import InputError

Analysis = Literal["spectrum", "clusters", "features", "outliers", "forecast", "segments", "generation", "decision"]
Kind = Literal["map", "loss", "denoise", "decode", Analysis]


def plot(
    project: options.ProjectPath,
    kind: Annotated[Kind, typer.Argument(help="What to draw.", show_default=False)],
    *,
    out: Annotated[
        str,
        typer.Option(metavar="F.svg", help="File to write: .svg, .pdf, .png; .csv for the numbers; .py for a script."),
    ],
    width_mm: Annotated[float, typer.Option(help="Width of the figure in millimetres.")] = 160.0,
    height_mm: Annotated[float, typer.Option(help="Height of the figure in millimetres.")] = 110.0,
    dpi: Annotated[int, typer.Option(help="Dots per inch, of PNG and of maps with many points.")] = 300,
    theme: Annotated[
        Literal["print", "light", "dark"], typer.Option(help="Colours: on white for print, or as on the screen.")
    ] = "print",
    font_size: Annotated[float, typer.Option(help="Size of the text in points.")] = 9.0,
    axes: Annotated[str, typer.Option(metavar="I,J", help="map: which two coordinates of the codes, from 1.")] = "1,2",
    colour: Annotated[
        str | None,
        typer.Option("--colour", "--color", metavar="NAME", help="map: label, split, a column's name, or none."),
    ] = None,
    index: Annotated[
        int | None,
        typer.Option(help="Of one sample's figures: which, from 0. By default the first of the test samples."),
    ] = None,
    z: Annotated[
        str | None,
        typer.Option("--z", metavar="Z1,Z2,…", help="decode: the code, not a sample's; map: where the handle is."),
    ] = None,
    corrupt: Annotated[
        str | None,
        typer.Option(metavar="NAME:STRENGTH", help="denoise: spoil the clean sample, as in gaussian:0.3."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the corruption, or of what the analysis draws.")] = 0,
    script: Annotated[
        bool, typer.Option("--script", help="Write beside it the numbers, and a Python script that redraws it.")
    ] = False,
    run: options.RunChoice = None,
    as_json: options.AsJson = False,
) -> None:
    """Draw the map, losses, a sample or an analysis of a run, as SVG, PDF or PNG; or write its numbers, or a script."""
    from explorer.analysis.look import FigureStyle
    from explorer.workspace.messages import ExportFigure
    from explorer.workspace.tasks import run_task

    outputs.check_target(out, (".svg", ".pdf", ".png", ".csv", ".py"))
    style = FigureStyle(width_mm=width_mm, height_mm=height_mm, dpi=dpi, theme=theme, font_size=font_size)
    with inputs.trained(project, run) as trained:
        if kind == "map":
            content = _map(trained, axes, colour, z)
        elif kind == "loss":
            content = _loss(trained)
        elif kind == "decode":
            content = _decode(trained, index, z)
        elif kind in get_args(Analysis):
            content = _analysis(trained, kind, index, seed)
        else:
            content = _denoise(trained, index, corrupt, seed)
        path = run_task("export_figure", ExportFigure(kind, out, content, style))
        facts = {"kind": kind, "run": trained.run.id, "model": trained.run.recipe, "out": path}
        if script:
            beside = str(Path(out).expanduser().with_suffix(".py"))
            facts["script"] = run_task("export_figure", ExportFigure(kind, beside, content, style))
    also = f", redrawn by {facts['script']}" if script else ""
    emit(facts, as_json=as_json, text=lambda: f"{kind} in {path}{also}")


def _map(trained: inputs.TrainedRun, axes: str, colour: str | None, z: str | None) -> dict[str, Any]:
    from explorer.workspace.contents import map_content
    from explorer.workspace.view_state import default_colouring

    dataset, codes = trained.data(), trained.codes()
    first, second = inputs.two_axes(axes, codes.shape[1])
    handle = None if z is None else inputs.code(z, codes.shape[1])
    colouring = default_colouring(dataset) if colour is None else "" if colour == "none" else colour
    sets = trained.project.sets(trained.run.data, len(dataset))
    return map_content(dataset, codes, colouring, sets=sets, axes=(first, second), handle=handle)


def _loss(trained: inputs.TrainedRun) -> dict[str, Any]:
    from explorer.workspace.contents import loss_content

    return loss_content(trained.run)


def _decode(trained: inputs.TrainedRun, index: int | None, z: str | None) -> dict[str, Any]:
    from explorer.workspace.contents import decode_content
    from explorer.workspace.messages import Decode
    from explorer.workspace.tasks import run_task

    if index is not None and z is not None:
        raise InputError("--index and --z both say what to decode", remedy="Give one of them")
    dataset, codes = trained.data(), trained.codes()
    code = codes[inputs.sample(dataset, index)] if z is None else inputs.code(z, codes.shape[1])
    return decode_content(dataset, run_task("decode", Decode(trained.ref, np.asarray(code, np.float32))))


def _denoise(trained: inputs.TrainedRun, index: int | None, corrupt: str | None, seed: int) -> dict[str, Any]:
    from explorer.workspace.contents import denoise_content
    from explorer.workspace.messages import Denoise
    from explorer.workspace.tasks import run_task

    dataset = trained.data()
    request = Denoise(trained.ref, dataset, inputs.sample(dataset, index), corrupt, seed)
    return denoise_content(dataset, run_task("denoise", request))


def _analysis(trained: inputs.TrainedRun, kind: str, index: int | None, seed: int) -> dict[str, Any]:
    """Do an analysis of the run's own data, with its defaults, and return what is drawn of it."""
    from explorer.workspace import analysis_contents as contents
    from explorer.workspace import messages
    from explorer.workspace.tasks import run_task

    dataset, model = trained.data(), trained.ref
    with Bar("Analysing").shown() as bar:
        if kind == "spectrum":
            return contents.spectrum_content(dataset, run_task("find_spectrum", messages.FindSpectrum(dataset), bar))
        if kind == "clusters":
            clusters = run_task("find_clusters", messages.FindClusters(model, dataset, seed=seed), bar)
            return contents.clusters_content(dataset, clusters)
        if kind == "generation":
            judged = run_task("judge_generated", messages.JudgeGenerated(model, dataset, [], seed=seed), bar)
            return contents.generation_content(judged, trained.run.name)
        if kind == "decision":
            mapped = run_task("map_decisions", messages.MapDecisions(model, dataset, seed=seed), bar)
            return contents.decision_content(dataset, mapped)
        if kind == "features":
            return contents.features_content(
                run_task("probe_codes", messages.ProbeCodes(model, dataset, seed=seed), bar)
            )
        if kind == "outliers":
            ranked = run_task("rank_outliers", messages.RankOutliers(model, dataset, seed=seed), bar)
            return contents.outliers_content(dataset, ranked)
        chosen = inputs.sample(dataset, index)
        if kind == "forecast":
            told = run_task("forecast_sample", messages.ForecastSample(model, dataset, chosen), bar)
            return contents.forecast_content(dataset, told)
        return contents.segments_content(
            dataset, run_task("segment_sample", messages.SegmentSample(model, dataset, chosen), bar)
        )
