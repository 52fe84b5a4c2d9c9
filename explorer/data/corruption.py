"""What spoils a signal: each corruption is one class in one file of `explorer.data.corruptions`; chains of them."""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, get_args
from zlib import crc32

import numpy as np

from explorer.data.dataset import Dataset, Origin, check_numbers
from explorer.data.scaling import typical_size
from explorer.errors import InputError
from explorer.parameters import Parameter, parameters, values_of
from explorer.registry import Registry


@dataclass(kw_only=True, eq=False, repr=False)
class Corruption(ABC):
    """A way to spoil samples.

    Every one declares a field `strength`, where 0 leaves the samples as they are; of `explorer.data.noise.Noise` in dB
    that is infinity.
    """

    title: ClassVar[str] = ""
    random: ClassVar[bool] = True
    """Whether chance has a part in it, so that another seed spoils otherwise."""
    slider: ClassVar[float | None] = None
    """Where a slider of the strength ends, where that is no share and not in the data's units."""
    strength: float

    @abstractmethod
    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return a spoilt copy of `values`.

        Parameters
        ----------
        values : ndarray, float32, ``(N, T, C)``, ``(N, D)`` or ``(N, H, W, C)``
            NaN where missing; those stay NaN.
        rng : numpy.random.Generator
        scale : ndarray, broadcastable against `values`
            Typical size of each channel (its standard deviation over the training samples), for strengths that are
            relative to it.

        Returns
        -------
        ndarray, float32, shape of `values`
            NaN where a value was dropped.
        """

    def apply_next(
        self, values: np.ndarray, clean: np.ndarray, rng: np.random.Generator, scale: np.ndarray
    ) -> np.ndarray:
        """Return a spoilt copy of `values`, which earlier steps of a chain have made of `clean`; see `apply`.

        For those that are strong in relation to the signal: that is the clean one.
        """
        return self.apply(values, rng, scale)

    def on(self, dataset: Dataset) -> Corruption:
        """Return the corruption as it is on these data: one that needs their sampling rate takes it from them.

        Raises
        ------
        InputError
            If such data cannot be spoilt by it.
        """
        check_numbers(dataset)
        return self


@dataclass(kw_only=True, eq=False, repr=False)
class Chain(Corruption):
    """Corruptions one after the other.

    The random numbers of a step depend on what it is, not on where it stands: adding, removing, moving or changing
    another step leaves its draw as it was. Of two steps of one kind the first keeps the first draw.

    Parameters
    ----------
    steps : tuple of Corruption
        At least one; none is a chain itself.

    Attributes
    ----------
    strength : float
        That of the first step; see `with_strength`.
    """

    title: ClassVar[str] = "Chain"
    steps: tuple[Corruption, ...]
    strength: float = field(init=False)

    def __post_init__(self) -> None:
        if not self.steps:
            raise InputError("a chain of corruptions needs a step", remedy="Write one, as in gaussian:0.3")
        self.strength = self.steps[0].strength

    def apply(self, values: np.ndarray, rng: np.random.Generator, scale: np.ndarray) -> np.ndarray:
        """Return `values` after all steps; see `Corruption.apply`."""
        root = int(rng.integers(2**63))
        before: Counter[str] = Counter()
        clean = values
        for step in self.steps:
            kind = type(step).__name__
            own = np.random.default_rng([root, crc32(kind.encode()), before[kind]])
            values = step.apply_next(values, clean, own, scale)
            before[kind] += 1
        return values

    def on(self, dataset: Dataset) -> Chain:
        """Return the chain as it is on these data; see `Corruption.on`."""
        check_numbers(dataset)
        steps = []
        for number, step in enumerate(self.steps, 1):
            with _naming_step(number, len(self.steps)):
                steps.append(step.on(dataset))
        return Chain(steps=tuple(steps))


def steps_of(corruption: Corruption) -> tuple[Corruption, ...]:
    """Return the steps of a chain, or the corruption itself as the only one."""
    return corruption.steps if isinstance(corruption, Chain) else (corruption,)


def chained(steps: Iterable[Corruption]) -> Corruption:
    """Return a chain of these steps, or the only one itself."""
    steps = tuple(steps)
    return steps[0] if len(steps) == 1 else Chain(steps=steps)


def with_strength(corruption: Corruption, strength: float, step: int = 0) -> Corruption:
    """Return the corruption with another strength, of a chain that of the step at this place."""
    steps = list(steps_of(corruption))
    steps[step] = replace(steps[step], strength=strength)
    return chained(steps)


Unit = Literal["data", "sigma", "dB"]
"""What a strength may be in: the data's own unit, deviations of the channel, the ratio of signal to noise."""
_SUFFIXES: dict[str, Unit] = {"dB": "dB", "db": "dB", "sigma": "sigma", "σ": "sigma"}


def strength_range(corruption: Corruption | type[Corruption], scale: float) -> tuple[float, float]:
    """Return the weakest and the strongest strength of a slider, for data of typical size `scale` (a deviation).

    A strength with an upper bound (a share of the steps) goes up to it; one in the data's units to twice their size. In
    dB the weakest is the largest number.
    """
    unit = getattr(corruption, "unit", "data")
    if unit == "dB":
        return 40.0, -10.0
    if unit == "sigma":
        scale = 1.0
    cls = corruption if isinstance(corruption, type) else type(corruption)
    declared = next(parameter for parameter in parameters(cls) if parameter.name == "strength")
    top = next(bound for bound in (cls.slider, declared.param.le, 2.0 * scale) if bound is not None)
    return 0.0, float(top)


