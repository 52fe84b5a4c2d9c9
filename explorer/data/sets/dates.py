"""Dates as people write them, and as computers do: the smallest translation worth the name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.texts import text_data
from explorer.parameters import Param

FIRST, LAST = date(1970, 1, 1), date(2069, 12, 31)
"""A year of two digits is one of these, so that every date has just one translation."""
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FORMATS = (
    "3 may 1979", "may 3, 1979", "3 may 79", "03.05.1979", "3.5.79", "thursday, 3 may 1979", "thu 3 may 1979",
    "3rd of may 1979", "the 3rd of may, 1979", "3/5/1979",
)  # fmt: skip
"""How 3 May 1979 is written in each; the day stands before the month wherever both are numbers."""


def ordinal(day: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, 11th."""
    return f"{day}{'th' if 10 <= day % 100 <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def written(day: date, kind: int) -> str:
    """Return a date as the format of that number in `FORMATS` writes it."""
    month, name = MONTHS[day.month - 1], DAYS[day.weekday()]
    d, m, y = day.day, day.month, day.year
    return (
        f"{d} {month} {y}", f"{month} {d}, {y}", f"{d} {month} {y % 100:02}", f"{d:02}.{m:02}.{y}",
        f"{d}.{m}.{y % 100:02}", f"{name}, {d} {month} {y}", f"{name[:3]} {d} {month[:3]} {y}",
        f"{ordinal(d)} of {month} {y}", f"the {ordinal(d)} of {month}, {y}", f"{d}/{m}/{y}",
    )[kind]  # fmt: skip


@dataclass(kw_only=True, eq=False, repr=False)
class Dates(GeneratedSet):
    """Dates of 1970 to 2069 in ten human formats, translated into ISO 8601, character by character."""

    title: ClassVar[str] = "Dates to translate"
    n: Annotated[int, Param("Number of dates, all different.", ge=10, le=36_000, label="Dates")] = 4000

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return `n` dates as text of characters.

        Each day comes once, in one format, so no translation of the test part was seen. Classes are the formats.
        """
        days = rng.choice((LAST - FIRST).days + 1, self.n, replace=False)
        dates = [FIRST + timedelta(days=int(day)) for day in days]
        kinds = rng.integers(0, len(FORMATS), self.n)
        return text_data(
            [written(day, int(kind)) for day, kind in zip(dates, kinds, strict=True)],
            [day.isoformat() for day in dates],
            characters=True,
            target_characters=True,
            seed=int(rng.integers(2**31)),
            labels=kinds.astype(np.int64),
            class_names=FORMATS,
            columns={"year": np.array([day.year for day in dates]), "month": np.array([day.month for day in dates])},
            name=self.title,
        )
