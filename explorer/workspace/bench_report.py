"""A bench told as a report: who wins, by which figures, with which settings, and how to come by them again."""

from __future__ import annotations

import math
import platform
import shlex
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from explorer.analysis.bench import NOISY, Bench, Row
from explorer.analysis.confidence import COVERED, RESAMPLED, Interval
from explorer.analysis.denoiser import TRIES
from explorer.analysis.report import Picture, Report, Table
from explorer.analysis.verdicts import is_run, verdicts
from explorer.data.dataset import PARTS, Dataset
from explorer.progress import Progress, check
from explorer.workspace import bench_contents as contents
from explorer.workspace.bench_facts import bench_facts
from explorer.workspace.messages import ModelRef, WriteReport

DIGITS = {"mse": ".4g", "mae": ".4g", "snr_gain_db": ".2f", "correlation": ".3f", "beat_error_ms": ".2f"}
"""How many digits of a measure people read."""
CONTENDERS = 3
"""Denoisers whose curves are drawn."""
_PACKAGES = ("latentscape", "numpy", "scipy", "torch", "PyWavelets", "scikit-learn", "matplotlib")


def bench_report(request: WriteReport, progress: Progress) -> Report:
    """Return the report of a bench.

    Raises
    ------
    InputError
        If the data, a denoiser or a run is not what it was when the bench was made.
    Cancelled
        If the person cancelled.
    """
    found, data = request.found, request.data
    colors = request.colors or contents.default_colors(found)
    samples = _sample_pictures(request, colors, progress) if data.layout == "series" else []
    pictures = [*_score_pictures(found, data, colors), *samples]
    return Report(
        title=f"Denoising bench: {found.data}",
        lead=(contents.bench_name(found) + ".", *verdicts(found), *_refused(found), *_cut_short(found)),
        tables=tuple(_tables(found, data)),
        pictures=tuple(pictures),
        settings=_settings(request),
        commands=tuple(_commands(request)),
        numbers=bench_facts(found),
    )


def _refused(found: Bench) -> list[str]:
    return [f"'{name}' took no part: {reason}." for name, reason in found.refused.items()]


def _cut_short(found: Bench) -> list[str]:
    return [] if found.complete else ["The bench was cancelled: these are the denoisers that were done."]


# Tables


def number(value: float, digits: str) -> str:
    """Return a number as people read it; nothing where it is none."""
    return f"{value:{digits}}".replace("-", "−") if math.isfinite(value) else ""


def _cell(interval: Interval | None, digits: str) -> str:
    if interval is None or not math.isfinite(interval.value):
        return ""
    text = number(interval.value, digits)
    if math.isfinite(interval.low) and interval.low != interval.high:
        text += f" [{number(interval.low, digits)}, {number(interval.high, digits)}]"
    return text


def _tables(found: Bench, data: Dataset) -> Iterable[Table]:
    yield _results(found, data)
    yield _denoisers(found)
    if found.pairs:
        yield _tests(found)
    if found.rows and found.rows[0].levels:
        yield _levels(found, data)
    if found.truth and data.values.shape[-1] > 1:
        yield _parts("By channel", found, "channels")
    if found.truth and any(row.classes for row in found.rows):
        yield _parts("By class", found, "classes")


def _results(found: Bench, data: Dataset) -> Table:
    rows = found.ranked()
    names = [name for name in contents.MEASURES if any(name in row.measures for row in rows)]
    blind = [] if found.truth else sorted({name for row in rows for name in row.blind})
    header = ("denoiser", *(contents.measure_label(name, data.unit) for name in names), *blind, "ms a sample")
    cells = tuple(
        (
            row.title,
            *(_cell(row.measures.get(name), DIGITS.get(name, ".3g")) for name in names),
            *(number(row.blind.get(name, math.nan), ".3g") for name in blind),
            "" if row.name == NOISY else number(1000 * row.seconds, ".3g"),
        )
        for row in rows
    )
    note = f"In brackets {COVERED:.0%} intervals over the samples, drawn anew {RESAMPLED:,} times. The best is first."
    if not found.truth:
        note = "No clean target is known: blind measures, which are signs of trouble and no errors."
    return Table("What each denoiser reaches", header, cells, note)


def _denoisers(found: Bench) -> Table:
    def chosen(row: Row) -> str:
        return f"{row.criterion}, {row.tries} tries" if row.criterion else "as given"

    cells = tuple((row.title, row.settings, chosen(row)) for row in found.ranked() if row.name != NOISY)
    return Table("Settings of the denoisers", ("denoiser", "settings", "chosen by"), cells)


def _tests(found: Bench) -> Table:
    titles = {row.name: row.title for row in found.rows}
    cells = tuple(
        (
            f"{titles[pair.first]} against {titles[pair.second]}",
            number(100 * pair.wins, ".0f") + " %",
            number(pair.rank_biserial, "+.2f"),
            number(pair.cohens_dz, "+.2f"),
            number(pair.p, ".2g"),
            number(pair.p_adjusted, ".2g"),
        )
        for pair in found.pairs
    )
    header = ("sample by sample", "better on", "rank-biserial", "Cohen's d_z", "p", "p (Holm)")
    note = "Wilcoxon's signed-rank test of the squared errors. Positive effect sizes speak for the first of two."
    return Table("Who is better than whom", header, cells, note)


