"""What there is: built-in sets, models, and what a file holds."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from explorer.cli import inputs, options
from explorer.cli.console import Bar, emit, warn
from explorer.data.dataset import PARTS, Dataset
from explorer.data.split import GAP
from explorer.parameters import Parameter, parameters
from explorer.registry import Registry


def datasets(as_json: options.AsJson = False) -> None:
    """List the built-in data sets, the readers of files, and their options."""
    from explorer.data.generated import SETS
    from explorer.data.reader import READERS

    _listed({"datasets": SETS, "readers": READERS}, as_json=as_json)


def models(as_json: options.AsJson = False) -> None:
    """List the models and the corruptions, with their parameters."""
    from explorer.data.corruption import CORRUPTIONS
    from explorer.models.base import RECIPES

    _listed({"models": RECIPES, "corruptions": CORRUPTIONS}, as_json=as_json)


def denoisers(as_json: options.AsJson = False) -> None:
    """List the classical denoisers, with their settings."""
    from explorer.analysis.denoiser import DENOISERS

    _listed({"denoisers": DENOISERS}, as_json=as_json)


def _listed(registries: dict[str, Registry[Any]], *, as_json: bool) -> None:
    facts: dict[str, Any] = {}
    failed: dict[str, str] = {}
    for kind, registry in registries.items():
        loaded, reasons = registry.load_all()
        facts[kind] = [_plugin(name, cls) for name, cls in loaded.items()]
        failed |= reasons
    for reason in failed.values():
        warn(reason)
    emit(facts | {"failed": failed}, as_json=as_json, text=lambda: _list_text(facts))


def _plugin(name: str, cls: type) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": name, "title": getattr(cls, "title", ""), "help": _summary(cls)}
    for extra in ("layouts", "extensions", "can_decode", "learns", "slow"):
        if hasattr(cls, extra):
            facts[extra] = getattr(cls, extra)
    return facts | {"parameters": [_parameter(parameter) for parameter in parameters(cls)]}


def _summary(cls: type) -> str:
    return " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split())


def _parameter(parameter: Parameter) -> dict[str, Any]:
    param = parameter.param
    kind = "choice" if parameter.choices else parameter.kind.__name__
    facts = {
        "name": parameter.name,
        "type": kind,
        "optional": parameter.optional,
        "default": parameter.default,
        "help": param.help,
        "unit": param.unit,
        "advanced": param.advanced,
    }
    if parameter.choices:
        facts["choices"] = parameter.choices
    bounds = {name: getattr(param, name) for name in ("ge", "gt", "le", "lt")}
    return facts | {name: bound for name, bound in bounds.items() if bound is not None}


def _list_text(facts: dict[str, list[dict[str, Any]]]) -> str:
    lines: list[str] = []
    for kind, plugins in facts.items():
        lines += ["", f"{kind.upper()}"] if lines else [kind.upper()]
        for plugin in plugins:
            extensions = f" ({' '.join(plugin['extensions'])})" if plugin.get("extensions") else ""
            lines.append(f"  {plugin['name']}: {plugin['title'] or plugin['help']}{extensions}")
            lines += [f"      {_parameter_text(parameter)}" for parameter in plugin["parameters"]]
    return "\n".join(lines)


def _parameter_text(parameter: dict[str, Any]) -> str:
    default = parameter["default"]
    if isinstance(default, (tuple, list)):
        default = ",".join(map(str, default))
    shown = "not set" if default is None else str(default).lower() if isinstance(default, bool) else default
    choices = f" [{', '.join(map(str, parameter['choices']))}]" if "choices" in parameter else ""
    unit = f" {parameter['unit']}" if parameter["unit"] else ""
    return f"{parameter['name']}={shown}{unit}{choices}  {parameter['help']}"


def info(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A data file, a built-in set, or a project.")],
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    window: options.Window = None,
    stride: options.Stride = None,
    clean: options.Clean = None,
    as_json: options.AsJson = False,
) -> None:
    """Tell what a data file or a project holds."""
    if Path(file).suffix.lower() == ".latentscape":
        facts = _project(file)
        emit(facts, as_json=as_json, text=lambda: _project_text(facts))
        return
    with Bar(f"Reading {Path(file).name}").shown() as bar:
        chosen = inputs.cut(data_options, window, stride)
        dataset = inputs.read_data(file, bar, reader=reader, options=chosen, clean=clean)
    facts = _dataset(dataset)
    emit(facts, as_json=as_json, text=lambda: _dataset_text(facts))


def _dataset(dataset: Dataset) -> dict[str, Any]:
    windows = dataset.windows
    values = dataset.values if windows is None else windows.recording  # each step once
    facts: dict[str, Any] = {
        "name": dataset.name,
        "kind": "data",
        "layout": dataset.layout,
        "n_samples": len(dataset),
        "sample_shape": dataset.sample_shape,
        "channels": dataset.channel_names,
        "unit": dataset.unit,
        "sampling_rate": dataset.sampling_rate,
        "missing": float(np.mean(~np.isfinite(values))),
        "minimum": float(np.nanmin(values)),
        "maximum": float(np.nanmax(values)),
        "mean": float(np.nanmean(values, dtype=np.float64)),
        "vocabulary": len(dataset.vocabulary),
        "target_vocabulary": len(dataset.target_vocabulary),
        "has_clean_targets": dataset.targets is not None and not dataset.target_vocabulary,
        "lengths": None if dataset.lengths is None else [int(dataset.lengths.min()), int(dataset.lengths.max())],
        "windows": None
        if windows is None
        else {
            "length": windows.length,
            "stride": windows.stride,
            "steps": len(windows.recording),
            "between_parts": int(np.sum(dataset.split == GAP)),
        },
        "classes": {},
        "masks": {},
        "columns": list(dataset.columns),
        "sha256": dataset.sha256,
        "origin": {
            "kind": dataset.origin.kind,
            "name": dataset.origin.name,
            "options": dataset.origin.options,
            "clean": dataset.origin.clean,
        },
    }
    if dataset.labels is not None:
        counts = np.bincount(dataset.labels[dataset.labels >= 0], minlength=len(dataset.class_names))
        facts["classes"] = dict(zip(dataset.class_names, counts.tolist(), strict=True))
    if dataset.masks is not None:
        known = dataset.masks[dataset.masks >= 0]
        shares = np.bincount(known, minlength=len(dataset.mask_names)) / max(1, known.size)
        facts["masks"] = dict(zip(dataset.mask_names, shares.tolist(), strict=True))
    return facts | {f"n_{part}": int(np.sum(dataset.split == number)) for part, number in PARTS.items()}


def _dataset_text(facts: dict[str, Any]) -> str:
    shape = " × ".join(map(str, facts["sample_shape"]))
    numbers = (
        f"values: {facts['minimum']:.6g} to {facts['maximum']:.6g}, mean {facts['mean']:.6g}, "
        f"{100 * facts['missing']:.3g} % missing" + (", clean targets known" if facts["has_clean_targets"] else "")
    )
    tokens = f"tokens: {facts['vocabulary']} different"
    if facts["target_vocabulary"]:
        tokens += f", translated into {facts['target_vocabulary']} others"
    lines = [
        f"{facts['name']}: {facts['n_samples']} samples of {shape}, {facts['layout']}",
        f"channels: {_some(facts['channels'])}" + (f" in {facts['unit']}" if facts["unit"] else ""),
        tokens if facts["vocabulary"] else numbers,
        f"split: {facts['n_train']} train, {facts['n_validation']} validation, {facts['n_test']} test",
    ]
    if facts["windows"]:
        cut = facts["windows"]
        lines.append(
            f"windows: {cut['length']} steps, one every {cut['stride']}, of a recording of {cut['steps']:,} steps; "
            f"{cut['between_parts']} between two parts are in none"
        )
    if facts["sampling_rate"]:
        lines.append(f"sampling rate: {facts['sampling_rate']:g} Hz")
    if facts["lengths"]:
        lines.append(f"lengths: {facts['lengths'][0]} to {facts['lengths'][1]} steps")
    if facts["classes"]:
        lines.append("classes: " + _some([f"{name} ({count})" for name, count in facts["classes"].items()]))
    if facts["masks"]:
        word = "pixels" if facts["layout"] == "image" else "steps"
        lines.append(f"{word}: " + _some([f"{name} ({100 * share:.3g} %)" for name, share in facts["masks"].items()]))
    if facts["columns"]:
        lines.append(f"columns: {_some(facts['columns'])}")
    return "\n".join([*lines, f"sha256: {facts['sha256']}"])


def _some(names: list[str] | tuple[str, ...], most: int = 12) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _project(path: str) -> dict[str, Any]:
    with inputs.opened(path) as project:
        data = [
            {
                "id": entry.id,
                "name": entry.name,
                "layout": entry.layout,
                "shape": entry.shape,
                "embedded": entry.embedded,
                "path": entry.origin.path,
                "clean": entry.origin.clean,
            }
            for entry in project.data_entries()
        ]
        runs = [
            {
                "id": run.id,
                "name": run.name,
                "model": run.recipe,
                "data": run.data,
                "status": run.status,
                "params": run.params,
                "corruption": run.corruption,
                "epochs": len(run.history.epochs),
                "seconds": run.seconds,
                "created": run.created,
                "metrics": run.metrics,
                "error": run.error,
            }
            for run in project.runs()
        ]
        return {"name": Path(path).stem, "kind": "project", "data": data, "runs": runs}


def _project_text(facts: dict[str, Any]) -> str:
    lines = [f"{facts['name']}: {len(facts['data'])} data sets, {len(facts['runs'])} runs"]
    for entry in facts["data"]:
        place = "in the project" if entry["embedded"] else entry["path"]
        place += f" with {entry['clean']}" if entry["clean"] else ""
        lines.append(f"data {entry['id']}: {entry['name']}, {' × '.join(map(str, entry['shape']))}, {place}")
    for run in facts["runs"]:
        test = ", ".join(f"{name} {value:.4g}" for name, value in run["metrics"].get("test", {}).items())
        parts = [f"{run['model']} on data {run['data']}", run["status"], f"{run['epochs']} epochs", test, run["error"]]
        lines.append(f"run {run['id']}: {run['name']}: " + ", ".join(part for part in parts if part))
    return "\n".join(lines)
