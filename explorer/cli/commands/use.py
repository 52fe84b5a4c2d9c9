"""Using a trained model: codes of samples, samples of codes, denoised samples."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.commands import recordings
from explorer.cli.console import Bar, emit, say, warn
from explorer.data.dataset import Dataset, check_numbers
from explorer.errors import InputError
from explorer.progress import Progress

TABLES = (".csv", ".tsv", ".npz")
CODES = (*TABLES, ".npy")
SAMPLES = (".csv", ".tsv", ".npy", ".npz")
SOUNDS = (".mid", ".midi", ".wav")


def embed(
    project: options.ProjectPath,
    data: options.MaybeData = None,
    *,
    out: Annotated[
        str,
        typer.Option(
            metavar="CODES.csv|npz|npy",
            help="File to write: .csv, .tsv or .npz; .npy for the codes alone, of as many samples as there may be.",
        ),
    ],
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    window: options.Window = None,
    stride: options.Stride = None,
    clean: options.Clean = None,
    as_json: options.AsJson = False,
) -> None:
    """Write the codes of samples."""
    from explorer.data.writing import npz_bytes, write_array, write_bytes, write_columns
    from explorer.models.encoding import encode, encoded
    from explorer.workspace.contents import code_columns

    ending = outputs.check_target(out, CODES)
    with inputs.trained(project, run) as trained, Bar("Encoding").shown() as bar:
        if data is None:
            dataset = trained.data()
        else:
            chosen = inputs.cut(data_options, window, stride)
            dataset = inputs.read_data(data, bar, reader=reader, options=chosen, clean=clean)
        width = trained.model().latent_dim_
        if ending == ".npy":
            blocks = iter([trained.codes()]) if data is None else encoded(trained.model(), dataset, bar)
            path = write_array(out, blocks, (len(dataset), width))
        else:
            codes = np.asarray(trained.codes() if data is None else encode(trained.model(), dataset, bar), np.float32)
            if ending == ".npz":
                path = write_bytes(out, npz_bytes(outputs.embedding_arrays(dataset, codes)))
            else:
                path = write_columns(out, code_columns(dataset, codes))
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "n_samples": len(dataset),
            "latent_dim": width,
            "out": str(path),
        }
    emit(facts, as_json=as_json, text=lambda: f"{facts['n_samples']} codes of {facts['latent_dim']} numbers in {path}")


def decode(
    project: options.ProjectPath,
    z: Annotated[str, typer.Option("--z", metavar="Z1,Z2,…", help="The code, its numbers separated by commas.")],
    out: Annotated[
        str, typer.Option(metavar="X.csv", help="File to write: .csv, .tsv, .npy or .npz; a melody also .mid or .wav.")
    ],
    run: options.RunChoice = None,
    as_json: options.AsJson = False,
) -> None:
    """Decode a code, and find the real sample whose code is nearest."""
    from explorer.data.writing import npy_bytes, write_bytes, write_columns
    from explorer.workspace.contents import decoded_columns
    from explorer.workspace.messages import Decode
    from explorer.workspace.tasks import run_task

    ending = outputs.check_target(out, (*SAMPLES, *SOUNDS))
    inputs.numbers(z, "--z")  # a mistake should show before the model is read
    with inputs.trained(project, run) as trained:
        code = inputs.code(z, trained.model().latent_dim_)
        decoded = run_task("decode", Decode(trained.ref, code.astype(np.float32)))
        if ending == ".npy":
            path = write_bytes(out, npy_bytes(decoded.sample))
        elif ending == ".npz":
            said = {"text": np.array(decoded.text)} if decoded.text else {}
            path = write_columns(out, {"decoded": decoded.sample, "z": decoded.z, **said})
        elif ending in SOUNDS:
            if trained.data().layout != "notes":
                raise InputError("only melodies can be written as sound", source=out, remedy="Give a name in .csv")
            path = outputs.write_melodies(out, trained.data(), decoded.sample[None], decoded.nearest, ["decoded"])
        else:
            path = write_columns(out, decoded_columns(trained.data(), decoded))
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "z": code,
            "shape": decoded.sample.shape,
            **({"text": decoded.text} if decoded.text else {}),
            "nearest": decoded.nearest if decoded.nearest >= 0 else None,
            "distance": decoded.distance,
            "forward_ms": decoded.forward_ms,
            "out": str(path),
        }
    emit(facts, as_json=as_json, text=lambda: _decoded_text(facts))


def _decoded_text(facts: dict[str, Any]) -> str:
    text = f"decoded sample in {facts['out']}"
    if facts["nearest"] is not None:
        text += f"; the nearest real one is sample {facts['nearest']}, its code {facts['distance']:.3g} away"
    return text


def denoise(
    project: Annotated[
        str, typer.Argument(metavar="[PROJECT]", help="A .latentscape file; none with --denoiser.", show_default=False)
    ],
    data: options.MaybeData = None,
    *,
    out: Annotated[str, typer.Option(metavar="Y.csv|npy|npz", help="File to write: .csv, .tsv, .npy, .npz or .ts.")],
    denoiser: Annotated[
        str | None,
        typer.Option(metavar="NAME:VALUE", help='Instead of the run: "median:5", "median:5 + run:3". See denoisers.'),
    ] = None,
    streamed: Annotated[
        bool | None,
        typer.Option(
            "--stream/--no-stream",
            help="Go through a file of any length in windows, and write it in its own format. By default where its "
            "series are longer than the model's samples.",
            show_default=False,
        ),
    ] = None,
    overlap: Annotated[float, typer.Option(help="--stream: share of windows that neighbours have in common.")] = 0.5,
    fill: Annotated[
        bool, typer.Option("--fill-gaps", help="--stream: fill what is missing, instead of keeping it so.")
    ] = False,
    corrupt: Annotated[
        str | None,
        typer.Option(
            metavar="NAME:STRENGTH",
            help="Spoil the clean samples first, as in gaussian:0.3 or 'hum:0.1 + gaussian:10dB'.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the corruption.")] = 0,
    run: options.RunChoice = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    clean: options.Clean = None,
    as_json: options.AsJson = False,
) -> None:
    """Pass samples or a long recording through a model or a filter, and write what comes out in the data's units."""
    from explorer.analysis.metrics import SAME_DB
    from explorer.data.corruption import corrupt as corrupted
    from explorer.data.corruption import parse_corruption

    way = recordings.Way(out, denoiser, overlap, fill, reader, data_options, as_json)
    if denoiser is not None or streamed:
        recordings.check_alone(corrupt, clean, streamed)
        recordings.denoise(project, data, run, way)
        return
    outputs.check_target(out, SAMPLES)
    corruption = None if corrupt is None else parse_corruption(corrupt)
    with inputs.trained(project, run) as trained, Bar("Denoising").shown() as bar:
        if streamed is None and corrupt is None and clean is None and recordings.is_long(trained, data, way):
            say(f"{data} has longer series than the model's samples: it is gone through in windows (--stream)")
            recordings.run(trained, str(data), way, bar)
            return
        dataset = inputs.given(trained, data, bar, reader=reader, options=data_options, clean=clean)
        check_numbers(dataset)
        given = dataset if corruption is None else corrupted(dataset, corruption, seed)
        denoised = np.array(trained.model().reconstruct(given), np.float32)
        if dataset.lengths is not None and denoised.ndim == 3:
            denoised[np.arange(denoised.shape[1]) >= dataset.lengths[:, None]] = np.nan
        path = outputs.write_samples(out, given, denoised, given.values)
        facts = {
            "run": trained.run.id,
            "model": trained.run.recipe,
            "n_samples": len(denoised),
            "corruption": corrupt,
            "seed": seed,
            "metrics": _metrics(given, denoised),
            "test": _test(trained, dataset, corrupt, seed, bar),
            "out": str(path),
        }
    gain = facts["metrics"].get("snr_gain_db")
    if gain is not None and gain < SAME_DB:
        worse = f"worse than their input (SNR gain {gain:.1f} dB)"
        warn(f"the denoised samples are {worse if gain <= -SAME_DB else 'no better than their input'}")
    emit(facts, as_json=as_json, text=lambda: _denoised_text(facts))


