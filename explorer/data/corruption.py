"""What spoils a signal: each corruption is one class in one file of `explorer.data.corruptions`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from explorer.data.dataset import Dataset, Origin
from explorer.data.scaling import typical_size
from explorer.errors import InputError
from explorer.parameters import Parameter, parameters, values_of
from explorer.registry import Registry


@dataclass(kw_only=True, eq=False, repr=False)
class Corruption(ABC):
    """A way to spoil samples. Every one declares a field `strength`, where 0 leaves the samples as they are."""

    title: ClassVar[str] = ""
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


def strength_range(cls: type[Corruption], scale: float) -> tuple[float, float]:
    """Return the strengths between which a slider moves, for data of typical size `scale` (a standard deviation).

    A strength with an upper bound (a share of the steps) goes up to it; one in the data's units to twice their size.
    """
    declared = next(parameter for parameter in parameters(cls) if parameter.name == "strength")
    top = declared.param.le
    return 0.0, float(top) if top is not None else 2.0 * scale


CORRUPTIONS: Registry[Corruption] = Registry(
    "corruption", "explorer.data.corruptions", Corruption, "latentscape.corruptions"
)


def parse_corruption(text: str) -> Corruption:
    """Return the corruption written as ``name``, ``name:strength`` or ``name:strength,key=value``.

    Raises
    ------
    InputError
        If there is no such corruption or parameter.
    """
    name, _, rest = text.partition(":")
    cls = CORRUPTIONS.load(name.strip())
    declared: dict[str, Parameter] = {parameter.name: parameter for parameter in parameters(cls)}
    chosen = {}
    for position, item in enumerate(part for part in rest.split(",") if part.strip()):
        key, equals, value = item.partition("=")
        if not equals:
            if position:
                raise InputError(f"'{item}' is not key=value", source=text, remedy="Write name:strength,key=value")
            key, value = "strength", item
        if key.strip() not in declared:
            raise InputError(f"'{name}' has no parameter '{key.strip()}'", remedy=f"It has: {', '.join(declared)}")
        chosen[key.strip()] = declared[key.strip()].convert(value)
    return cls(**chosen)


def corruption_text(corruption: Corruption) -> str:
    """Return the text that `parse_corruption` reads back: all parameters, the strength first."""
    values = values_of(corruption)
    strength = values.pop("strength")
    rest = "".join(f",{key}={value}" for key, value in values.items())
    return f"{CORRUPTIONS.name_of(type(corruption))}:{strength:.12g}{rest}"


def corrupt(dataset: Dataset, corruption: Corruption, seed: int = 0) -> Dataset:
    """Return the data with spoilt values, and the clean ones as targets.

    The corruption is applied to the clean values: to the targets where there are some, so that noise is not put upon
    noise. The same seed spoils alike. The result is data in memory, whatever the data came from.
    """
    clean = dataset.clean
    spoilt = corruption.apply(clean, np.random.default_rng(seed), typical_size(dataset))
    seen = np.isfinite(spoilt)
    return replace(
        dataset, values=spoilt, targets=clean, observed=None if seen.all() else seen, origin=Origin(kind="memory")
    )
