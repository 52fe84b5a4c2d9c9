"""Keys of melodies: named in a file, or the likeliest by how long each pitch sounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

import numpy as np

from explorer.data.notation import Notes

TONICS = ("C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
}
"""Steps of the scale above its tonic, in semitones."""
RELATIVE = {"major": 0, "dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "minor": 9, "locrian": 11}
"""The tonic of each mode above that of the major scale with the same notes, in semitones."""
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
_MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""How well each pitch above the tonic fits a key, as people judged it (Krumhansl & Kessler 1982)."""
_KEY = re.compile(r"([A-G])([#♯b♭]?) *([A-Za-z]*)")


@dataclass(frozen=True)
class Key:
    """A tonic, from 0 for C to 11 for B, and a mode of `MODES`."""

    tonic: int
    mode: str

    @classmethod
    def named(cls, text: str) -> Self:
        """Return the key that is written ``"G"``, ``"F#m"``, ``"B♭ major"`` or ``"Ddor"``.

        Raises
        ------
        ValueError
            If that is none.
        """
        match = _KEY.match(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is no key")
        letter, accidental, mode = match.groups()
        tonic = (_LETTERS[letter] + {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}[accidental]) % 12
        return cls(tonic, _mode(mode))

    @property
    def scale(self) -> frozenset[int]:
        """The notes of the scale, as semitones above C within an octave."""
        return frozenset((self.tonic + step) % 12 for step in MODES[self.mode])

    @property
    def sharps(self) -> int:
        """How many sharps stand before the staff; flats are negative."""
        major = (self.tonic - RELATIVE[self.mode]) % 12
        count = major * 7 % 12
        return count if count <= 6 else count - 12

    def to_c(self) -> int:
        """Return by how many semitones, from -6 to 5, its scale is moved to the white keys of a piano."""
        up = (RELATIVE[self.mode] - self.tonic) % 12
        return up if up <= 5 else up - 12

    def moved(self, semitones: int) -> Key:
        """Return the key so many semitones above."""
        return Key((self.tonic + semitones) % 12, self.mode)

    def __str__(self) -> str:
        return f"{TONICS[self.tonic]} {self.mode}"


def _mode(text: str) -> str:
    text = text.lower()
    if text in ("m", "min", "aeo") or text.startswith("min"):
        return "minor"
    for mode in MODES:
        if len(text) >= 3 and mode.startswith(text[:3]):
            return mode
    return "major"


def likely_key(notes: Notes) -> Key:
    """Return the major or minor key whose profile correlates best with how long each pitch sounds.

    C. L. Krumhansl, Cognitive Foundations of Musical Pitch, 1990.
    """
    lengths = np.bincount(notes.pitches % 12, weights=notes.ends - notes.starts, minlength=12)
    profiles = np.array([np.roll(profile, tonic) for profile in (_MAJOR, _MINOR) for tonic in range(12)])
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    fit = centred @ (lengths - lengths.mean()) / np.linalg.norm(centred, axis=1)
    best = int(np.argmax(fit))
    return Key(best % 12, "major" if best < 12 else "minor")
