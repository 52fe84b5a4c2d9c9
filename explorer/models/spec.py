"""What a network has to know of the samples that it is made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np

from explorer.data.dataset import Dataset

Kind = Literal["real", "binary", "one-hot", "tokens"]
LOOKED_AT = 4096
"""Samples that are looked at to tell what kind of values they hold."""


@dataclass(frozen=True)
class SampleSpec:
    """The form of samples and of what is known about them.

    Parameters
    ----------
    shape : tuple of int
        Of one sample: ``(T, C)``, ``(D,)`` or ``(H, W, C)``; ``(T,)`` of tokens.
    classes : int
        How many classes its label may be; 0 where there are no labels.
    mask_classes : int
        How many classes its steps or pixels may be, the background among them; 0 where there are no masks.
    kind : {"real", "binary", "one-hot", "tokens"}
        "binary": all values are 0 or 1; "one-hot": moreover just one channel of each step or pixel is 1.
    vocabulary : int
        How many tokens there are; 0 where the samples are numbers.
    target_vocabulary, target_steps : int
        How many tokens translations are made of, and how long they are at most; 0 where there are none.
    facts : tuple of int
        How many categories each fact of a whole sample has, 0 for a number; only for models that look at them.
    """

    shape: tuple[int, ...]
    classes: int = 0
    mask_classes: int = 0
    kind: Kind = "real"
    vocabulary: int = 0
    target_vocabulary: int = 0
    target_steps: int = 0
    facts: tuple[int, ...] = ()

    @classmethod
    def of(cls, data: SampleSpec | Dataset | tuple[int, ...]) -> SampleSpec:
        """Return the spec of a data set, judging its kind by training samples, or of bare samples of a shape."""
        if isinstance(data, SampleSpec):
            return data
        if not isinstance(data, Dataset):
            return cls(tuple(int(size) for size in data))
        known = (
            0 if data.labels is None else len(data.class_names),
            0 if data.masks is None else len(data.mask_names),
        )
        if data.vocabulary:
            translated = 0 if data.targets is None or not data.target_vocabulary else data.targets.shape[1]
            return cls(
                data.sample_shape,
                *known,
                "tokens",
                len(data.vocabulary),
                len(data.target_vocabulary) if translated else 0,
                translated,
            )
        rows = data.indices("train")
        some = data.clean[rows[:: max(1, len(rows) // LOOKED_AT)]]
        return cls(data.sample_shape, *known, kind_of(some))

    @property
    def steps(self) -> int:
        """T of series and tokens."""
        return self.shape[0]

    @property
    def channels(self) -> int:
        """C, or D of vectors."""
        return self.shape[-1]

    @property
    def places(self) -> tuple[int, ...]:
        """The shape without channels: ``(T,)`` or ``(H, W)``."""
        return self.shape if self.vocabulary else self.shape[:-1]

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back."""
        facts = {"shape": list(self.shape), "classes": self.classes, "masks": self.mask_classes, "kind": self.kind}
        if self.vocabulary:
            facts["vocabulary"] = self.vocabulary
            facts["target"] = [self.target_vocabulary, self.target_steps]
        if self.facts:
            facts["facts"] = list(self.facts)
        return facts

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        """Return the spec that `to_json` wrote."""
        shape = tuple(int(size) for size in facts["shape"])
        target = (int(size) for size in facts.get("target", (0, 0)))
        known = (int(facts["classes"]), int(facts["masks"]), facts["kind"], int(facts.get("vocabulary", 0)))
        return cls(shape, *known, *target, facts=tuple(int(size) for size in facts.get("facts", ())))


def kind_of(values: np.ndarray) -> Kind:
    """Return what kind of values samples ``(N, …, C)`` hold, missing ones left out."""
    known = np.isfinite(values)
    if not known.any() or not np.all((values == 0) | (values == 1) | ~known):
        return "real"
    if values.ndim < 3 or values.shape[-1] < 2:
        return "binary"
    whole = known.all(axis=-1)
    return "one-hot" if bool(np.all(values.sum(axis=-1)[whole] == 1)) and whole.any() else "binary"
