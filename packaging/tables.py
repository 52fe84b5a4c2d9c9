"""Write the guide's tables from the declared parameters: ``make docs``. With ``--check``, only compare them.

A page holds ``<!-- table: models -->`` and ``<!-- end of table -->``; what stands between them is written here.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from results import kept

from explorer.analysis.clusters import METHODS as CLUSTERINGS
from explorer.analysis.denoiser import DENOISERS
from explorer.analysis.experiment import EXPERIMENTS, Experiment
from explorer.analysis.projections import METHODS as PROJECTIONS
from explorer.data.corruption import CORRUPTIONS
from explorer.data.generated import SETS
from explorer.data.reader import READERS
from explorer.models.base import RECIPES
from explorer.models.neural import NeuralModel
from explorer.parameters import Parameter, parameters
from explorer.registry import Registry

GUIDE = Path(__file__).resolve().parent.parent / "resources" / "docs"
TABLE = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def description(cls: type) -> str:
    """Return the docstring's paragraphs before its first section, one a line."""
    text = re.split(r"\n[A-Z]\w+\n-{3,}\n", inspect.getdoc(cls) or "")[0].strip()
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def number(value: float) -> str:
    """Return a number as text: ``"1,000,000"``, ``"0.5"``."""
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def values(parameter: Parameter) -> str:
    """Return which values a parameter takes: ``"1 … 4096"``, ``"> 0"``, ``"wide, long"``."""
    if parameter.choices:
        return ", ".join(f"`{choice}`" for choice in parameter.choices)
    param = parameter.param
    low = f"≥ {number(param.ge)}" if param.ge is not None else f"> {number(param.gt)}" if param.gt is not None else ""
    high = f"≤ {number(param.le)}" if param.le is not None else f"< {number(param.lt)}" if param.lt is not None else ""
    bounds = ", ".join(filter(None, (low, high)))
    if param.ge is not None and param.le is not None:
        bounds = f"{number(param.ge)} … {number(param.le)}"
    kinds = {int: "whole number", float: "number", bool: "`true`, `false`", str: "text", tuple: "whole numbers"}
    return f"{kinds[parameter.kind]} {bounds}".strip()


def default(value: Any) -> str:
    """Return a default as a person would write it on the command line."""
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{','.join(map(str, value))}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def row(parameter: Parameter) -> str:
    """Return one line of a table of parameters."""
    unit = f" ({parameter.param.unit})" if parameter.param.unit else ""
    cells = (f"`{parameter.name}`", default(parameter.default), values(parameter) + unit, parameter.param.help)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def table(declared: Iterable[Parameter]) -> str:
    """Return a table of parameters."""
    return "\n".join(("| parameter | default | values | |", "|---|---|---|---|", *map(row, declared)))


def plugin(name: str, cls: Any, level: int = 3) -> str:
    """Return the section of one plug-in: what it is, and its parameters."""
    extensions = f" · {', '.join(f'`{end}`' for end in cls.extensions)}" if hasattr(cls, "extensions") else ""
    lines = [f"{'#' * level} {cls.title} · `{name}`{extensions}", "", description(cls)]
    common = parameters(NeuralModel) if issubclass(cls, NeuralModel) else ()
    if declared := [parameter for parameter in parameters(cls) if parameter not in common]:
        lines += ["", table(declared)]
    return "\n".join(lines)


def plugins(registry: Registry[Any]) -> str:
    """Return the sections of all plug-ins of a kind, in the order of their names.

    Raises
    ------
    SystemExit
        If one cannot be loaded: its section would be missing.
    """
    loaded, failed = registry.load_all()
    if failed:
        sys.exit("\n".join(failed.values()))
    return "\n\n".join(plugin(name, cls) for name, cls in loaded.items())


def methods(known: dict[str, type]) -> str:
    """Return the sections of the methods of an analysis."""
    return "\n\n".join(plugin(name, cls) for name, cls in known.items())


def figure(spread: dict[str, Any]) -> str:
    """Return a figure over the seeds: ``"16.4 ± 0.07"``."""
    if spread["mean"] is None:
        return "not known"
    return f"{spread['mean']:.4g}" + (f" ± {spread['sd']:.2g}" if spread["sd"] else "")


AGED = " **This outcome is older than the experiment: figures to reach, and maybe settings, were others.**"


def current(cls: type[Experiment], outcome: dict[str, Any]) -> bool:
    """Return whether an outcome was held against the targets that the experiment has now."""
    return outcome["target"] == {target.measure: {target.relation: target.value} for target in cls.targets}


def result(name: str, cls: type[Experiment], outcome: dict[str, Any] | None) -> str:
    """Return the section of one experiment: what it shows, its targets, and what was measured."""
    lines = [f"## {cls.title} · `{name}`", "", description(cls), ""]
    if outcome is None:
        return "\n".join([*lines, "Not run yet."])
    count = len(outcome["seeds"])
    reached = "Reached" if outcome["reached"] else "**Not reached**"
    seeds = f"{count} {'seed' if count == 1 else 'seeds'}"
    lines += [
        f"{reached}: {seeds}, {outcome['seconds']:.0f} s.{'' if current(cls, outcome) else AGED}",
        "",
        "| measure | to reach | measured |",
        "|---|---|---|",
    ]
    for measure, spread in outcome["measured"].items():
        aim = ", ".join(f"{relation} {value:g}" for relation, value in outcome["target"].get(measure, {}).items())
        lines.append(f"| {measure} | {aim} | {figure(spread)} |")
    lines += [f"| beside it: {measure} | | {figure(spread)} |" for measure, spread in outcome["baselines"].items()]
    return "\n".join(lines)


def results() -> str:
    """Return the sections of all experiments."""
    outcomes = kept()
    loaded, failed = EXPERIMENTS.load_all()
    if failed:
        sys.exit("\n".join(failed.values()))
    return "\n\n".join(result(name, cls, outcomes.get(name)) for name, cls in loaded.items())


TABLES: dict[str, Callable[[], str]] = {
    "readers": lambda: plugins(READERS),
    "sets": lambda: plugins(SETS),
    "corruptions": lambda: plugins(CORRUPTIONS),
    "denoisers": lambda: plugins(DENOISERS),
    "models": lambda: plugins(RECIPES),
    "training": lambda: table(parameters(NeuralModel)),
    "projections": lambda: methods(PROJECTIONS),
    "clusterings": lambda: methods(CLUSTERINGS),
    "results": results,
}


def filled(text: str) -> str:
    """Return a page with its tables written anew."""
    return TABLE.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", text)


def main(arguments: list[str]) -> int:
    """Write the pages that are out of date, or with ``--check`` name them and return 1."""
    stale = []
    for page in sorted(GUIDE.glob("*.md")):
        before = page.read_text(encoding="utf-8")
        after = filled(before)
        if after != before:
            stale.append(page.name)
            if "--check" not in arguments:
                page.write_text(after, encoding="utf-8")
    print(f"out of date: {', '.join(stale)}" if stale else "the guide's tables are current")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
