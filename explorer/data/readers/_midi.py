"""One MIDI file: its parts, its bars, and the melody of a part."""

from __future__ import annotations

import io
import struct
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from explorer.data.keys import Key
from explorer.data.notation import METER, TEMPO, Notes, steps_in_bar
from explorer.data.tunes import LONGEST, Bar, Tune
from explorer.errors import InputError

if TYPE_CHECKING:
    from mido import MidiFile

MOST_BYTES = 1 << 23
"""A larger file is no tune: an hour of piano music has less than half a megabyte."""
_MOST_PARTS = 1000
_DRUMS = 9
"""The channel of drums, counted from 0."""
_DAMAGE = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, struct.error, OverflowError)
"""What mido raises over a damaged file."""
_EXPORT = "Export it again from the program that it came from"


@dataclass(frozen=True)
class _Part:
    """The notes of one channel in one track, ``(start, end, pitch)`` in ticks, in order."""

    track: int
    channel: int
    name: str
    notes: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class _Score:
    """What a file tells: its parts without drums, changes of meter and tempo as ``(tick, value)``, and its key.

    `ticks` are those of a quarter note; `end` is where its longest track ends, in ticks.
    """

    ticks: int
    end: int
    parts: tuple[_Part, ...]
    meters: tuple[tuple[int, str], ...]
    tempos: tuple[tuple[int, float], ...]
    key: Key | None
    drums: bool


def read_tune(content: bytes, name: str, part: int | None) -> Tune:
    """Return the melody of a MIDI file.

    Parameters
    ----------
    content : bytes
    name : str
        Of the file, for messages and for the tune.
    part : int or None
        Which part has the melody, from 1; 0: the highest note of all parts; None: the part that looks most like one.

    Raises
    ------
    InputError
        If it is no MIDI file, is damaged, or has no notes but drums.
    """
    score = _score(_parsed(content, name), name)
    if not score.parts:
        raise InputError(
            "there are only drums in the file" if score.drums else "there is no note in the file",
            place=name,
            remedy="Choose a file with a melody",
        )
    if part is not None and part > len(score.parts):
        told = "; ".join(f"{i}: {each.name}" for i, each in enumerate(score.parts[:20], 1))
        raise InputError(
            f"there is no part {part}, but {len(score.parts)}", place=name, remedy=f"Choose one of these: {told}"
        )
    if part == 0:
        notes = _highest(score)
    else:
        notes = _newest(score, score.parts[part - 1] if part else max(score.parts, key=_melodic))
    return Tune(
        name, notes, _bars(score, max(int(notes.ends.max(initial=0)), _steps(score, score.end)), name), score.key
    )


def _parsed(content: bytes, name: str) -> MidiFile:
    from mido import KeySignatureError, MidiFile

    if len(content) > MOST_BYTES:
        raise InputError(
            f"the file has {len(content) / 1e6:.0f} MB, which is no tune", place=name, remedy="Cut it into pieces"
        )
    if not content.startswith(b"MThd"):
        raise InputError("this is not a MIDI file", place=name, remedy="Choose a Standard MIDI File (.mid)")
    try:
        file = MidiFile(file=io.BytesIO(content), clip=True)
    except EOFError as reason:
        raise InputError("the file is cut off", place=name, remedy="Copy or download it again") from reason
    except (KeySignatureError, *_DAMAGE) as reason:
        raise InputError(f"the MIDI file is damaged: {reason}", place=name, remedy=_EXPORT) from reason
    if file.ticks_per_beat <= 0:
        raise InputError(
            "its times are in frames of a film, not in beats", place=name, remedy="Export it with ticks per quarter"
        )
    return file


