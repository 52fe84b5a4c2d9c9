"""A training as an animation of its map."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.console import Bar, emit


def animate(
    project: options.ProjectPath,
    *,
    out: Annotated[str, typer.Option(metavar="F.gif", help="File to write: .gif, .mp4 or .apng.")],
    axes: Annotated[
        str, typer.Option(metavar="I,J", help="Which two coordinates of the codes, from 1; or pca.")
    ] = "1,2",
    colour: Annotated[
        str | None,
        typer.Option("--colour", "--color", metavar="NAME", help="label, split, a column's name, or none."),
    ] = None,
    rate: Annotated[int, typer.Option(min=1, max=60, help="Pictures a second.")] = 12,
    most: Annotated[int, typer.Option(min=2, max=400, help="Of more epochs evenly many are drawn.")] = 240,
    width_mm: Annotated[float, typer.Option(help="Width of the picture in millimetres.")] = 160.0,
    height_mm: Annotated[float, typer.Option(help="Height of the picture in millimetres.")] = 110.0,
    dpi: Annotated[int, typer.Option(help="Dots per inch.")] = 100,
    theme: Annotated[
        Literal["print", "light", "dark"], typer.Option(help="Colours: on white for print, or as on the screen.")
    ] = "light",
    run: options.RunChoice = None,
    as_json: options.AsJson = False,
) -> None:
    """Write how the map of a run came about, epoch by epoch, as GIF, MP4 or animated PNG."""
    from explorer.analysis.animation import SUFFIXES
    from explorer.analysis.look import FigureStyle
    from explorer.analysis.planes import AxisPlane, LinearPlane
    from explorer.workspace.messages import AnimateTraining
    from explorer.workspace.tasks import run_task
    from explorer.workspace.view_state import default_colouring

    outputs.check_target(out, SUFFIXES)
    style = FigureStyle(width_mm=width_mm, height_mm=height_mm, dpi=dpi, theme=theme)
    with inputs.trained(project, run) as trained:
        data, codes = trained.data(), trained.codes()
        if codes.shape[1] == 1:
            plane = AxisPlane(0)
        elif axes == "pca":
            plane = LinearPlane.principal(codes)
        else:
            plane = AxisPlane(*inputs.two_axes(axes, codes.shape[1]))
        colouring = default_colouring(data) if colour is None else "" if colour == "none" else colour
        request = AnimateTraining(
            trained.ref.project, trained.run.id, data, plane.to_json(), colouring, out, style, rate, most
        )
        with Bar("Drawing").shown() as bar:
            path = run_task("animate_training", request, bar)
        facts = {"run": trained.run.id, "model": trained.run.recipe, "out": path}
    emit(facts, as_json=as_json, text=lambda: f"The training in {path}")
