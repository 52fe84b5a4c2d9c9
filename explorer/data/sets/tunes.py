"""Made-up tunes: a motif of one bar that goes on along the scale, in a few shapes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.keys import MODES, Key
from explorer.data.notation import METER, VOCABULARY, Notes, tokens_of
from explorer.data.split import assign_split
from explorer.parameters import Param

SHAPES = ("rising", "falling", "arch", "arpeggio", "turn")
_RHYTHMS = (
    (4, 4, 4, 4),
    (2, 2, 2, 2, 2, 2, 2, 2),
    (4, 2, 2, 4, 2, 2),
    (6, 2, 4, 4),
    (3, 1, 3, 1, 4, 4),
    (8, 4, 4),
    (2, 2, 4, 2, 2, 4),
    (4, 4, 8),
)
"""Lengths of the notes of a bar, in sixteenths."""
_STEPS = 16


@dataclass(kw_only=True, eq=False, repr=False)
class Tunes(GeneratedSet):
    """Tunes in 4/4 that someone might hum: a motif, and the same motif further up or down, with a long last note.

    The label is the shape of the motif. Key, mode, tempo and the rhythm's number are columns.
    """

    title: ClassVar[str] = "Made-up tunes"
    n: Annotated[int, Param("Number of tunes.", ge=1, le=1_000_000, label="Tunes")] = 2000
    bars: Annotated[int, Param("Length of each tune.", ge=1, le=64, unit="bars")] = 2
    all_keys: Annotated[bool, Param("In all twelve keys, rather than in C major and A minor.")] = False

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(n, 16 · bars)`` tokens; see `explorer.data.notation`."""
        made = [self._tune(rng) for _ in range(self.n)]
        tokens, shapes, keys, rhythms = zip(*made, strict=True)
        labels = np.array(shapes)
        return Dataset(
            values=np.stack(tokens),
            layout="notes",
            vocabulary=VOCABULARY,
            name=self.title,
            labels=labels,
            class_names=SHAPES,
            columns={
                "key": np.array([str(key) for key in keys]),
                "mode": np.array([key.mode for key in keys]),
                "rhythm": np.array(rhythms),
                "meter": np.full(self.n, METER),
                "tempo": np.round(rng.uniform(90, 130, self.n)),
            },
            split=assign_split(self.n, labels=labels, seed=int(rng.integers(2**31))),
        )

    def _tune(self, rng: np.random.Generator) -> tuple[np.ndarray, int, Key, int]:
        mode = "major" if rng.random() < 0.6 else "minor"
        tonic = int(rng.integers(12)) if self.all_keys else (0 if mode == "major" else 9)
        shape, rhythm = int(rng.integers(len(SHAPES))), int(rng.integers(len(_RHYTHMS)))
        lengths = np.array(_RHYTHMS[rhythm])
        motif = _motif(SHAPES[shape], len(lengths))
        degree = int(rng.integers(0, 5))
        starts, degrees, sizes = [], [], []
        for bar in range(self.bars):
            starts.append(bar * _STEPS + np.cumsum(lengths) - lengths)
            sizes.append(lengths)
            degrees.append(degree + motif)
            degree += int(rng.choice([-2, -1, 1, 2]))
            degree = min(max(degree, -3), 7)
        at, size, degree_of = (np.concatenate(each) for each in (starts, sizes, degrees))
        keep = at < self.bars * _STEPS - 4  # the last quarter belongs to the tonic
        at, size, degree_of = at[keep], size[keep], degree_of[keep]
        size[-1] = min(size[-1], self.bars * _STEPS - 4 - at[-1])
        scale = np.array(MODES[mode])
        low = 60 + (tonic if tonic <= 6 else tonic - 12)
        pitches = low + 12 * (degree_of // 7) + scale[degree_of % 7]
        last = low + 12 * round((pitches[-1] - low) / 12)
        at, size, pitches = np.append(at, self.bars * _STEPS - 4), np.append(size, 4), np.append(pitches, last)
        return tokens_of(Notes(at, at + size, pitches), self.bars * _STEPS), shape, Key(tonic, mode), rhythm


def _motif(shape: str, n: int) -> np.ndarray:
    """Return the degrees of the scale of a motif of `n` notes, from its first."""
    i = np.arange(n)
    match shape:
        case "rising":
            return i
        case "falling":
            return -i
        case "arch":
            return np.minimum(i, n - 1 - i)
        case "arpeggio":
            return np.array([0, 2, 4, 2])[i % 4]
        case _:
            return np.array([0, 1, 0, -1])[i % 4]
