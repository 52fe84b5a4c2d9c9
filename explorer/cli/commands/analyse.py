"""What the codes of a trained model tell: maps of wide codes, groups, features, and the spectrum of data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.console import Bar, emit, warn
from explorer.errors import InputError

TABLES = (".csv", ".tsv", ".npz")
MaybeOut = Annotated[str | None, typer.Option(metavar="T.csv|npz", help="File to write: .csv, .tsv or .npz.")]


def project(
    project: options.ProjectPath,
    method: Annotated[Literal["pca", "tsne", "umap"], typer.Option(help="How to lay the codes out.")] = "pca",
    dims: Annotated[int, typer.Option(min=2, max=3, help="In how many dimensions.")] = 2,
    *,
    out: Annotated[str, typer.Option(metavar="MAP.csv|npz", help="File to write: .csv, .tsv or .npz.")],
    pairs: options.MethodParams = None,
    seed: options.Seed = 0,
    run: options.RunChoice = None,
    as_json: options.AsJson = False,
) -> None:
    """Lay the codes of a run out in two or three dimensions, by PCA, t-SNE or UMAP."""
    from explorer.data.writing import npz_bytes, write_bytes, write_columns
    from explorer.workspace.contents import code_columns
    from explorer.workspace.messages import ProjectCodes
    from explorer.workspace.tasks import run_task

    ending = outputs.check_target(out, TABLES)
    with inputs.trained(project, run) as trained, Bar("Laying out").shown() as bar:
        params = inputs.settings(pairs or (), option="--set")
        dataset = trained.data()
        found = run_task("project_codes", ProjectCodes(trained.ref, method, dims, params, seed), bar)
        if ending == ".npz":
            arrays = outputs.embedding_arrays(dataset, found.coordinates)
            arrays["coordinates"] = arrays.pop("codes")
            if found.mean is not None:
                arrays |= {"mean": found.mean, "vectors": found.vectors}
            path = write_bytes(out, npz_bytes(arrays))
        else:
            columns = code_columns(dataset, found.coordinates)
            renamed = {f"z{axis + 1}": f"{method} {axis + 1}" for axis in range(dims)}
            path = write_columns(out, {renamed.get(name, name): column for name, column in columns.items()})
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "method": method,
            "dims": dims,
            "n_samples": len(found.coordinates),
            "n_placed": found.n_placed,
            "params": found.params,
            "seed": seed,
            "explained": found.ratios,
            "note": found.note,
            "out": str(path),
        }
    if found.note:
        warn(found.note)
    emit(facts, as_json=as_json, text=lambda: f"{len(found.coordinates)} codes in {dims} dimensions in {path}")


def cluster(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    method: Annotated[Literal["k-means", "hdbscan"], typer.Option(help="How to find groups.")] = "k-means",
    *,
    out: MaybeOut = None,
    pairs: options.MethodParams = None,
    seed: options.Seed = 0,
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Find groups among codes, and tell how far they agree with labels, which are not looked at before."""
    from explorer.data.writing import write_columns
    from explorer.workspace.messages import FindClusters
    from explorer.workspace.tasks import run_task

    if out is not None:
        outputs.check_target(out, TABLES)
    with inputs.trained(project, run) as trained, Bar("Clustering").shown() as bar:
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        params = inputs.settings(pairs or (), option="--set")
        found = run_task("find_clusters", FindClusters(trained.ref, dataset, method, params, seed), bar)
        path = None if out is None else write_columns(out, outputs.sample_facts(dataset, {"cluster": found.labels}))
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "method": method,
            "n_samples": len(dataset),
            "n_clusters": found.n_clusters,
            "sizes": np.bincount(found.labels[found.labels >= 0], minlength=found.n_clusters),
            "noise": int(np.sum(found.labels < 0)),
            "scores": found.scores,
            "params": found.params,
            "seed": seed,
            "out": None if path is None else str(path),
        }
    emit(facts, as_json=as_json, text=lambda: _cluster_text(facts))


