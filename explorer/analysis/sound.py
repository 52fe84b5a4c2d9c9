"""The sound of a melody: a soft plucked voice, made of a few sines that fade."""

from __future__ import annotations

import numpy as np

from explorer.data.notation import TEMPO, VOCABULARY, notes_of

RATE = 22_050
"""Samples of sound a second."""
_PARTIALS = ((1, 1.0, 2.2), (2, 0.42, 3.2), (3, 0.18, 4.5), (4, 0.08, 6.0), (5, 0.04, 8.0))
"""Number, loudness, and fading (1/s) of each sine."""
_ATTACK, _RELEASE = 0.006, 0.07
"""Seconds in which a note comes and goes, so that it does not click."""
_LOUDNESS = 0.5


def seconds_of(steps: float, tempo: float = TEMPO) -> float:
    """Return how long so many sixteenths last."""
    return steps * 15.0 / tempo


def sound_of(
    tokens: np.ndarray, vocabulary: tuple[str, ...] = VOCABULARY, *, tempo: float = TEMPO, rate: int = RATE
) -> np.ndarray:
    """Return the sound of a melody ``(T,)``, float32 from -1 to 1, a little longer than it.

    The pitches are those of equal temperament with A4 at 440 Hz.
    """
    notes = notes_of(tokens, vocabulary)
    sound = np.zeros(round((seconds_of(len(tokens), tempo) + _RELEASE) * rate) + 1, dtype=np.float32)
    for start, end, pitch in zip(notes.starts.tolist(), notes.ends.tolist(), notes.pitches.tolist(), strict=True):
        at = round(seconds_of(start, tempo) * rate)
        note = _note(440.0 * 2.0 ** ((pitch - 69) / 12), seconds_of(end - start, tempo), rate)[: len(sound) - at]
        sound[at : at + len(note)] += note
    return np.clip(sound, -1.0, 1.0)


def _note(frequency: float, seconds: float, rate: int) -> np.ndarray:
    time = np.arange(round((seconds + _RELEASE) * rate), dtype=np.float32) / rate
    tone = np.zeros_like(time)
    for number, loudness, fading in _PARTIALS:
        if number * frequency < rate / 2.2:  # no sine that the rate cannot hold
            tone += (
                np.float32(loudness)
                * np.sin(np.float32(2 * np.pi * number * frequency) * time)
                * np.exp(-np.float32(fading) * time)
            )
    envelope = np.minimum(1.0, time / _ATTACK) * np.clip((seconds + _RELEASE - time) / _RELEASE, 0.0, 1.0)
    return (_LOUDNESS * tone * envelope).astype(np.float32)
