"""Numbers in words and in digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.texts import text_data
from explorer.parameters import Param

MOST = 999_999
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(number: int) -> str:
    """Return a number from 0 to 999,999 in British English: "four hundred and two"."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f" {_SMALL[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_SMALL[hundreds]} hundred" + (f" and {in_words(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    if not rest:
        return f"{in_words(thousands)} thousand"
    return f"{in_words(thousands)} thousand {'and ' if rest < 100 else ''}{in_words(rest)}"


@dataclass(kw_only=True, eq=False, repr=False)
class NumberWords(GeneratedSet):
    """Numbers in words, such as four hundred and two, translated into digits: 402; or the other way round."""

    title: ClassVar[str] = "Numbers to translate"
    n: Annotated[int, Param("Number of numbers, all different.", ge=10, le=MOST, label="Numbers")] = 4000
    largest: Annotated[int, Param("The largest of them.", ge=99, le=MOST)] = 99_999
    to: Annotated[Literal["digits", "words"], Param("What they are translated into.")] = "digits"

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return `n` numbers as text: words on one side, digits one by one on the other.

        Each number of digits is as likely, as far as there are so many; classes are the numbers of digits.
        """
        found: set[int] = set()
        wanted = min(self.n, self.largest + 1)
        digits = len(str(self.largest))
        for length in range(1, digits + 1):  # the short ones are few: what they lack, the longer ones get
            low, high = (0 if length == 1 else 10 ** (length - 1)), min(10**length - 1, self.largest)
            share = min(high - low + 1, (wanted - len(found)) // (digits - length + 1))
            found |= {low + int(i) for i in rng.choice(high - low + 1, share, replace=False)}
        numbers = np.array(sorted(found))
        rng.shuffle(numbers)
        words, figures = [in_words(int(number)) for number in numbers], [str(number) for number in numbers]
        sides = (words, figures) if self.to == "digits" else (figures, words)
        lengths = np.array([len(text) for text in figures], dtype=np.int64)
        return text_data(
            *sides,
            characters=self.to == "words",
            target_characters=self.to == "digits",
            seed=int(rng.integers(2**31)),
            labels=lengths - 1,
            class_names=tuple(f"{i} digit{'s' if i > 1 else ''}" for i in range(1, digits + 1)),
            columns={"number": numbers},
            name=self.title,
        )