def _levels(found: Bench, data: Dataset) -> Table:
    label = contents.strength_label(found.corruption, data.unit)
    header = ("SNR gain (dB)", *(f"{level.strength:g}" for level in found.rows[0].levels))
    cells = tuple(
        (row.title, *(_cell(level.snr_gain_db, ".2f") for level in row.levels))
        for row in found.ranked()
        if row.name != NOISY
    )
    return Table(f"By the {label}", header, cells, "With the settings that were tuned at the first strength.")


def _parts(title: str, found: Bench, which: str) -> Table:
    rows = [row for row in found.ranked() if getattr(row, which)]
    names = list(dict.fromkeys(name for row in rows for name in getattr(row, which)))
    cells = tuple(
        (row.title, *(number(getattr(row, which).get(name, {}).get("mse", math.nan), ".4g") for name in names))
        for row in rows
    )
    return Table(title, ("MSE", *names), cells)


# Figures


def _score_pictures(found: Bench, data: Dataset, colors: Mapping[str, str]) -> list[Picture]:
    pictures = []
    if (scores := contents.scores_content(found, data.unit, colors=colors)) is not None:
        words = f"Means over the samples with {COVERED:.0%} intervals; 0 dB is no better than the input."
        pictures.append(Picture("scores", "bench_scores", scores, "SNR gain of each denoiser", words))
    for measure in ("snr_gain_db", "mse"):
        content = contents.levels_content(found, data.unit, measure, colors)
        if content is not None:
            title = f"{contents.measure_label(measure, data.unit)} against the strength of the noise"
            words = f"Bands are {COVERED:.0%} intervals over the samples."
            pictures.append(Picture(f"levels-{measure.partition('_')[0]}", "bench_levels", content, title, words))
    if (ahead := pairs_content(found, colors)) is not None:
        title = f"{ahead['reference']} against the others, sample by sample"
        words = "A dot is a sample; a ring the median, the bar the middle half. Right of 0 the first is better."
        pictures.append(Picture("pairs", "bench_pairs", ahead, title, words))
    return pictures


