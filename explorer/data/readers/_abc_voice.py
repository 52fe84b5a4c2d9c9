"""A voice while it is read: notes one after the other, and the bars that they fill."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from explorer.data.notation import METER, TEMPO, steps_in_bar
from explorer.data.tunes import Bar

_NEARLY = 1e-6


@dataclass
class Voice:
    """What has been read of a tune; positions and lengths are in sixteenths."""

    unit: float = 2.0
    meter: str = METER
    tempo: float = TEMPO
    signature: dict[str, int] = field(default_factory=dict)
    at: float = 0.0
    bar_start: float = 0.0
    bars: list[Bar] = field(default_factory=list)
    notes: list[list[float]] = field(default_factory=list)  # start, end, pitch
    altered: dict[str, int] = field(default_factory=dict)
    tied: bool = False
    factor: float = 1.0
    left: int = 0  # notes of the tuplet that are still to come
    last: float = 0.0  # length of the newest note or rest
    stretch: float = 1.0  # of the next note, by a broken rhythm
    seam: tuple[int, float] | None = None  # note and position at which a section ended within a bar
    skipping: bool = False  # in a first ending
    begun: bool = False  # the first bar line has been seen

    def add(self, pitch: int | None, length: float) -> None:
        """Add a note, or a rest."""
        if self.skipping:
            return
        if self.left:
            length, self.left = length * self.factor, self.left - 1
        length, self.stretch = length * self.stretch, 1.0
        end = self.at + length
        if pitch is not None:
            if self.tied and self.notes and self.notes[-1][2] == pitch and abs(self.notes[-1][1] - self.at) < 1e-6:
                self.notes[-1][1] = end
            else:
                self.notes.append([self.at, end, pitch])
        self.tied, self.at, self.last = False, end, length

    def group(self, factor: float, count: int) -> None:
        """Begin a tuplet of so many notes, each so many times as long as it is written."""
        self.factor, self.left = min(max(factor, 0.01), 100.0), count

    def turn(self, *, repeat: bool, ending: str | None) -> None:
        """Leave out what stands in a first ending, from its number to the sign of repetition."""
        if ending is not None:
            self.skipping = ending[-1] == "1"
        elif repeat:
            self.skipping = False

    def lengthen(self, marks: str) -> None:
        """Take the time of a broken rhythm from the next note, or give it to that."""
        if self.skipping:
            return
        give = 2.0 ** -len(marks)
        own, other = (2 - give, give) if marks[0] == ">" else (give, 2 - give)
        change = self.last * (own - 1)
        if self.notes and abs(self.notes[-1][1] - self.at) < 1e-6:
            self.notes[-1][1] += change
        self.at += change
        self.stretch = other

    def close(self, *, section: bool, last: bool = False) -> None:
        """End a bar; one in which a section ends waits for its rest, the upbeat of the next; the last one is filled."""
        full = steps_in_bar(self.meter) if self.meter else 0
        self.altered = {}
        if not full or self.at - self.bar_start < _NEARLY:
            return
        if not self.begun:
            self.begun = True
            short = full - (self.at - self.bar_start)
            if short > _NEARLY:  # an upbeat: it ends with the bar
                self._shift(0, short)
        while abs(self.at - self.bar_start - full) > _NEARLY:
            length = self.at - self.bar_start
            if last and length < full:
                self.at = self.bar_start + full
                break
            if length < full and section:
                self.seam = self.seam or (len(self.notes), self.at)
                return
            if length < full or self.seam is None:
                # Of a wrong length: silence fills it up, and no sample goes over it, for no `Bar` is there.
                self.bar_start += full * math.ceil(length / full - _NEARLY)
                self.at, self.seam = self.bar_start, None
                return
            note, position = self.seam
            self.bar_start, self.seam = self.bar_start + full, None
            self._shift(note, self.bar_start - position)
            if self.at - self.bar_start < _NEARLY:
                return
        self.bars.append(Bar(round(self.bar_start), self.meter, self.tempo))
        self.bar_start, self.seam = self.at, None

    def _shift(self, note: int, by: float) -> None:
        """Move what was read since a note."""
        for each in self.notes[note:]:
            each[0], each[1] = each[0] + by, each[1] + by
        self.at += by
