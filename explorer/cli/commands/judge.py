"""How well a trained model does what it is for: outliers, two runs side by side, forecasts, masks, few labels."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.commands.analyse import TABLES, MaybeOut
from explorer.cli.console import Bar, emit
from explorer.data.dataset import Dataset
from explorer.errors import InputError

MaybeIndex = Annotated[int | None, typer.Option(help="Which sample, from 0. By default the first of the test samples.")]


def outliers(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    top: Annotated[int, typer.Option(min=1, metavar="N", help="How many of the oddest samples to name.")] = 10,
    anomaly: Annotated[
        list[str] | None,
        typer.Option(metavar="CLASS", help="A class that is an anomaly; by default judged by the classes' names."),
    ] = None,
    out: MaybeOut = None,
    seed: options.Seed = 0,
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Rank samples by the error of their reconstruction; where anomalies are known, tell how well that finds them."""
    from explorer.data.writing import npz_bytes, write_bytes, write_columns
    from explorer.workspace.messages import RankOutliers
    from explorer.workspace.tasks import run_task

    ending = None if out is None else outputs.check_target(out, TABLES)
    with inputs.trained(project, run) as trained, Bar("Ranking").shown() as bar:
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        found = run_task("rank_outliers", RankOutliers(trained.ref, dataset, anomaly or [], seed), bar)
        order = np.argsort(-np.nan_to_num(found.scores, nan=-np.inf), kind="stable")[:top]
        path = None
        if out is not None and ending == ".npz":
            arrays = {"scores": found.scores, "names": dataset.sample_names}
            optional = {"step_scores": found.step_scores, "recording": found.recording}
            path = write_bytes(out, npz_bytes(arrays | {name: a for name, a in optional.items() if a is not None}))
        elif out is not None:
            path = write_columns(out, outputs.sample_facts(dataset, {"score": found.scores}))
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "n_samples": len(dataset),
            "error": "share of wrong tokens" if dataset.vocabulary else "mean squared error",
            "top": [
                {"sample": int(i), "name": dataset.sample_name(int(i)), "score": float(found.scores[i])} for i in order
            ],
            "anomalies": found.anomalies,
            "part": found.part,
            "metrics": found.metrics,
            "baselines": found.baselines,
            "seed": seed,
            "out": None if path is None else str(path),
        }
    emit(facts, as_json=as_json, text=lambda: _outliers_text(facts))


def _outliers_text(facts: dict[str, Any]) -> str:
    lines = [f"the oddest of {facts['n_samples']} samples, by {facts['error']}"]
    lines += [f"{each['score']:10.4g}  {each['sample']}  {each['name']}" for each in facts["top"]]
    if facts["metrics"]:
        part = "all samples" if facts["part"] == "all" else f"the {facts['part']} part"
        lines.append(f"how well {', '.join(facts['anomalies'])} stand out in {part}")
        for name, measures in {facts["model"]: facts["metrics"], **facts["baselines"]}.items():
            told = "  ".join(f"{key} {value:.3f}" for key, value in measures.items() if "prevalence" not in key)
            lines.append(f"{name:20}  {told}")
        shares = [(key, value) for key, value in facts["metrics"].items() if "prevalence" in key]
        lines.append("  ".join(f"{key} {value:.3f}" for key, value in shares))
    return "\n".join([*lines, *([f"scores in {facts['out']}"] if facts["out"] else [])])