CORRUPTIONS: Registry[Corruption] = Registry(
    "corruption", "explorer.data.corruptions", Corruption, "latentscape.corruptions"
)


def parse_corruption(text: str) -> Corruption:
    """Return the corruption written as ``name``, ``name:strength`` or ``name:strength,key=value``.

    A strength may have ``dB`` or ``sigma`` behind it where the corruption is a noise, as in ``gaussian:10dB``. Several
    with ``+`` between them are a `Chain`. A value with a comma, a plus or blanks stands in double quotes.

    Raises
    ------
    InputError
        If there is no such corruption or parameter; of a chain it names the step.
    """
    parts = _STEPS.split(text)
    steps = []
    for number, part in enumerate(parts, 1):
        with _naming_step(number, len(parts)):
            steps.append(_parse_step(part.strip()))
    return chained(steps)


_OUTSIDE = r'(?=(?:[^"]*"[^"]*")*[^"]*$)'
"""Where the quotes ahead are even in number: not within a pair."""
_STEPS = re.compile(rf"\+(?=\s*(?:[^\W\d]|$))(?!inf){_OUTSIDE}")
"""A plus between steps: before a name, so that it is not that of a number as in 1e+3 or +inf."""
_ITEMS = re.compile(rf",{_OUTSIDE}")


def _parse_step(text: str) -> Corruption:
    name, _, rest = text.partition(":")
    if not name.strip():
        raise InputError("there is no corruption named here", remedy="Write name:strength, as in gaussian:0.3")
    cls = CORRUPTIONS.load(name.strip())
    declared: dict[str, Parameter] = {parameter.name: parameter for parameter in parameters(cls)}
    chosen = {}
    for position, item in enumerate(part for part in _ITEMS.split(rest) if part.strip()):
        key, equals, value = item.partition("=")
        if not equals:
            if position:
                raise InputError(f"'{item}' is not key=value", source=text, remedy="Write name:strength,key=value")
            key, value = "strength", item
        if key.strip() not in declared:
            raise InputError(f"'{name}' has no parameter '{key.strip()}'", remedy=f"It has: {', '.join(declared)}")
        key, value = key.strip(), _unquoted(value.strip())
        if key == "strength" and _has_unit(cls):
            value, chosen["unit"] = _without_unit(value)
            if chosen["unit"] == "dB" and value.lower() in ("inf", "+inf"):
                chosen[key] = math.inf  # no noise at all
                continue
        chosen[key] = declared[key].convert(value)
    return cls(**chosen)


def _has_unit(cls: type[Corruption]) -> bool:
    return any(parameter.name == "unit" and parameter.choices == get_args(Unit) for parameter in parameters(cls))


def _without_unit(text: str) -> tuple[str, Unit]:
    """Return a strength without the unit behind it, and the unit."""
    for suffix, unit in _SUFFIXES.items():
        if text.endswith(suffix):
            return text.removesuffix(suffix).strip(), unit
    return text, "data"


def _unquoted(text: str) -> str:
    """Return a value without the quotes around it; a quote within is written twice."""
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].replace('""', '"') if quoted else text


def corruption_text(corruption: Corruption) -> str:
    """Return the text that `parse_corruption` reads back: all parameters, the strength first."""
    return " + ".join(_step_text(step) for step in steps_of(corruption))


def _step_text(step: Corruption) -> str:
    values = values_of(step)
    strength = values.pop("strength")
    unit = values.pop("unit") if _has_unit(type(step)) else "data"
    rest = "".join(f",{key}={_quoted(value)}" for key, value in values.items())
    return f"{CORRUPTIONS.name_of(type(step))}:{strength:.12g}{'' if unit == 'data' else unit}{rest}"


def _quoted(value: Any) -> str:
    text = str(value)
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if re.search(r'[\s,+"]', text) else text


@contextmanager
def _naming_step(number: int, count: int) -> Iterator[None]:
    """Say in an error which step of a chain it is about."""
    try:
        yield
    except InputError as reason:
        if count > 1 and reason.place is None:
            reason.place = f"step {number} of the corruption"
        raise


def corrupt(dataset: Dataset, corruption: Corruption, seed: int = 0, indices: np.ndarray | None = None) -> Dataset:
    """Return the data with spoilt values, and the clean ones as targets.

    The corruption is applied to the clean values: to the targets where there are some, so that noise is not put upon
    noise. A sample's draw depends on the seed and its number in `dataset` alone: one that is spoilt by itself is the
    same as among all others. The result is data in memory, whatever the data came from.

    Parameters
    ----------
    dataset : Dataset
    corruption : Corruption
    seed : int
        0 or more.
    indices : ndarray, optional, int64 ``(M,)``
        Which samples to spoil and return; by default all.

    Raises
    ------
    InputError
        If such data cannot be spoilt by it.
    """
    chosen = dataset if indices is None else dataset.subset(indices)
    chain, size, clean = Chain(steps=steps_of(corruption)).on(dataset), typical_size(dataset), chosen.clean
    spoilt = np.empty(clean.shape, np.float32)
    for row, index in enumerate(np.arange(len(dataset)) if indices is None else indices):
        rng = np.random.default_rng([seed, int(index)])
        spoilt[row] = chain.apply(clean[row : row + 1], rng, size)[0]
    seen = np.isfinite(spoilt)
    return replace(
        chosen, values=spoilt, targets=clean, observed=None if seen.all() else seen, origin=Origin(kind="memory")
    )
