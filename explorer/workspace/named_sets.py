"""Sets of samples that have a name: a bit a sample, so that ten million are united or counted within a millisecond."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from explorer.errors import InputError

Operation = Literal["union", "intersection", "difference"]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
_BYTES: dict[Operation, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "union": np.bitwise_or,
    "intersection": np.bitwise_and,
    "difference": lambda first, second: first & ~second,
}
_CHUNK = 1 << 14  # bytes of bits that are looked at together


@dataclass(frozen=True, eq=False)
class NamedSet:
    """Some of `size` samples, by a name.

    Parameters
    ----------
    name : str
    size : int
        How many samples there are to be in it.
    bits : ndarray, uint8 ``(ceil(size / 8),)``
        Whether each is, the first sample in the highest bit; none behind the last sample.
    """

    name: str
    size: int
    bits: np.ndarray

    @classmethod
    def of(cls, name: str, indices: np.ndarray, size: int) -> NamedSet:
        """Return the set of the samples at `indices`, int64."""
        mask = np.zeros(size, dtype=bool)
        mask[indices] = True
        return cls(name, size, np.packbits(mask))

    def __len__(self) -> int:
        """Return how many samples are in it."""
        return int(np.bitwise_count(self.bits).sum(dtype=np.int64))

    @property
    def mask(self) -> np.ndarray:
        """Whether each sample is in it, bool ``(size,)``."""
        return np.unpackbits(self.bits, count=self.size).view(bool)

    @property
    def indices(self) -> np.ndarray:
        """The samples in it, int64, ascending."""
        return np.flatnonzero(self.mask)

    def holds(self, index: int) -> bool:
        """Return whether a sample is in it."""
        return bool(self.bits[index >> 3] & (0x80 >> (index & 7)))

    def renamed(self, name: str) -> NamedSet:
        """Return the same samples by another name."""
        return replace(self, name=name)

    def complement(self, name: str) -> NamedSet:
        """Return all other samples."""
        bits = ~self.bits
        if self.size % 8:
            bits[-1] &= np.uint8(0xFF << (8 - self.size % 8) & 0xFF)
        return NamedSet(name, self.size, bits)


def combined(operation: Operation, sets: Sequence[NamedSet], name: str) -> NamedSet:
    """Return the union or intersection of sets, or what is in the first and in none of the others.

    Raises
    ------
    InputError
        If there are fewer than two, they are of different data, or the operation is unknown.
    """
    if operation not in OPERATIONS:
        raise InputError(f"sets have no '{operation}'", remedy=f"Choose one of: {', '.join(OPERATIONS)}")
    if len(sets) < 2:
        raise InputError(f"a {operation} needs two sets or more", remedy="Name another")
    if len({each.size for each in sets}) > 1:
        raise InputError("the sets are of different data", remedy="Combine sets of one data set")
    bits = sets[0].bits
    for other in sets[1:]:
        bits = _BYTES[operation](bits, other.bits)
    return NamedSet(name, sets[0].size, bits)


def classes_of(sets: Sequence[NamedSet], size: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return for each sample which set it is in, and the sets' names.

    Sets lie over each other like sheets: a sample in several has the colour of the last of them, so that an
    intersection, which is made after what it is made of, can be seen.

    Returns
    -------
    classes : ndarray, int64 ``(size,)``
        The set's place in `sets`, -1 of samples in none.
    names : tuple of str
    """
    # One byte a sample holds the place of its last set: no branch, and no index, so that ten million take 20 ms.
    kind = np.uint8 if len(sets) < 256 else np.uint32
    classes = np.empty(size, dtype=np.int64)
    for start in range(0, (size + 7) // 8, _CHUNK):
        here = classes[8 * start : 8 * (start + _CHUNK)]
        last = np.zeros(len(here), dtype=kind)
        for place, each in enumerate(sets, start=1):
            held = np.unpackbits(each.bits[start : start + _CHUNK], count=len(here))
            np.maximum(last, held * kind(place), out=last)
        np.subtract(last, 1, out=here, dtype=np.int64)
    return classes, tuple(each.name for each in sets)


def checked_name(name: str, taken: Sequence[str]) -> str:
    """Return a name without blanks around it.

    Raises
    ------
    InputError
        If it is empty, too long, or another set's.
    """
    name = " ".join(name.split())
    if not name:
        raise InputError("a set needs a name", remedy="Write one")
    if len(name) > 120:
        raise InputError("the name of a set is too long", remedy="Write 120 letters at most")
    if name in taken:
        raise InputError(f"there is a set '{name}' already", remedy="Choose another name")
    return name


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """Return a name that no set has: the wanted one, or that with a number."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name
