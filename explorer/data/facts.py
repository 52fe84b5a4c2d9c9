"""What is known of a sample as a whole (age, ward), as numbers that a network can learn and write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from explorer.data.normal_scores import NormalScores, scaler_from

MOST_CATEGORIES = 20
"""A column of more different words is a name, and tells nothing."""
UNKNOWN = ("", "unknown", "nan")


@dataclass(frozen=True)
class Fact:
    """One column: its name, and its categories; a number where it has none."""

    name: str
    categories: tuple[str, ...] = ()


class Facts:
    """The columns of a data set that say something, each as a number: a normal score, or the number of a category.

    Parameters
    ----------
    columns : mapping of str to ndarray ``(N,)``
        Those of the training samples.
    """

    def __init__(self, columns: Mapping[str, np.ndarray]) -> None:
        self.facts: list[Fact] = []
        self._scores: dict[str, NormalScores] = {}
        for name, column in columns.items():
            column = np.asarray(column)
            if column.dtype.kind in "fiub":
                numbers = column.astype(np.float32)
                if len(np.unique(numbers[np.isfinite(numbers)])) > 1:
                    self.facts.append(Fact(name))
                    self._scores[name] = NormalScores().fit(numbers[:, None])
            else:
                words = tuple(word for word in np.unique(column.astype(str)).tolist() if word.lower() not in UNKNOWN)
                if 1 < len(words) <= MOST_CATEGORIES:
                    self.facts.append(Fact(name, words))

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many categories each has; 0 for a number."""
        return tuple(len(fact.categories) for fact in self.facts)

    def apply(self, columns: Mapping[str, np.ndarray], n: int) -> np.ndarray:
        """Return the facts of `n` samples, float32 ``(n, F)``; NaN where unknown, or where there is no such column."""
        found = np.full((n, len(self.facts)), np.nan, np.float32)
        for k, fact in enumerate(self.facts):
            if fact.name not in columns:
                continue
            column = np.asarray(columns[fact.name])
            if not fact.categories:
                if column.dtype.kind in "fiub":
                    found[:, k] = self._scores[fact.name].apply(column.astype(np.float32)[:, None])[:, 0]
                continue
            words = column.astype(str)
            for number, word in enumerate(fact.categories):
                found[words == word, k] = number
        return found

    def undo(self, facts: np.ndarray) -> dict[str, np.ndarray]:
        """Return the columns of facts ``(n, F)``."""
        columns: dict[str, np.ndarray] = {}
        for k, fact in enumerate(self.facts):
            if fact.categories:
                columns[fact.name] = np.array(fact.categories)[facts[:, k].astype(np.int64)]
            else:
                columns[fact.name] = self._scores[fact.name].undo(facts[:, k : k + 1])[:, 0].astype(np.float64)
        return columns

    def to_json(self) -> list[dict[str, Any]]:
        """Return what `from_json` reads back."""
        return [
            {
                "name": fact.name,
                "categories": list(fact.categories),
                "knots": self._scores[fact.name].knots_[:, 0].tolist() if not fact.categories else [],
            }
            for fact in self.facts
        ]

    @classmethod
    def from_json(cls, entries: list[dict[str, Any]]) -> Self:
        """Return the facts that `to_json` wrote."""
        facts = cls({})
        for entry in entries:
            facts.facts.append(Fact(entry["name"], tuple(entry["categories"])))
            if not entry["categories"]:
                one = np.ones((1, 1), np.float32)
                knots = np.array(entry["knots"], np.float32)[:, None]
                scores = scaler_from({"knots": knots, "shift": one * knots.mean(), "scale": one})
                assert isinstance(scores, NormalScores)
                facts._scores[entry["name"]] = scores
        return facts
