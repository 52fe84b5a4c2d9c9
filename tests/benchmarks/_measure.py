"""What the benchmarks share: percentiles, and one JSON object as the last line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    """Return the median and the tails of latencies, rounded."""
    p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99]).tolist()
    return {"p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "p99_ms": round(p99, 2)}


def tell(name: str, figure: Any) -> None:
    """Show a figure as soon as there is one, for those who watch: a long measurement may be cut off."""
    print(f"{name}: {figure}", file=sys.stderr, flush=True)


def main(
    description: str,
    measure: Callable[..., dict[str, Any]],
    *,
    choices: Mapping[str, Sequence[str]] | None = None,
    **numbers: str,
) -> None:
    """Measure, and print the figures: as text, or with ``--json`` as one JSON object.

    `numbers` are options with their help: whole numbers, 0 unless given, that `measure` takes by their names; `choices`
    are options of which it takes a list of such words, an empty one unless some are given.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, words in (choices or {}).items():
        parser.add_argument(f"--{name}", nargs="+", default=[], choices=words, metavar="NAME", help=", ".join(words))
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    for name, help_ in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=0, help=help_)
    arguments = vars(parser.parse_args())
    as_json = arguments.pop("json")
    figures = measure(**arguments)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name}: {figure}")
