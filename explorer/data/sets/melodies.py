"""Folk tunes that the package music21 ships, in ABC notation."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.outside import package_folder
from explorer.data.readers._abc import read_tunes
from explorer.data.tunes import Cutting, Tune, melodies
from explorer.errors import InputError
from explorer.parameters import Param

COLLECTIONS = {"fiddle": ("oneills1850", "ryansMammoth", "airdsAirs"), "essen": ("essenFolksong",)}
"""Folders of the corpus by collection."""


@dataclass(kw_only=True, eq=False, repr=False)
class Melodies(GeneratedSet):
    """Folk tunes, cut into samples of some bars; all samples of a tune are in the same part of the split.

    fiddle: O'Neill's Music of Ireland (1903), Ryan's Mammoth Collection (1883) and Aird's Airs (1782–1801), mostly
    dances. essen: the Essen folk songs, mostly German, which may be used and passed on for non-commercial ends only.
    The package music21 ships them in ABC notation; it is not imported.
    """

    title: ClassVar[str] = "Folk tunes"
    collection: Annotated[
        Literal["fiddle", "essen"], Param("Irish, Scottish and American dances, or German songs.")
    ] = "fiddle"
    bars: Annotated[int, Param("Bars of a sample.", ge=1, le=64, unit="bars")] = 2
    stride: Annotated[int, Param("Bars from one sample to the next; 0: they touch.", ge=0, le=64, unit="bars")] = 0
    meter: Annotated[Literal["4/4", "3/4", "2/4", "6/8"], Param("Which bars are taken.")] = "4/4"
    to_c: Annotated[
        bool, Param("Moves each tune to the white keys: C major, A minor, D dorian, …, by its key.", label="To C")
    ] = True
    keys: Annotated[
        int, Param("Into how many keys tunes for training are moved, so that there are more.", ge=1, le=12)
    ] = 1
    n: Annotated[int, Param("So many tunes at most, drawn by chance; 0: all.", ge=0, label="Tunes")] = 0

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return the samples; their columns tell tune, bar, key, meter, tempo, and the folder that a tune is from."""
        folder = package_folder("music21") / "corpus"
        found = [tune for name in COLLECTIONS[self.collection] for tune in _tunes(folder / name)]
        if self.n and self.n < len(found):
            found = [found[i] for i in np.sort(rng.choice(len(found), self.n, replace=False))]
        cutting = Cutting(self.bars, self.stride, self.meter, self.to_c, self.keys)
        dataset = melodies(found, cutting, seed=int(rng.integers(2**31)))
        return replace(dataset, name=f"{self.title} ({self.collection})")


@cache
def _tunes(folder: Path) -> tuple[Tune, ...]:
    """Return the tunes of a folder; they are read once, in about a second."""
    files = sorted(folder.glob("*.abc"))
    if not files:
        raise InputError(
            f"the installed package 'music21' has no tunes in '{folder.name}'",
            remedy='Install it anew: pip install --force-reinstall "latentscape[reproduce]"',
        )
    found: list[Tune] = []
    for path in files:
        # One file of a thousand has a slip of the pen; the tunes before it are taken.
        with suppress(InputError):
            found.extend(tune for _, tune in read_tunes(path.read_bytes().decode("utf-8", errors="replace")))
    return tuple(found)
