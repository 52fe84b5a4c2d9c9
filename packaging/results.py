"""Run experiments and keep what they came to for the guide's table: ``make results``, ARGS are the names.

Without names all are run, one after the other; figures of experiments that are not run stay as they are.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from explorer.analysis.experiment import EXPERIMENTS

RESULTS = Path(__file__).resolve().parent.parent / "resources" / "docs" / "results.json"


def kept() -> dict[str, dict]:
    """Return the outcomes that are kept, by name."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def keep(outcome: dict) -> None:
    """Write an outcome beside the others; those of experiments that are gone are left out."""
    outcomes = {**kept(), outcome["name"]: outcome}
    ordered = {name: outcomes[name] for name in EXPERIMENTS.names() if name in outcomes}
    RESULTS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


def main(names: list[str]) -> int:
    """Run the experiments; return 1 if one did not reach its targets."""
    missed = []
    for name in names or EXPERIMENTS.names():
        outcome = EXPERIMENTS.load(name)().run().to_json()
        keep(outcome)
        print(f"{name}: {'reached' if outcome['reached'] else 'NOT reached'}, {outcome['seconds']:.0f} s", flush=True)
        missed += [] if outcome["reached"] else [name]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
