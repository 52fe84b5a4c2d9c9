"""The denoising bench: whether the network is worth it."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from explorer.cli import inputs, options, outputs
from explorer.cli.commands.analyse import TABLES
from explorer.cli.console import Bar, emit, warn
from explorer.errors import InputError

if TYPE_CHECKING:
    from explorer.analysis.bench import Bench, Row
    from explorer.workspace.messages import ModelRef

REPORTS = (".html", ".pdf")
_SETTING = re.compile(r"\s*\w+\s*=")
_COLUMNS = {
    "mse": ("MSE", ".4g"),
    "snr_gain_db": ("SNR gain (dB)", ".2f"),
    "correlation": ("correlation", ".3f"),
    "beat_error_ms": ("R peak (ms)", ".2f"),
    "beats_found": ("beats found", ".3f"),
}


def bench(
    data: options.DataSource,
    *,
    run: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PROJECT[:RUN]", help="A trained run that takes part: by number or name. May be repeated."
        ),
    ] = None,
    denoisers: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,…", help="Which, as in wiener,\"median:5 + wavelet\"; by default all. See 'denoisers'."
        ),
    ] = None,
    corrupt: Annotated[
        str | None,
        typer.Option(metavar="NAME:STRENGTH", help="Spoil the clean samples; by default they are taken as they are."),
    ] = None,
    levels: Annotated[
        str | None, typer.Option(metavar="S,S,…", help="Further strengths of the corruption to measure at.")
    ] = None,
    seed: options.Seed = 0,
    out: Annotated[
        str | None, typer.Option(metavar="TABLE.csv", help="File for the table: .csv, .tsv or .npz.")
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(metavar="R.html|pdf", help="File for a report with figures, tables, settings and scripts."),
    ] = None,
    reader: options.Reader = None,
    data_options: options.DataOptions = None,
    window: options.Window = None,
    stride: options.Stride = None,
    clean: options.Clean = None,
    as_json: options.AsJson = False,
) -> None:
    """Tune denoisers on the validation samples, measure them and runs on the test samples, and tell who wins."""
    from explorer.analysis.verdicts import verdicts
    from explorer.data.writing import write_columns
    from explorer.workspace.bench_facts import bench_columns, bench_facts
    from explorer.workspace.messages import RunBench, WriteReport
    from explorer.workspace.tasks import run_task

    if out is not None:
        outputs.check_target(out, TABLES)
    if report is not None:
        outputs.check_target(report, REPORTS)
    strengths = [] if levels is None else inputs.numbers(levels, "--levels").tolist()
    texts = split_denoisers(denoisers or "")
    with ExitStack() as stack:
        runs = [_run(stack, text) for text in run or ()]
        bar = stack.enter_context(Bar("Denoising").shown())
        chosen = inputs.cut(data_options, window, stride)
        dataset = inputs.read_data(data, bar, reader=reader, options=chosen, clean=clean)
        found: Bench = run_task("run_bench", RunBench(dataset, runs, texts, corrupt, seed, strengths), bar)
        if report is not None:
            wanted = WriteReport(report, dataset, found, runs, texts, strengths, data)
            report = run_task("write_report", wanted, bar)
    path = None if out is None else write_columns(out, bench_columns(found))
    for reason in dict.fromkeys(found.refused.values()):
        names = [f"'{name}'" for name, why in found.refused.items() if why == reason]
        warn(f"{', '.join(names)} {'takes' if len(names) == 1 else 'take'} no part: {reason}")
    if not found.complete:
        warn("cancelled: these are the denoisers that were done")
    told = verdicts(found)
    facts = {**bench_facts(found), "verdict": told, "out": None if path is None else str(path), "report": report}
    ending = [f"{what} in {file}" for what, file in (("table", path), ("report", report)) if file is not None]
    emit(facts, as_json=as_json, text=lambda: "\n".join([_table(found), *told, *ending]))


def split_denoisers(text: str) -> list[str]:
    """Return denoisers that are separated by commas; ``key=value`` behind a comma belongs to the one before it."""
    found: list[str] = []
    for part in filter(str.strip, text.split(",")):
        if _SETTING.match(part) and found:
            found[-1] += f",{part}"
        else:
            found.append(part)
    return [part.strip().strip("\"'").strip() for part in found]


def _run(stack: ExitStack, text: str) -> ModelRef:
    """Return the run of ``PROJECT`` or ``PROJECT:RUN``, whose project stays open for as long as the stack."""
    path, _, chosen = text.rpartition(":") if not text.endswith(".latentscape") else (text, "", "")
    if not path:
        raise InputError(f"'{text}' is no run", source="--run", remedy="Write --run PROJECT.latentscape:NUMBER")
    return stack.enter_context(inputs.trained(path, chosen or None)).ref


def _table(found: Bench) -> str:
    """Return the table as people read it, the best denoiser first."""
    from io import StringIO

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    names = [name for name in _COLUMNS if any(name in row.measures for row in found.rows)]
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("denoiser", no_wrap=True)
    for name in names:
        table.add_column(f"{_COLUMNS[name][0]}\n95 % interval", justify="right", no_wrap=True)
    blind = [] if found.truth else sorted({name for row in found.rows for name in row.blind})
    for name in blind:
        table.add_column(name.replace("_", " "), justify="right")
    table.add_column("settings", overflow="fold")
    for row in found.ranked():
        cells = [_cell(row, name) for name in names]
        cells += [f"{row.blind[name]:.3g}" if name in row.blind else "" for name in blind]
        table.add_row(row.title, *cells, row.settings)
    part = "all samples" if found.part == "all" else f"the {found.part} part"
    noise = f"spoilt by {found.corruption}" if found.corruption else "with their own noise"
    file = StringIO()
    console = Console(file=file, width=160, color_system=None)
    console.print(table)
    lines = [line.rstrip() for line in file.getvalue().splitlines() if line.strip()]
    levels = found.rows[0].levels
    if levels:
        lines += ["", "SNR gain (dB) by the strength of the corruption:"]
        lines.append(f"{'':30}" + "".join(f"{level.strength:>10g}" for level in levels))
        for row in found.ranked():
            told = "".join(f"{level.snr_gain_db.value:>10.2f}" for level in row.levels)
            lines.append(f"{row.title:30}{told}".replace("-", "−"))
    return "\n".join([f"{found.data}: {len(found.indices)} samples ({part}), {noise}", *lines, ""])


def _cell(row: Row, name: str) -> str:
    interval, form = row.measures.get(name), _COLUMNS[name][1]
    if interval is None or interval.value != interval.value:
        return ""
    value = f"{interval.value:{form}}"
    if interval.low == interval.low and interval.low != interval.high:
        value += f"  {interval.low:{form}} … {interval.high:{form}}"
    return value.replace("-", "−")