def _score(file: MidiFile, name: str) -> _Score:
    """Go through all tracks and pair the beginnings of notes with their ends."""
    meters: dict[int, str] = {}
    tempos: dict[int, float] = {}
    parts: list[_Part] = []
    key: Key | None = None
    drums, last = False, 0
    limit = LONGEST * file.ticks_per_beat // 4
    for number, track in enumerate(file.tracks):
        at, title = 0, ""
        begun: dict[tuple[int, int], list[int]] = defaultdict(list)
        notes: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for message in track:
            at += message.time
            if at > limit:
                raise InputError("a note is days away from the start", place=name, remedy=_EXPORT)
            kind = message.type
            if kind in ("note_on", "note_off"):
                which = message.channel, message.note
                if kind == "note_on" and message.velocity:
                    begun[which].append(at)
                elif begun[which]:
                    notes[message.channel].append((begun[which].pop(0), at, message.note))
            elif kind == "time_signature":
                meters[at] = f"{message.numerator}/{message.denominator}"
            elif kind == "set_tempo" and message.tempo:
                tempos[at] = 6e7 / message.tempo
            elif kind == "key_signature" and key is None:
                key = Key.named(message.key)
            elif kind == "track_name" and not title:
                title = message.name.strip()
        last = max(last, at)
        for (channel, pitch), starts in begun.items():  # notes that are never ended last to the end of the track
            if starts:
                notes[channel] += [(start, max(at, start + 1), pitch) for start in starts]
        drums = drums or bool(notes.get(_DRUMS))
        parts += [
            _Part(number, channel, title or f"track {number + 1}, channel {channel + 1}", tuple(sorted(found)))
            for channel, found in sorted(notes.items())
            if channel != _DRUMS
        ]
    if len(parts) > _MOST_PARTS:
        raise InputError(f"the file has {len(parts):,} parts, which is no tune", place=name, remedy=_EXPORT)
    return _Score(
        file.ticks_per_beat,
        last,
        tuple(parts),
        tuple(sorted(meters.items())),
        tuple(sorted(tempos.items())),
        key,
        drums,
    )


def _melodic(part: _Part) -> tuple[float, float]:
    """Return how much a part looks like a melody: one note at a time, many of them, high ones."""
    total = sum(end - start for start, end, _ in part.notes)
    starts = len({start for start, _, _ in part.notes})
    covered = sum(end - start for start, end in _union([(start, end) for start, end, _ in part.notes]))
    alone = covered / total if total else 0.0
    named = any(word in part.name.lower() for word in ("melod", "vocal", "lead", "solo", "voice", "sopran"))
    height = float(np.mean([pitch for _, _, pitch in part.notes])) / 128
    return (2.0 if named else 0.0) + alone * min(starts, 32) / 32 + height, height


def _union(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches in order of their starts, those that touch joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _steps(score: _Score, tick: int) -> int:
    """Return the sixteenth that is nearest to a tick."""
    return (8 * tick + score.ticks) // (2 * score.ticks)


def _newest(score: _Score, part: _Part) -> Notes:
    """Return one note at a time: a note ends where the next begins, and the highest of a chord is taken."""
    highest: dict[int, tuple[int, int]] = {}
    for start, end, pitch in part.notes:
        at = _steps(score, start)
        if at not in highest or pitch > highest[at][1]:
            highest[at] = max(_steps(score, end), at + 1), pitch
    starts = np.array(sorted(highest), dtype=np.int64)
    ends = np.array([highest[at][0] for at in starts.tolist()], dtype=np.int64)
    ends[:-1] = np.minimum(ends[:-1], starts[1:])
    return Notes(starts, ends, np.array([highest[at][1] for at in starts.tolist()], dtype=np.int64))


def _highest(score: _Score) -> Notes:
    """Return the skyline: what is highest of all that sounds at each sixteenth."""
    every = [
        (pitch, _steps(score, start), max(_steps(score, end), _steps(score, start) + 1))
        for part in score.parts
        for start, end, pitch in part.notes
    ]
    steps = max(end for _, _, end in every)
    which = np.full(steps, -1, dtype=np.int64)
    every.sort()
    for i, (_, start, end) in enumerate(every):
        which[start:end] = i
    starts = np.flatnonzero(np.diff(which, prepend=-1) != 0)
    ends = np.append(starts[1:], steps)
    sounds = which[starts] >= 0
    starts, ends = starts[sounds], ends[sounds]
    return Notes(starts, ends, np.array([every[i][0] for i in which[starts].tolist()], dtype=np.int64))


def _bars(score: _Score, end: int, name: str) -> tuple[Bar, ...]:
    """Return all bars until `end`, in sixteenths; one is cut short where a change of meter says so."""
    changes = {0: METER, **{_steps(score, tick): meter for tick, meter in score.meters}}
    tempos = [(_steps(score, tick), tempo) for tick, tempo in score.tempos]
    bars: list[Bar] = []
    marks = sorted(changes)
    tempo, t = TEMPO, 0
    for start, until in zip(marks, [*marks[1:], max(end, marks[-1])], strict=True):
        steps = steps_in_bar(changes[start])
        if not steps:
            raise InputError(f"bars of {changes[start]} have no whole sixteenths", place=name, remedy=_EXPORT)
        at = start
        while at < until:
            while t < len(tempos) and tempos[t][0] <= at:
                tempo, t = tempos[t][1], t + 1
            if at + steps <= until or until >= end:
                bars.append(Bar(at, changes[start], round(tempo, 3)))
            at += steps
    return tuple(bars)
