"""Sums of numbers, written out character by character: reading and writing of sequences at its smallest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.split import assign_split
from explorer.errors import InputError
from explorer.parameters import Param

CHARACTERS = "0123456789+ "


@dataclass(kw_only=True, eq=False, repr=False)
class Addition(GeneratedSet):
    """Questions such as 12+7 followed by their answer, a character a time step (Keras' addition example)."""

    title: ClassVar[str] = "Addition, by characters"
    n: Annotated[
        int,
        Param(
            "Number of questions, all different.",
            ge=1,
            le=200_000,
            label="Questions",
        ),
    ] = 5000
    digits: Annotated[int, Param("Most digits of a number.", ge=1, le=6)] = 2
    reverse: Annotated[bool, Param("Write the question backwards, its blanks in front.")] = True

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, T, 12)`` series in which one channel of each step is 1: that of its character.

        The question takes ``2 digits + 1`` steps and the answer the last ``digits + 1``; both are filled with blanks.
        Numbers have 1 to `digits` digits, every number of digits as likely. No question comes twice, nor with its
        numbers exchanged, so that none of the test was learned. Parts: 85 / 5 / 10 %. As in the Keras example
        "Sequence to sequence learning for performing number addition", after W. Zaremba and I. Sutskever, Learning to
        execute, 2014.
        """
        first, second = self._pairs(rng).T
        width = 2 * self.digits + 1
        questions = [f"{a}+{b}".ljust(width) for a, b in zip(first, second, strict=True)]
        if self.reverse:
            questions = [question[::-1] for question in questions]
        answers = [str(total).ljust(self.digits + 1) for total in first + second]
        text = [question + answer for question, answer in zip(questions, answers, strict=True)]
        characters = np.array([[CHARACTERS.index(character) for character in line] for line in text])
        return Dataset(
            values=np.eye(len(CHARACTERS), dtype=np.float32)[characters],
            name=self.title,
            names=np.array([f"{a}+{b}={a + b}" for a, b in zip(first, second, strict=True)]),
            columns={"sum": first + second},
            channel_names=(*CHARACTERS[:-1], "blank"),
            split=assign_split(self.n, fractions=(0.85, 0.05, 0.1), seed=int(rng.integers(2**31))),
        )

    def _pairs(self, rng: np.random.Generator) -> np.ndarray:
        """Return different pairs of numbers, int64 ``(n, 2)``."""
        most = 10**self.digits
        if self.n > most * (most + 1) // 2:
            raise InputError(
                f"there are only {most * (most + 1) // 2:,} questions with {self.digits} digits",
                remedy="Make 'n' smaller or 'digits' larger",
            )
        found = np.empty((0, 2), dtype=np.int64)
        while len(found) < self.n:
            limits = 10 ** rng.integers(1, self.digits + 1, (max(1000, 2 * self.n), 2))
            pairs = np.concatenate([found, rng.integers(0, limits)])
            smaller, larger = np.sort(pairs, axis=1).T
            _, at = np.unique(smaller * most + larger, return_index=True)
            found = pairs[np.sort(at)]
        return found[: self.n]
