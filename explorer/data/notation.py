"""How a melody is written as tokens: what happens at each sixteenth note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from explorer.data.dataset import Dataset

HOLD, REST = 0, 1
LOWEST, HIGHEST = 21, 108
"""MIDI numbers of the lowest and the highest key of a piano: A0 and C8."""
VOCABULARY: tuple[str, ...] = ("hold", "rest", *map(str, range(LOWEST, HIGHEST + 1)))
"""hold: what is goes on, be it a note or a silence; rest: a silence begins; a MIDI number: a note begins."""
_FIRST = 2
"""The token of the lowest pitch."""
_NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
METER = "4/4"
TEMPO = 120.0
"""Quarter notes a minute where nothing is said, as in MIDI."""


@dataclass(frozen=True)
class Notes:
    """Notes of a melody, none of which sounds while another does.

    Parameters
    ----------
    starts, ends : ndarray, int64 ``(n,)``
        In sixteenths; ends are exclusive.
    pitches : ndarray, int64 ``(n,)``
        MIDI numbers: 60 is the middle C.
    """

    starts: np.ndarray
    ends: np.ndarray
    pitches: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)


def is_melody(vocabulary: tuple[str, ...]) -> bool:
    """Whether a vocabulary is one of melodies: hold, rest and MIDI numbers."""
    return vocabulary[:2] == ("hold", "rest") and all(word.isdigit() for word in vocabulary[2:])


def token_of(pitch: int) -> int:
    """Return the token that begins a note; pitches beyond a piano's keys are moved by octaves onto it."""
    while pitch < LOWEST:
        pitch += 12
    while pitch > HIGHEST:
        pitch -= 12
    return pitch - LOWEST + _FIRST


def pitches_of(vocabulary: tuple[str, ...]) -> np.ndarray:
    """Return the MIDI number that each token begins, int64; -1 for hold and rest."""
    return np.array([int(word) if word.isdigit() else -1 for word in vocabulary], dtype=np.int64)


def notes_of(tokens: np.ndarray, vocabulary: tuple[str, ...] = VOCABULARY) -> Notes:
    """Return the notes of a melody ``(T,)``; a hold before the first note is a silence."""
    pitches = pitches_of(vocabulary)[np.asarray(tokens, dtype=np.int64)]
    starts = np.flatnonzero(pitches >= 0)
    # A note ends where the next one or a silence begins.
    changes = np.append(np.flatnonzero((pitches >= 0) | (np.asarray(tokens) == REST)), len(pitches))
    ends = changes[np.searchsorted(changes, starts, side="right")]
    return Notes(starts, ends, pitches[starts])


def sounding(tokens: np.ndarray, vocabulary: tuple[str, ...] = VOCABULARY) -> np.ndarray:
    """Return the pitch that sounds at each sixteenth of melodies ``(..., T)``, as MIDI numbers; -1 in silence."""
    tokens = np.asarray(tokens, dtype=np.int64)
    pitches = pitches_of(vocabulary)[tokens]
    at = np.where(tokens != HOLD, np.arange(tokens.shape[-1]), 0)
    last = np.maximum.accumulate(at, axis=-1)
    return np.take_along_axis(pitches, last, axis=-1)


def tokens_of(notes: Notes, steps: int) -> np.ndarray:
    """Return notes as tokens, int32 ``(steps,)``; of notes that begin together the last one is kept.

    A note that begins while another sounds ends that one.
    """
    tokens = np.full(steps, HOLD, dtype=np.int32)
    silent = np.ones(steps, dtype=bool)
    for start, end, pitch in zip(notes.starts, notes.ends, notes.pitches, strict=True):
        silent[start:end] = False
        tokens[start] = token_of(int(pitch))
    free = silent & (tokens == HOLD)
    tokens[free & ~np.concatenate([[False], free[:-1]])] = REST
    return tokens


def pitch_name(pitch: int) -> str:
    """Return what a pitch is called: 60 is ``"C4"``, the middle C."""
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"


def steps_in_bar(meter: str) -> int:
    """Return how many sixteenths a bar of a meter such as ``"6/8"`` has; 0 where that is no whole number."""
    count, unit = (int(part) for part in meter.split("/"))
    return 16 * count // unit if unit > 0 and 16 * count % unit == 0 else 0


def note_columns(tokens: np.ndarray, vocabulary: tuple[str, ...] = VOCABULARY) -> dict[str, np.ndarray]:
    """Return the notes of a melody ``(T,)`` as columns: start and length in sixteenths, MIDI number, name."""
    notes = notes_of(tokens, vocabulary)
    return {
        "start": notes.starts,
        "length": notes.ends - notes.starts,
        "pitch": notes.pitches,
        "name": np.array([pitch_name(pitch) for pitch in notes.pitches.tolist()], dtype=str),
    }


def meter_of(dataset: Dataset) -> str:
    """Return the meter of melodies, by their column "meter"; 4/4 where they have none."""
    column = dataset.columns.get("meter")
    return METER if column is None or not len(column) else str(column[0])


def bar_of(dataset: Dataset) -> int:
    """Return how many sixteenths a bar of melodies has."""
    return steps_in_bar(meter_of(dataset)) or steps_in_bar(METER)


def tempo_of(dataset: Dataset, row: int) -> float:
    """Return the tempo of a melody in quarter notes a minute, by the column "tempo"; else MIDI's own."""
    column = dataset.columns.get("tempo")
    return float(column[row]) if column is not None and 0 <= row < len(column) else TEMPO
