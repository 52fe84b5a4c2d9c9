"""Results that anyone can reproduce: each experiment is one class in one file of `explorer.analysis.experiments`."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from explorer.errors import Cancelled, InputError
from explorer.parameters import values_of
from explorer.progress import Part, Progress, Silent
from explorer.registry import Registry


@dataclass(frozen=True)
class Target:
    """A figure that must be reached by the mean over the seeds.

    Parameters
    ----------
    measure : str
        Name of what is measured.
    relation : {"<=", ">="}
    value : float
    """

    measure: str
    relation: Literal["<=", ">="]
    value: float

    def holds(self, measured: float) -> bool:
        """Whether a figure reaches it; NaN never does."""
        return measured <= self.value if self.relation == "<=" else measured >= self.value

    def __str__(self) -> str:
        return f"{self.measure} {self.relation} {self.value:g}"


@dataclass(frozen=True)
class Measured:
    """What one seed gave: figures by name, and those of the trivial and classical methods beside them."""

    values: dict[str, float]
    baselines: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Spread:
    """One figure over all seeds. `sd` is the standard deviation with N−1; 0 of one seed."""

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean."""
        return sum(self.values) / len(self.values)

    @property
    def sd(self) -> float:
        """The standard deviation."""
        if len(self.values) < 2:
            return 0.0
        return math.sqrt(sum((value - self.mean) ** 2 for value in self.values) / (len(self.values) - 1))

    def to_json(self) -> dict[str, Any]:
        """Return mean, deviation and values; what is no finite number becomes None."""
        return {"mean": _number(self.mean), "sd": _number(self.sd), "values": [_number(value) for value in self.values]}


@dataclass(frozen=True)
class Outcome:
    """What an experiment came to."""

    name: str
    targets: tuple[Target, ...]
    measured: dict[str, Spread]
    baselines: dict[str, Spread]
    seeds: tuple[int, ...]
    seconds: float

    @property
    def reached(self) -> bool:
        """Whether every target holds for the mean over the seeds."""
        return all(target.holds(self.measured[target.measure].mean) for target in self.targets)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "name": self.name,
            "reached": self.reached,
            "target": {target.measure: {target.relation: target.value} for target in self.targets},
            "measured": {name: spread.to_json() for name, spread in self.measured.items()},
            "baselines": {name: spread.to_json() for name, spread in self.baselines.items()},
            "seeds": list(self.seeds),
            "seconds": round(self.seconds, 1),
        }


@dataclass(kw_only=True, eq=False, repr=False)
class Experiment(ABC):
    """One result: data, models and measures with fixed settings, over several seeds.

    The first line of a subclass's docstring says what it shows. Test samples are not seen by training, scaling, early
    stopping or any choice.
    """

    title: ClassVar[str] = ""
    minutes: ClassVar[float] = 1.0
    """About how long it takes on two CPU cores, all seeds together."""
    seeds: ClassVar[tuple[int, ...]] = (0, 1, 2)
    targets: ClassVar[tuple[Target, ...]] = ()

    @abstractmethod
    def measure(self, seed: int, progress: Progress) -> Measured:
        """Do it once with all randomness from `seed`.

        Raises
        ------
        MissingDataError
            If it needs files that are not there.
        """

    def run(self, seeds: Sequence[int] | None = None, progress: Progress | None = None) -> Outcome:
        """Do it for each seed (by default its own) and return what came of it.

        Raises
        ------
        Cancelled
            If the person cancelled.
        InputError
            As `measure` says, or if there is no seed.
        """
        chosen = tuple(self.seeds if seeds is None else seeds)
        if not chosen:
            raise InputError("an experiment needs a seed", remedy="Give --seeds 0,1,2")
        progress = progress or Silent()
        start = time.perf_counter()
        found: list[Measured] = []
        for i, seed in enumerate(chosen):
            progress.report(i / len(chosen), f"seed {seed}")
            if progress.cancelled():
                raise Cancelled
            found.append(self.measure(seed, Part(progress, i / len(chosen), 1 / len(chosen), f"seed {seed}: ")))
            if progress.cancelled():  # what a cancelled training gave is no result
                raise Cancelled
        return Outcome(
            EXPERIMENTS.name_of(type(self)),
            self.targets,
            _spreads(each.values for each in found),
            _spreads(each.baselines for each in found),
            chosen,
            time.perf_counter() - start,
        )

    def settings(self) -> dict[str, Any]:
        """Return the declared parameters and their values."""
        return values_of(self)


def _spreads(found: Iterable[dict[str, float]]) -> dict[str, Spread]:
    values: dict[str, list[float]] = {}
    for each in found:
        for name, value in each.items():
            values.setdefault(name, []).append(float(value))
    return {name: Spread(tuple(each)) for name, each in values.items()}


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None


EXPERIMENTS: Registry[Experiment] = Registry(
    "experiment", "explorer.analysis.experiments", Experiment, "latentscape.experiments"
)