def _test(
    trained: inputs.TrainedRun, dataset: Dataset, corrupt: str | None, seed: int, progress: Progress
) -> dict[str, Any]:
    """Return what the bench measures of the run on the test part, with intervals; empty where no truth is known."""
    from explorer.workspace.bench_facts import bench_facts
    from explorer.workspace.messages import RunBench
    from explorer.workspace.tasks import run_task

    if dataset.targets is None and corrupt is None:
        return {}
    found = run_task("run_bench", RunBench(dataset, [trained.ref], [], corrupt, seed, classics=False), progress)
    name = f"run:{trained.run.id}"
    rows = {row["name"]: row for row in bench_facts(found)["denoisers"]}
    return {"n_samples": len(found.indices), "part": found.part, **rows[name]["measures"]} if name in rows else {}


def _metrics(given: Dataset, denoised: np.ndarray) -> dict[str, float]:
    """Return the errors against the clean samples, where those are known and differ from the input."""
    from explorer.analysis.metrics import Errors
    from explorer.data.gaps import fill_gaps
    from explorer.data.scaling import typical_value

    if given.targets is None:
        return {}
    errors, usual = Errors(), typical_value(given)
    for i in range(len(given)):
        noisy = fill_gaps(given.values[i : i + 1], usual)
        errors.add(given.targets[i : i + 1], denoised[i : i + 1], noisy)
    found = {"mse": errors.mse, "mae": errors.mae, "snr_gain_db": errors.snr_gain_db}
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _denoised_text(facts: dict[str, Any]) -> str:
    metrics = facts["metrics"]
    parts = [f"{facts['n_samples']} denoised samples in {facts['out']}"]
    parts += [f"MSE {metrics['mse']:.4g}"] if "mse" in metrics else []
    parts += [f"SNR gain {metrics['snr_gain_db']:+.1f} dB"] if "snr_gain_db" in metrics else []
    return ", ".join(parts)
