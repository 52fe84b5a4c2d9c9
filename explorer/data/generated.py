"""Built-in data sets: each one class in one file of `explorer.data.sets`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from explorer.data.dataset import Dataset, Origin
from explorer.data.reader import load
from explorer.parameters import validate
from explorer.progress import Progress
from explorer.registry import Registry


@dataclass(kw_only=True, eq=False, repr=False)
class GeneratedSet(ABC):
    """A set made from a seed (or shipped by an installed package)."""

    title: ClassVar[str] = ""

    @abstractmethod
    def make(self, rng: np.random.Generator) -> Dataset:
        """Return the set; the same generator state gives the same numbers."""


SETS: Registry[GeneratedSet] = Registry("data set", "explorer.data.sets", GeneratedSet, "latentscape.sets")


def make(name: str, *, seed: int = 0, **options: Any) -> Dataset:
    """Return the built-in set called `name`.

    Parameters
    ----------
    name : str
    seed : int
        Of the generator, and of the split.
    **options
        The set's parameters.

    Raises
    ------
    InputError
        If there is no such set or parameter.
    """
    cls = SETS.load(name)
    chosen = validate(cls, options, owner=f"the set '{name}'")
    dataset = cls(**chosen).make(np.random.default_rng(seed))
    return replace(dataset, origin=Origin(kind="generated", name=name, options={**chosen, "seed": seed}))


def open_data(source: str | Path, *, progress: Progress | None = None, **options: Any) -> Dataset:
    """Return a built-in set by its name, or else read a file.

    A file of the same name as a set is meant when it is written as a path: ``./sines``.
    """
    if str(source) in SETS:
        return make(str(source), **options)
    return load(source, progress=progress, **options)
