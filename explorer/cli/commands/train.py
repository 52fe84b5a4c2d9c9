"""Training, headless."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from explorer.cli import inputs, options
from explorer.cli.console import Bar, duration, emit, say, warn
from explorer.data.dataset import PARTS, Dataset
from explorer.errors import Cancelled, InputError, UnsupportedError
from explorer.workspace.measures import judged_words
from explorer.workspace.messages import TrainOutcome
from explorer.workspace.run import Run


def train(
    data: options.DataSource,
    model: Annotated[str, typer.Option(metavar="NAME", help="Which model; see 'latentscape models'.")],
    more: Annotated[list[str] | None, typer.Argument(metavar="[K=V]...", help="Further settings.", hidden=True)] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="K=V", help="A parameter of the model, such as latent_dim=2. May be repeated."),
    ] = None,
    corrupt: Annotated[
        str | None,
        typer.Option(
            metavar="NAME:STRENGTH",
            help="Spoil the inputs afresh in every epoch, as in gaussian:0.3, or 'hum:0.1 + gaussian:10dB'.",
        ),
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="Passes over the training samples, at most.")] = None,
    seed: Annotated[
        int, typer.Option(min=0, help="Of weights, batches and noise; the same seed gives the same result.")
    ] = 0,
    out: Annotated[
        str | None,
        typer.Option(
            metavar="P.latentscape",
            help="Project to keep the run in, for the window and the other commands. "
            "One that exists gets another run, and keeps those it has. Without it nothing is kept.",
        ),
    ] = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    window: options.Window = None,
    stride: options.Stride = None,
    clean: options.Clean = None,
    as_json: options.AsJson = False,
) -> None:
    """Train a model on data and measure it on the test samples.

    Ctrl-C stops early and keeps the best weights so far; the exit status is then 130.
    """
    params = _params(model, [*(settings or ()), *(more or ())], epochs, seed)
    if corrupt is not None:
        from explorer.data.corruption import parse_corruption

        parse_corruption(corrupt)  # a mistake should show before the data are read
    bar = Bar(f"Reading {data}")
    with bar.shown():
        chosen = inputs.cut(data_options, window, stride)
        dataset = inputs.read_data(data, bar, reader=reader, options=chosen, clean=clean)
        with _project(out) as path:
            trained = _trained(path, dataset, Job(model, params, corrupt), bar)
    facts = _facts(trained.run, trained.outcome, dataset, seed) | {"out": None if out is None else str(path)}
    for note in trained.outcome.history.notes:
        say(f"latentscape: {note}")
    _judge(trained.outcome)
    emit(facts, as_json=as_json, text=lambda: _text(facts))
    if trained.outcome.history.stopped == "cancelled":
        raise typer.Exit(130)


@dataclass(frozen=True)
class Job:
    """What is to be trained."""

    model: str
    params: dict[str, Any]
    corruption: str | None


@dataclass(frozen=True)
class Trained:
    """What came of it."""

    run: Run
    outcome: TrainOutcome


def _params(model: str, pairs: list[str], epochs: int | None, seed: int) -> dict[str, Any]:
    """Return the valid parameters; the seed only where the model has one: PCA needs none."""
    from explorer.models.base import RECIPES
    from explorer.parameters import parameters, validate

    cls = RECIPES.load(model)
    chosen: dict[str, Any] = dict(inputs.settings(pairs, option="--set"))
    if epochs is not None:
        chosen["epochs"] = epochs
    if "seed" not in chosen and any(parameter.name == "seed" for parameter in parameters(cls)):
        chosen["seed"] = seed
    return validate(cls, chosen, owner=f"the model '{model}'")


@contextlib.contextmanager
def _project(out: str | None) -> Iterator[Path]:
    """Give the path of the project; one that was made for a training that comes to nothing is taken away again."""
    from explorer.workspace.project import with_suffix

    if out is None:
        with tempfile.TemporaryDirectory(prefix="latentscape-", ignore_cleanup_errors=True) as folder:
            yield Path(folder) / "run.latentscape"
        return
    path = with_suffix(Path(out).expanduser().absolute())
    if Path(out).expanduser().is_dir():
        raise InputError("this is a folder", source=out, remedy=f"Name a file, as in {Path(out) / path.name}")
    new = not path.exists()
    try:
        yield path
    except BaseException:
        if new and not _has_weights(path):
            for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                path.with_name(name).unlink(missing_ok=True)
        raise


def _has_weights(path: Path) -> bool:
    from explorer.workspace.project import ProjectFile

    if not path.is_file():
        return False
    try:
        project = ProjectFile.open(path)
    except InputError:
        return False
    with contextlib.closing(project):
        return any(run.version for run in project.runs())


def _trained(path: Path, dataset: Dataset, job: Job, bar: Bar) -> Trained:
    from explorer.workspace.messages import TrainRun
    from explorer.workspace.project import ProjectFile
    from explorer.workspace.tasks import run_task
    from explorer.workspace.workspace import Workspace

    project = ProjectFile.open(path) if path.exists() else ProjectFile.create(path)
    if project.path != path:
        project.close()
        project.path.unlink(missing_ok=True)
        raise InputError(
            "the project cannot be written where it is", source=path, remedy="Give another name with --out"
        )
    with contextlib.closing(project):
        workspace = Workspace(project)
        known = [entry.id for entry in workspace.data_entries if entry.origin == dataset.origin]
        if known:
            workspace.activate_data(known[-1])
        if workspace.data is None or workspace.data.sha256 != dataset.sha256:
            workspace.add_data(dataset)
        run = workspace.begin_run(job.model, job.params, job.corruption)
        try:
            outcome = run_task("train", TrainRun(str(path), run.id, dataset), bar)
        except (InputError, Cancelled) as reason:
            workspace.fail_run(run.id, str(reason))
            raise
        workspace.end_run(outcome)
        return Trained(project.run(run.id), outcome)


def _facts(run: Run, outcome: TrainOutcome, dataset: Dataset, seed: int) -> dict[str, Any]:
    history = outcome.history
    counts = {f"n_{part}": int(np.sum(dataset.split == number)) for part, number in PARTS.items()}
    return {
        "model": run.recipe,
        "name": run.name,
        "run": run.id,
        "data": {
            "name": dataset.name,
            "layout": dataset.layout,
            "shape": dataset.values.shape,
            **counts,
            "sha256": dataset.sha256,
        },
        "seed": run.params.get("seed", seed),
        "params": run.provenance.get("config", run.params),
        "corruption": run.corruption,
        "n_parameters": _size(run, dataset),
        "latent_dim": outcome.codes.shape[1],
        "device": history.device,
        "epochs": len(history.epochs),
        "best_epoch": history.best_epoch,
        "stopped": history.stopped,
        "notes": history.notes,
        "seconds": outcome.seconds,
        "samples_per_second": _rate(outcome, counts["n_train"]),
        "metrics": outcome.metrics,
    }


def _rate(outcome: TrainOutcome, n_train: int) -> float | None:
    """Return the training samples seen a second; a model without epochs sees each once."""
    if outcome.history.epochs or outcome.seconds <= 0:
        return outcome.history.samples_per_second
    return n_train / outcome.seconds


def _size(run: Run, dataset: Dataset) -> int | None:
    from explorer.models.base import RECIPES
    from explorer.parameters import validate

    cls = RECIPES.load(run.recipe)
    try:
        return cls(**validate(cls, run.params)).size(dataset)
    except UnsupportedError:
        return None


def _judge(outcome: TrainOutcome) -> None:
    """Warn of what a person should not overlook."""
    from explorer.analysis.metrics import SAME_DB

    if outcome.history.stopped == "diverged":
        warn("the training diverged: the weights are the last good ones; a smaller learning_rate may help")
    metrics = outcome.metrics.get("test", {})
    gain = metrics.get("snr_gain_db")
    if gain is not None and gain < SAME_DB and "forecast_mse" not in metrics:  # a future is not what it was given
        than = f"worse than its input (SNR gain {gain:.1f} dB)" if gain <= -SAME_DB else "no better than its input"
        warn(
            f"on the test samples the result is {than}: "
            "this model does not denoise these data; more epochs or a larger hidden or latent_dim may help"
        )


def _text(facts: dict[str, Any]) -> str:
    metrics = facts["metrics"].get("test", {})
    how = {"early": ", stopped early", "cancelled": ", cancelled", "diverged": ", diverged"}.get(facts["stopped"], "")
    took = duration(facts["seconds"]) if facts["seconds"] >= 1 else f"{1000 * facts['seconds']:.0f} ms"
    epochs = f"{facts['epochs']} epochs{how} in " if facts["epochs"] else ""
    size = f"{facts['n_parameters']:,} parameters, " if facts["n_parameters"] else ""
    lines = [f"{facts['name']} on {facts['data']['name']}: {size}{epochs}{took} on {facts['device']}"]
    parts = [f"{title} {metrics[name]:.4g}" for name, title in (("mse", "MSE"), ("mae", "MAE")) if name in metrics]
    parts += [f"SNR gain {metrics['snr_gain_db']:+.1f} dB"] if "snr_gain_db" in metrics else []
    if parts:
        lines.append(f"test ({facts['data']['n_test']} samples): " + ", ".join(parts))
    if words := judged_words(facts["metrics"]):
        lines.append(words)
    if facts["out"]:
        lines.append(f"kept as run {facts['run']} in {facts['out']}")
    return "\n".join(lines)
