"""The command line's composition root: the commands in one program, and how it ends."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated, cast

import typer

from explorer.cli.commands import (
    analyse,
    animate,
    bench,
    extrapolate,
    generate,
    inspect,
    interpolate,
    judge,
    plot,
    reproduce,
    sets,
    train,
    translate,
    use,
)
from explorer.cli.console import say
from explorer.errors import Cancelled, InputError, MissingDataError

# Of click, or of the copy of it that newer versions of typer bring along.
_USAGE_ERROR = cast("type[Exception]", typer.BadParameter.__mro__[2])

cli = typer.Typer(
    name="latentscape",
    help="Train autoencoders, map their codes, decode, denoise and analyse, without a window. "
    "Without a command, or with a project alone, the window opens.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.command()(inspect.datasets)
cli.command()(inspect.models)
cli.command()(inspect.denoisers)
cli.command()(inspect.info)
cli.command()(train.train)
cli.command()(use.embed)
cli.command("encode", hidden=True)(use.embed)  # by the name of what it does, too
cli.command()(use.decode)
cli.command()(interpolate.interpolate)
cli.command()(use.denoise)
cli.command()(translate.translate)
cli.command()(generate.sample)
cli.command()(generate.likelihood)
cli.command()(generate.judge_generated)
cli.command()(bench.bench)
cli.command()(analyse.project)
cli.command()(analyse.cluster)
cli.command()(analyse.probe)
cli.command()(analyse.spectrum)
cli.command()(judge.outliers)
cli.command()(judge.compare)
cli.command()(judge.forecast)
cli.command()(extrapolate.extrapolate)
cli.command()(judge.segment)
cli.command()(judge.label_curve)
cli.command()(plot.plot)
cli.command()(animate.animate)
cli.command()(reproduce.reproduce)
cli.add_typer(sets.sets, name="sets")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"latentscape {version('latentscape')}")
        raise typer.Exit


@cli.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


def run(arguments: list[str]) -> int:
    """Do what the arguments say, and return the exit status.

    0: done. 2: the input cannot be used, told in one line on stderr. 3: a result was not reached (`reproduce`).
    130: cancelled. 1: a fault of the program's own, with a traceback only where the environment variable
    LATENTSCAPE_DEBUG is set.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a console of Windows may lack letters that a name has
            stream.reconfigure(errors="replace")
    try:
        return int(cli(arguments, prog_name="latentscape", standalone_mode=False) or 0)
    except MissingDataError as reason:
        said = InputError(
            reason.problem,
            source=reason.source,
            place=reason.place,
            remedy="Put the file back as it was, or open the project in the window, which asks where the file is now",
        )
        say(f"latentscape: {said}")
        return 2
    except InputError as reason:
        say(f"latentscape: {reason}")
        return 2
    except (KeyboardInterrupt, Cancelled, typer.Abort):
        say("latentscape: cancelled")
        return 130
    except BrokenPipeError:
        # Whoever read stdout has gone, as `head` does. Python would complain once more when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except _USAGE_ERROR as reason:
        message = getattr(reason, "format_message", reason.__str__)()
        say(f"latentscape: {message} Try 'latentscape --help'.")
        return 2
    except Exception as reason:
        if os.environ.get("LATENTSCAPE_DEBUG"):
            raise
        say(
            f"latentscape: a fault of the program: {type(reason).__name__}: {reason}. "
            "Set LATENTSCAPE_DEBUG=1 for the details, and please report them."
        )
        return 1
