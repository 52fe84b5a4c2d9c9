"""ABC notation: many tunes in a text file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from explorer.data.readers._abc import read_tunes
from explorer.data.readers._cut import TuneReader
from explorer.data.tunes import Tune
from explorer.errors import InputError
from explorer.progress import Progress

_MOST_BYTES = 1 << 25


@dataclass(kw_only=True, eq=False, repr=False)
class AbcNotation(TuneReader):
    """Tunes in ABC notation, on a grid of sixteenths, cut into samples of some bars.

    One voice is read, once through, without first endings; of a chord the highest note. All samples of a tune are in
    the same part of the split.
    """

    title: ClassVar[str] = "ABC notation"
    extensions: ClassVar[tuple[str, ...]] = (".abc",)

    def tunes(self, path: Path, progress: Progress) -> Iterator[tuple[float, Tune | InputError]]:
        """Yield the tunes; see `TuneReader.tunes`."""
        if path.stat().st_size > _MOST_BYTES:
            raise InputError("the file is too large for tunes", remedy="Cut it into pieces")
        content = path.read_bytes()
        if b"\0" in content:
            raise InputError("this is not text", remedy="Choose a file of ABC notation")
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("latin-1")  # as most collections of the nineties are
        yield from read_tunes(text)
