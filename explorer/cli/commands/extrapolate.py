"""Curves of models in continuous time: between the observations, and beyond them."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.console import Bar, emit
from explorer.errors import InputError, UnsupportedError

TABLES = (".csv", ".tsv", ".npz")


def extrapolate(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    out: Annotated[str | None, typer.Option(metavar="CURVE.csv|npz", help="File to write the curve to.")] = None,
    index: Annotated[int | None, typer.Option(help="Which sample, from 0; by default the first to test with.")] = None,
    until: Annotated[
        float | None,
        typer.Option(metavar="TIME", help="Where the curve ends, in the data's unit; by default where the model's do."),
    ] = None,
    points: Annotated[int, typer.Option(min=2, max=1_000_000, help="Points of the curve.")] = 200,
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Write the curve of an irregular series: through its observations and beyond the last of them."""
    from explorer.analysis.curves import curve_errors
    from explorer.data.writing import write_columns
    from explorer.models.continuous import ContinuousModel

    if out is not None:
        outputs.check_target(out, TABLES)
    with inputs.trained(project, run) as trained, Bar("Solving").shown() as bar:
        model = trained.model()
        if not isinstance(model, ContinuousModel):
            raise UnsupportedError(
                f"{model.title} knows its steps alone",
                remedy="Choose a run of a neural ODE, an ODE-RNN or a latent ODE",
            )
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        chosen = inputs.sample(dataset, index)
        one = dataset.subset(np.array([chosen]))
        first, last = one.time_range
        begin, end = min(first, float(model.output_times_[0])), float(model.output_times_[-1])
        end = max(end, last) if until is None else until
        if not (math.isfinite(end) and end > begin):
            raise InputError(f"the curve begins at {begin:g} and cannot end at {end:g}", source="--until")
        times = np.linspace(begin, end, points)
        curve = model.curves(one, times)[0]
        path = None
        if out is not None:
            columns = {one.sample_time_label: times}
            columns |= {name: curve[:, i] for i, name in enumerate(one.channel_names)}
            path = write_columns(out, columns)
        errors = curve_errors(one, model.reconstruct(one))
        facts: dict[str, Any] = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "sample": chosen,
            "last_seen": one.last_seen(0),
            "until": end,
            "evaluations": model.evaluations_,
            "mse": {name: error for name, error in errors.items() if math.isfinite(error)},
            "out": None if path is None else str(path),
        }
    emit(facts, as_json=as_json, text=lambda: _text(facts))


def _text(facts: dict[str, Any]) -> str:
    lines = [
        f"sample {facts['sample']}: seen until {facts['last_seen']:.4g}, the curve goes on until {facts['until']:.4g}"
    ]
    lines += [f"mean squared error {name}: {error:.4g}" for name, error in facts["mse"].items()]
    lines += [f"the curve is in {facts['out']}"] if facts["out"] else []
    return "\n".join(lines)