def compare(
    project: options.ProjectPath,
    first: Annotated[str, typer.Argument(metavar="RUN1", help="Number or name of a run.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="RUN2", help="Number or name of another.", show_default=False)],
    data: options.MaybeData = None,
    *,
    seed: options.Seed = 0,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Set two runs side by side: errors, neighbourhoods that are kept, probes, and how alike their codes are."""
    from explorer.workspace.messages import CompareRuns
    from explorer.workspace.tasks import run_task

    with inputs.opened(project) as opened, Bar("Comparing").shown() as bar:
        one, two = inputs.choose(opened, first), inputs.choose(opened, second)
        dataset = inputs.given(one, data, bar, reader=reader, options=data_options)
        found = run_task("compare_runs", CompareRuns(one.ref, two.ref, dataset, seed), bar)
        facts = {
            "runs": [{"run": each.run.id, "name": each.run.name, "model": each.run.recipe} for each in (one, two)],
            "n_samples": found.n_samples,
            "part": found.part,
            "measures": {name: list(pair) for name, pair in found.measures.items()},
            "better": found.better,
            "similarity": found.similarity,
            "seed": seed,
        }
    emit(facts, as_json=as_json, text=lambda: _compare_text(facts))


def _compare_text(facts: dict[str, Any]) -> str:
    one, two = (f"{each['run']}: {each['name']}" for each in facts["runs"])
    wide = max(len(one), len(two), len("not defined")) + 2
    part = "all samples" if facts["part"] == "all" else f"the {facts['part']} part"
    lines = [f"on {facts['n_samples']} samples ({part})", f"{'':22}{one:>{wide}}{two:>{wide}}"]
    for name, pair in facts["measures"].items():
        told = ["not defined" if value != value else f"{value:.4g}" for value in pair]
        better = facts["better"][name]
        lines.append(
            f"{name.replace('_', ' '):22}{told[0]:>{wide}}{told[1]:>{wide}}" + f"  ({better} is better)" * bool(better)
        )
    alike = ", ".join(f"{name} {value:.3f}" for name, value in facts["similarity"].items())
    return "\n".join([*lines, f"how alike the codes are: {alike}"])


def forecast(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    index: MaybeIndex = None,
    out: MaybeOut = None,
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell the error of forecasts at each step ahead, beside persistence; write one of them with its truth."""
    from explorer.data.writing import write_columns
    from explorer.workspace.messages import ForecastSample
    from explorer.workspace.tasks import run_task

    if out is not None:
        outputs.check_target(out, TABLES)
    with inputs.trained(project, run) as trained, Bar("Forecasting").shown() as bar:
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        chosen = inputs.sample(dataset, index)
        found = run_task("forecast_sample", ForecastSample(trained.ref, dataset, chosen), bar)
        path = None
        if out is not None:
            columns: dict[str, np.ndarray] = {dataset.time_label: dataset.time_axis}
            for name in ("truth", "forecast", "persistence"):
                values = getattr(found, name)
                columns |= {f"{name} {each}": values[:, c] for c, each in enumerate(dataset.channel_names)}
            path = write_columns(out, columns)
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "sample": chosen,
            "horizon": found.horizon,
            "n_samples": found.n_samples,
            "mse": found.errors,
            "persistence_mse": found.persistence_errors,
            "autoregression_mse": found.autoregression_errors,
            "out": None if path is None else str(path),
        }
    emit(facts, as_json=as_json, text=lambda: _forecast_text(facts))


def _forecast_text(facts: dict[str, Any]) -> str:
    rows = {facts["model"]: facts["mse"], "persistence": facts["persistence_mse"]}
    rows |= {"autoregression": facts["autoregression_mse"]} if facts["autoregression_mse"] is not None else {}
    horizon = facts["horizon"]
    steps = sorted({0, horizon // 4, horizon // 2, horizon - 1})
    lines = [f"mean squared error of {facts['n_samples']} forecasts of {horizon} steps"]
    lines.append(f"{'':20}" + "".join(f"{f'step {step + 1}':>12}" for step in steps) + f"{'all':>12}")
    for name, errors in rows.items():
        told = "".join(f"{errors[step]:12.4g}" for step in steps)
        lines.append(f"{name:20}{told}{np.nanmean(errors):12.4g}")
    return "\n".join([*lines, *([f"sample {facts['sample']} in {facts['out']}"] if facts["out"] else [])])


def segment(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    index: MaybeIndex = None,
    out: Annotated[str | None, typer.Option(metavar="MASK.npz", help="File to write: .npy or .npz.")] = None,
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Let a model tell the class of every step or pixel of a sample, and how far that is right."""
    from explorer.data.writing import npy_bytes, npz_bytes, write_bytes
    from explorer.workspace.messages import SegmentSample
    from explorer.workspace.tasks import run_task

    ending = None if out is None else outputs.check_target(out, (".npy", ".npz"))
    with inputs.trained(project, run) as trained, Bar("Segmenting").shown() as bar:
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        chosen = inputs.sample(dataset, index)
        found = run_task("segment_sample", SegmentSample(trained.ref, dataset, chosen), bar)
        path = None
        if out is not None:
            arrays = {"mask": found.mask, "probabilities": found.probabilities, "names": np.array(found.names)}
            blob = npy_bytes(found.mask) if ending == ".npy" else npz_bytes(arrays)
            path = write_bytes(out, blob)
        counts = np.bincount(found.mask.ravel(), minlength=len(found.names))
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "sample": chosen,
            "classes": dict(zip(found.names, counts.tolist(), strict=True)),
            "metrics": found.metrics,
            "baselines": found.baselines,
            "out": None if path is None else str(path),
        }
    emit(facts, as_json=as_json, text=lambda: _segment_text(facts))


def _segment_text(facts: dict[str, Any]) -> str:
    classes = ", ".join(f"{name} ({count})" for name, count in facts["classes"].items())
    lines = [f"sample {facts['sample']}: {classes}"]
    for name, measures in ({facts["model"]: facts["metrics"], **facts["baselines"]}).items():
        if measures:
            lines.append(f"{name:20}  " + "  ".join(f"{key} {value:.3f}" for key, value in measures.items()))
    return "\n".join([*lines, *([f"mask in {facts['out']}"] if facts["out"] else [])])


def label_curve(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    counts: Annotated[
        str | None,
        typer.Option(metavar="N,M,…", help="Numbers of labels; by default 1, 5, 10 and 100 % of the train part's."),
    ] = None,
    seeds: Annotated[str, typer.Option(metavar="N,M,…", help="Each draws other labels.")] = "0,1,2",
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Train classifiers on few labels, from a run's encoder and from scratch, and tell their accuracy."""
    from explorer.workspace.messages import PretrainCurve
    from explorer.workspace.tasks import run_task

    chosen_seeds = inputs.whole_numbers(seeds, "--seeds")
    chosen = None if counts is None else inputs.whole_numbers(counts, "--counts")
    with inputs.trained(project, run) as trained, Bar("Training classifiers").shown() as bar:
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        request = PretrainCurve(trained.ref, dataset, chosen or _usual_counts(dataset), chosen_seeds)
        found = run_task("pretrain_curve", request, bar)
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "counts": found.counts,
            "seeds": found.seeds,
            "pretrained": found.pretrained,
            "scratch": found.scratch,
            "frozen": found.frozen,
            "baseline": found.baseline,
        }
    emit(facts, as_json=as_json, text=lambda: _curve_text(facts))


def _usual_counts(dataset: Dataset) -> list[int]:
    """Return 1, 5, 10 and 100 % of the labels of the train part, each at least one a class."""
    if dataset.labels is None:
        raise InputError("there are no labels to learn from", source=dataset.name, remedy="Choose data with labels")
    known = dataset.labels[dataset.indices("train")]
    total, classes = int(np.sum(known >= 0)), len(np.unique(known[known >= 0]))
    return sorted({min(total, max(classes, round(share * total))) for share in (0.01, 0.05, 0.1, 1.0)})


def _curve_text(facts: dict[str, Any]) -> str:
    count = len(facts["seeds"])
    lines = [f"accuracy on the test part over {count} {'seed' if count == 1 else 'seeds'}, by the number of labels"]
    lines.append(f"{'':20}" + "".join(f"{count:>16}" for count in facts["counts"]))
    for name, title in (("pretrained", "pre-trained"), ("frozen", "frozen"), ("scratch", "from scratch")):
        values = np.asarray(facts[name])
        spread = values.std(axis=0, ddof=1) if len(values) > 1 else np.zeros(values.shape[1])
        told = zip(values.mean(axis=0), spread, strict=True)
        lines.append(f"{title:20}" + "".join(f"{f'{mean:.3f} ± {sd:.3f}':>16}" for mean, sd in told))
    return "\n".join([*lines, f"the most frequent class alone: {facts['baseline']:.3f}"])
