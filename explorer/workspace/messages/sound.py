"""Melodies that are heard, and written to files."""

from __future__ import annotations

import msgspec
import numpy as np


class PlayMelody(msgspec.Struct, frozen=True):
    """Play a melody.

    Its progress tells the share that has been heard; the first report comes as the sound begins. Result: `Played`.

    Parameters
    ----------
    tokens : ndarray, int32 ``(T,)``
    vocabulary : list of str
    tempo : float
        Quarter notes a minute.
    """

    tokens: np.ndarray
    vocabulary: list[str]
    tempo: float


class Played(msgspec.Struct, frozen=True):
    """Whether there was a device to play on."""

    heard: bool


class WriteMelodies(msgspec.Struct, frozen=True):
    """Write melodies, one after the other, as MIDI (.mid) or as sound (.wav). Result: the path, str.

    Parameters
    ----------
    path : str
    tokens : ndarray, int32 ``(N, T)``
    vocabulary : list of str
    tempo : float
        Quarter notes a minute.
    meter : str
    names : list of str
        Of each; empty where they have none.
    """

    path: str
    tokens: np.ndarray
    vocabulary: list[str]
    tempo: float
    meter: str
    names: list[str] = []
