"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

ProjectPath = Annotated[str, typer.Argument(metavar="PROJECT", help="A .latentscape file.", show_default=False)]
DataSource = Annotated[
    str, typer.Argument(metavar="DATA", help="A file, or the name of a built-in set.", show_default=False)
]
MaybeData = Annotated[
    str | None,
    typer.Argument(
        metavar="[DATA]", help="A file or a built-in set; by default what the run learnt from.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, and nothing else.")]
RunChoice = Annotated[
    str | None,
    typer.Option("--run", metavar="N", help="Which run: its number or name. By default the last active one."),
]
Reader = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="How to read the file; by default by its extension. See 'datasets'."),
]
DataOptions = Annotated[
    list[str] | None,
    typer.Option("--data-option", metavar="K=V", help="An option of the reader or of the built-in set (seed, …)."),
]
Window = Annotated[
    int | None,
    typer.Option("--window", min=2, metavar="STEPS", help="Cut one long recording into windows of so many steps."),
]
Stride = Annotated[
    int | None,
    typer.Option(
        "--stride", min=1, metavar="STEPS", help="Steps from one window to the next; by default a window's length."
    ),
]
Clean = Annotated[
    str | None,
    typer.Option(
        "--clean", metavar="FILE", help="A file with the same samples without their noise: the clean targets."
    ),
]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of all random numbers.")]
MethodParams = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="K=V", help="A parameter of the method. May be repeated."),
]