def _cluster_text(facts: dict[str, Any]) -> str:
    sizes = ", ".join(map(str, facts["sizes"]))
    lines = [f"{facts['n_clusters']} clusters of {sizes} samples" + f", {facts['noise']} noise" * bool(facts["noise"])]
    if not facts["n_clusters"]:
        lines = [f"no clusters: all {facts['noise']} samples are noise; a smaller 'smallest' finds more"]
    names = {"silhouette": "silhouette", "ari": "adjusted Rand index", "nmi": "normalised mutual information"}
    lines += [", ".join(f"{names[name]} {value:.3f}" for name, value in facts["scores"].items())]
    lines += [f"clusters in {facts['out']}"] if facts["out"] else []
    return "\n".join(filter(None, lines))


def probe(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    target: Annotated[str, typer.Option(metavar="NAME", help="What to predict: label, or a column's name.")] = "label",
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation.")] = 5,
    seed: options.Seed = 0,
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell what nearest neighbours and a linear model read out of codes, beside raw samples and PCA."""
    from explorer.workspace.messages import ProbeCodes
    from explorer.workspace.tasks import run_task

    with inputs.trained(project, run) as trained, Bar("Probing").shown() as bar:
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options)
        found = run_task("probe_codes", ProbeCodes(trained.ref, dataset, folds, seed, target), bar)
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "target": target,
            "measure": found.measure,
            "n_samples": found.n_samples,
            "held_out": found.held_out,
            "baseline": found.baseline,
            "probes": [
                {"features": row.features, "probe": row.probe, "mean": row.mean, "sd": row.sd, "folds": row.folds}
                for row in found.rows
            ],
            "seed": seed,
        }
    if not found.held_out:
        warn("the test part is too small; the model has seen some of these samples")
    emit(facts, as_json=as_json, text=lambda: _probe_text(facts))


def _probe_text(facts: dict[str, Any]) -> str:
    measure = {"accuracy": "accuracy", "r2": "R²"}[facts["measure"]]
    titles = {"knn": "5 nearest neighbours", "linear": "linear"}
    lines = [f"{measure} of '{facts['target']}' on {facts['n_samples']} samples, mean ± deviation over held-out folds"]
    lines += [
        f"{each['features']:5} {titles[each['probe']]:21} {each['mean']:.3f} ± {each['sd']:.3f}"
        for each in facts["probes"]
    ]
    usual = "the most frequent class" if facts["measure"] == "accuracy" else "the mean"
    return "\n".join([*lines, f"{usual} alone: {facts['baseline']:.3f}"])


def spectrum(
    data: options.DataSource,
    count: Annotated[int, typer.Option(min=1, max=4096, help="How many components.")] = 16,
    *,
    out: MaybeOut = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell how much of the variance of data each principal component explains, and write the components."""
    from explorer.workspace.messages import FindSpectrum
    from explorer.workspace.tasks import run_task

    ending = None if out is None else outputs.check_target(out, TABLES)
    with Bar(f"Reading {Path(data).name}").shown() as bar:
        dataset = inputs.read_data(data, bar, reader=reader, options=data_options or ())
        if ending in (".csv", ".tsv") and dataset.layout == "image":
            raise InputError("images do not fit a table", source=out, remedy="Give a name that ends in .npz")
        found = run_task("find_spectrum", FindSpectrum(dataset, count), bar)
        path = None if out is None else outputs.write_spectrum(out, dataset, found)
        facts = {
            "data": dataset.name,
            "n_samples": found.n_samples,
            "total": found.total,
            "variances": found.variances,
            "ratios": found.ratios,
            "out": None if path is None else str(path),
        }
    emit(facts, as_json=as_json, text=lambda: _spectrum_text(facts))


def _spectrum_text(facts: dict[str, Any]) -> str:
    ratios = np.asarray(facts["ratios"])
    lines = [f"{facts['data']}: principal components of {facts['n_samples']} samples", "component  explained  together"]
    for i, (ratio, together) in enumerate(zip(ratios, np.cumsum(ratios), strict=True), 1):
        lines.append(f"{i:9}  {100 * ratio:7.2f} %  {100 * together:6.2f} %")
    return "\n".join([*lines, *([f"components in {facts['out']}"] if facts["out"] else [])])