def pairs_content(found: Bench, colors: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the content of "bench_pairs": the best run, or where there is none the best, against all others."""
    rows = [row for row in found.ranked() if row.name != NOISY]
    if not found.truth or len(rows) < 2:
        return None
    first = next((row for row in rows if is_run(row)), rows[0])
    others = [row for row in rows if row is not first]
    with np.errstate(divide="ignore", invalid="ignore"):
        ahead = [10 * np.log10(row.squares.sum(axis=1) / first.squares.sum(axis=1)) for row in others]
    finite = np.where(np.isfinite(np.stack(ahead)), np.stack(ahead), np.nan)
    return {
        "titles": [row.title for row in others],
        "colors": [colors[row.name] for row in others],
        "dashed": [False] * len(others),
        "name": contents.bench_name(found),
        "reference": first.title,
        "ahead": finite,
        "samples": found.indices,
    }


def _sample_pictures(request: WriteReport, colors: Mapping[str, str], progress: Progress) -> list[Picture]:
    """Return the curves of a typical sample, and of those on which the best denoiser does best and worst."""
    from explorer.analysis.bench import learnt
    from explorer.analysis.spoil import pairs
    from explorer.workspace.denoising import find_denoiser

    found, data = request.found, request.data
    rows = _contenders([row for row in found.ranked() if row.name != NOISY])
    if not rows:
        return []
    places = _places(found, rows[0])
    tried = pairs(data, np.array([found.indices[place] for place in places.values()]), found.corruption, found.seed)
    outputs: dict[str, np.ndarray] = {}
    for i, row in enumerate(rows):
        check(progress)
        progress.report(i / len(rows), row.title)
        denoiser = learnt(find_denoiser(row.settings, request.runs, data), data, found.corruption, found.seed, progress)
        outputs[row.name] = denoiser.denoise(tried.noisy, tried.lengths)
    pictures = []
    for i, (what, place) in enumerate(places.items()):
        which = data.sample_name(int(found.indices[place]))
        name = f"sample {which} of {found.data}, {found.corruption or 'as recorded'}"
        clean = None if tried.clean is None else tried.clean[i, :, 0]
        versions = [contents.Version("noisy", "noisy", tried.noisy[i, :, 0])]
        versions += [] if clean is None else [contents.Version("clean", "clean", clean)]
        denoised = [contents.Version(row.title, colors[row.name], outputs[row.name][i, :, 0]) for row in rows]
        content = contents.sample_content(data, 0, [*versions, *denoised], name)
        words = "" if data.values.shape[-1] == 1 else f"Channel {data.channel_names[0]}."
        pictures.append(Picture(f"sample-{what}", "bench_sample", content, f"{what.capitalize()} sample", words))
        if what != "typical":
            continue
        given = tried.noisy[i, :, 0]
        left = [
            contents.Version(each.title, each.color, given - each.values if clean is None else each.values - clean)
            for each in denoised
        ]
        words = "Noisy minus denoised" if clean is None else "Denoised minus clean"
        pictures.append(
            Picture("residuals", "bench_residuals", contents.residuals_content(data, left, name), "What is left",
                    f"{words}, and its autocorrelation; the band is that of white noise.")
        )  # fmt: skip
        spectra = contents.spectrum_content(data, [*versions, *denoised], name)
        pictures.append(Picture("spectra", "bench_spectrum", spectra, "Power spectra of the typical sample"))
    return pictures


def _contenders(rows: Sequence[Row]) -> list[Row]:
    """Return the best ones, the best run and the best classic among them."""
    run = next((row for row in rows if is_run(row)), None)
    classic = next((row for row in rows if not is_run(row)), None)
    wanted = [row for row in (rows[0], run, classic) if row is not None]
    wanted += [row for row in rows if row not in wanted]
    return list({id(row): row for row in wanted}.values())[:CONTENDERS]


def _places(found: Bench, best: Row) -> dict[str, int]:
    """Return places in the bench of a typical, the best and the worst sample of its best denoiser."""
    count = len(found.indices)
    if not found.truth:
        return {"typical": count // 2}
    with np.errstate(divide="ignore", invalid="ignore"):
        left = best.squares.sum(axis=1) / found.noise.sum(axis=1)
    order = np.argsort(np.where(np.isfinite(left), left, np.inf), kind="stable")
    known = int(np.isfinite(left).sum()) or count
    places = {"typical": int(order[known // 2]), "best": int(order[0]), "worst": int(order[known - 1])}
    return dict(list(places.items())[: max(1, min(3, known))])


# Settings


def _settings(request: WriteReport) -> dict[str, dict[str, str]]:
    found, data = request.found, request.data
    parts = ", ".join(f"{len(data.indices(part))} {part}" for part in PARTS)
    origin = data.origin
    about = {
        "name": found.data,
        "shape": " × ".join(map(str, data.values.shape)),
        "parts": parts,
        "from": " ".join(filter(None, (origin.kind, origin.name, Path(origin.path).name if origin.path else ""))),
        "options": ", ".join(f"{key}={value}" for key, value in origin.options.items() if value is not None),
        "file (SHA-256)": origin.file_sha256 or "",
        "values (SHA-256)": _digest(data),
        "sampling rate": f"{data.sampling_rate:g} Hz" if data.sampling_rate else "",
        "unit": data.unit,
    }
    how = {
        "corruption": found.corruption or "none: the samples' own noise",
        "further strengths": ", ".join(f"{level:g}" for level in request.levels),
        "seed": str(found.seed),
        "tuning": f"{TRIES} settings of each on the validation part",
        "intervals": f"bootstrap of {RESAMPLED:,} draws, seed {found.seed}",
    }
    settings = {"Data": about, "Noise and measuring": how}
    for ref in request.runs:
        settings[f"Run {ref.run}"] = _run(ref)
    versions = {name: found for name in _PACKAGES if (found := _version(name))}
    settings["Versions"] = {"Python": platform.python_version(), "system": platform.system(), **versions}
    return {heading: {key: value for key, value in facts.items() if value} for heading, facts in settings.items()}


def _digest(data: Dataset) -> str:
    """Return a hash of all values and targets, by which data are known again wherever they came from."""
    digest = sha256()
    for array in (data.values, data.targets):
        if array is not None:
            for row in array:
                digest.update(np.ascontiguousarray(row).tobytes())
    return digest.hexdigest()


def _run(ref: ModelRef) -> dict[str, str]:
    from explorer.workspace.fitted import fitted
    from explorer.workspace.project import ProjectFile

    model, _ = fitted(ref)
    project = ProjectFile.open(ref.project)
    try:
        run = next(run for run in project.runs() if run.id == ref.run)
    finally:
        project.close()
    params = {key: str(value) for key, value in model.get_params().items() if value is not None}
    trained = f"{len(run.history.epochs)} epochs on {run.history.device or 'cpu'}" if run.history.epochs else ""
    return {"project": Path(ref.project).name, "name": run.name, "model": model.title, "trained": trained, **params}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _commands(request: WriteReport) -> list[str]:
    found = request.found
    words = ["latentscape", "bench", request.source or found.data]
    for ref in request.runs:
        words += ["--run", f"{Path(ref.project).name}:{ref.run}"]
    if request.denoisers:
        words += ["--denoisers", ",".join(request.denoisers)]
    if found.corruption:
        words += ["--corrupt", found.corruption]
    if request.levels:
        words += ["--levels", ",".join(f"{level:g}" for level in request.levels)]
    words += ["--seed", str(found.seed), "--report", Path(request.path).name]
    return [shlex.join(words)]
