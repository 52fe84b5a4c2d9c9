"""What every reader of tunes asks for, and how it cuts them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from explorer.data.dataset import Dataset
from explorer.data.notation import notes_of, pitch_name
from explorer.data.reader import Preview, Reader
from explorer.data.tunes import Cutting, Tune, melodies, most_frequent_meter
from explorer.errors import InputError
from explorer.parameters import Param
from explorer.progress import Progress, Silent, check

_SHOWN, _CELLS = 20, 16
"""Rows of a preview, and notes of each."""
_NAMED = 3
"""Files that are named of those that cannot be read."""


@dataclass(kw_only=True, eq=False, repr=False)
class TuneReader(Reader):
    """A format of melodies: a file gives tunes, and they are cut into samples of some bars."""

    bars: Annotated[int | None, Param("Bars of a sample; auto is 2.", ge=1, le=64, unit="bars")] = None
    stride: Annotated[
        int | None, Param("Bars from one sample to the next; auto: samples touch, and none overlap.", ge=1, le=64)
    ] = None
    meter: Annotated[
        Literal["4/4", "3/4", "2/4", "6/8", "9/8", "12/8", "3/8", "3/2", "6/4"] | None,
        Param("Which bars are taken; auto: the most frequent."),
    ] = None
    transpose: Annotated[
        Literal["as written", "to C"] | None,
        Param("Moves each tune to C major or A minor, by its key or by the likeliest; auto: as written."),
    ] = None
    keys: Annotated[
        int | None,
        Param("Into how many keys tunes for training are moved, so that there are more; auto is 1.", ge=1, le=12),
    ] = None

    @abstractmethod
    def tunes(self, path: Path, progress: Progress) -> Iterator[tuple[float, Tune | InputError]]:
        """Yield each tune, or why one of many cannot be read, and how far the file is read."""

    def read(self, path: Path, progress: Progress) -> Dataset:
        """Read all tunes; see `Reader.read`."""
        tunes, left_out = self._readable(path, progress)
        dataset = melodies(tunes, self._cutting())
        return replace(dataset, origin=replace(dataset.origin, left_out=left_out))

    def _readable(self, path: Path, progress: Progress) -> tuple[list[Tune], str]:
        """Return the tunes that can be read, and of the others which they are and why."""
        tunes: list[Tune] = []
        damaged: list[InputError] = []
        for fraction, found in self.tunes(path, progress):
            check(progress)
            progress.report(fraction, "Reading tunes")
            if isinstance(found, InputError):
                damaged.append(found)
            else:
                tunes.append(found)
        if damaged and not tunes:
            raise damaged[0]
        return tunes, _told(damaged)

    def _cutting(self) -> Cutting:
        return Cutting(self.bars or 2, self.stride or 0, self.meter or "", self.transpose == "to C", self.keys or 1)

    def preview(self, path: Path) -> Preview:
        """Read all tunes, which are small; see `Reader.preview`."""
        tunes, left_out = self._readable(path, Silent())
        meter = self.meter or most_frequent_meter(tunes)
        dataset = melodies(tunes, self._cutting())
        rows = []
        for i in range(min(_SHOWN, len(dataset))):
            notes = notes_of(dataset.values[i])
            names = [pitch_name(int(pitch)) for pitch in notes.pitches[:_CELLS]]
            rows.append((dataset.sample_name(i), " ".join(names) + (" …" if len(notes) > _CELLS else "")))
        whole, used = len(tunes), len(set(dataset.columns["tune"]))
        summary = f"{len(dataset):,} samples of {self.bars or 2} bars of {meter} from {used:,} tunes"
        if used < whole:
            summary += f"; {whole - used:,} have not so many bars of {meter} in a row"
        if left_out:
            summary += f". {left_out}"
        return Preview(
            {
                "bars": self.bars or 2,
                "stride": self.stride or self.bars or 2,
                "meter": meter,
                "transpose": self.transpose or "as written",
                "keys": self.keys or 1,
            },
            ("sample", "notes"),
            tuple(rows),
            summary,
        )


def _told(damaged: Sequence[InputError]) -> str:
    """Return which tunes were left out and why, the first few by name; empty where none was."""
    if not damaged:
        return ""
    named = "; ".join(f"{each.place}: {each.problem}" for each in damaged[:_NAMED])
    more = f"; and {len(damaged) - _NAMED:,} more" if len(damaged) > _NAMED else ""
    files = "1 file was" if len(damaged) == 1 else f"{len(damaged):,} files were"
    return f"{files} left out ({named}{more})"
