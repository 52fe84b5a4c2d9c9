"""Results that anyone can run again."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from explorer.cli import inputs, options
from explorer.cli.console import Bar, duration, emit, warn
from explorer.errors import InputError

MISSED = 3
"""Exit status when a result was not reached."""


def reproduce(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Which results; see --list.", show_default=False)
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All of them, one after the other.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List them: what each shows and how long it takes.")] = False,
    seeds: Annotated[
        str | None, typer.Option(metavar="0,1,2", help="Seeds; by default those of the table in the guide.")
    ] = None,
    data: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Folder of published data, such as 'nab' and 'physionet2012'.")
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """Compute a published or promised result anew, with its baselines, and compare it with its target.

    The exit status is 0 if every target is reached by the mean over the seeds, and 3 if one is not.
    """
    from explorer.analysis.experiment import EXPERIMENTS
    from explorer.data.outside import look_in

    if listed:
        _list(as_json)
        return
    chosen = EXPERIMENTS.names() if everything else list(names or ())
    if not chosen:
        raise InputError("no result is named", remedy="Name one of 'latentscape reproduce --list', or give --all")
    experiments = [EXPERIMENTS.load(name) for name in chosen]
    numbers = None if seeds is None else [inputs.whole_number(part, "--seeds") for part in seeds.split(",")]
    if data is not None:
        look_in(data)
    found: list[dict[str, Any]] = []
    for cls in experiments:
        bar = Bar(cls.title)
        with bar.shown():
            found.append(cls().run(numbers, bar).to_json())
        if not as_json:
            emit({}, as_json=False, text=lambda: _text(found[-1]))
    if as_json:
        facts = found[0] if len(found) == 1 else {"reached": _all(found), "experiments": found}
        emit(facts, as_json=True, text=str)
    if not _all(found):
        raise typer.Exit(MISSED)


def _all(found: list[dict[str, Any]]) -> bool:
    return all(outcome["reached"] for outcome in found)


def _list(as_json: bool) -> None:
    from explorer.analysis.experiment import EXPERIMENTS

    loaded, failed = EXPERIMENTS.load_all()
    for reason in failed.values():
        warn(reason)
    facts = [
        {
            "name": name,
            "title": cls.title,
            "shows": " ".join((cls.__doc__ or "").split("\n\n")[0].split()),
            "minutes": cls.minutes,
            "seeds": list(cls.seeds),
            "target": {target.measure: {target.relation: target.value} for target in cls.targets},
        }
        for name, cls in loaded.items()
    ]
    lines = [f"{fact['name']}: {fact['shows']} About {duration(60 * fact['minutes'])}." for fact in facts]
    emit({"experiments": facts, "failed": failed}, as_json=as_json, text=lambda: "\n".join(lines))


def _text(outcome: dict[str, Any]) -> str:
    """Return an outcome for people: each figure with its spread, what was to be reached, and the baselines."""
    count = len(outcome["seeds"])
    lines = [
        f"{outcome['name']}: {'reached' if outcome['reached'] else 'NOT reached'} "
        f"({count} {'seed' if count == 1 else 'seeds'}, {duration(outcome['seconds'])})"
    ]
    width = max(map(len, [*outcome["measured"], *outcome["baselines"]]), default=0)
    for name, spread in outcome["measured"].items():
        target = outcome["target"].get(name, {})
        aim = ", ".join(f"{relation} {value:g}" for relation, value in target.items())
        lines.append(f"  {name:<{width}}  {_figure(spread)}{f'  (to reach: {aim})' if aim else ''}")
    if outcome["baselines"]:
        lines.append("  beside it:")
        lines += [f"  {name:<{width}}  {_figure(spread)}" for name, spread in outcome["baselines"].items()]
    return "\n".join(lines)


def _figure(spread: dict[str, Any]) -> str:
    if spread["mean"] is None:
        return "not known"
    return f"{spread['mean']:.4g}" + (f" ± {spread['sd']:.2g}" if spread["sd"] else "")
