"""What melodies are judged by: which tokens and notes are right, what is in key, how one differs from another."""

from __future__ import annotations

import numpy as np

from explorer.data.keys import Key
from explorer.data.notation import HOLD, REST, VOCABULARY, notes_of, sounding


def accuracy(written: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Return shares of right tokens of melodies ``(N, T)``.

    Returns
    -------
    dict
        "tokens": of all tokens, as Roberts et al. 2018 count them; "notes": of the notes of the truth, those of which
        a note of the same pitch begins at the same sixteenth; "sounding": of all sixteenths, those at which the same
        sounds.
    """
    begins = truth > REST
    return {
        "tokens": float((written == truth).mean()),
        "notes": float((written == truth)[begins].mean()) if begins.any() else float("nan"),
        "sounding": float((sounding(written) == sounding(truth)).mean()),
    }


def in_key(tokens: np.ndarray, key: Key, vocabulary: tuple[str, ...] = VOCABULARY) -> float:
    """Return the share of the notes of a melody ``(T,)`` that are of a key's scale; NaN where it has none."""
    pitches = notes_of(tokens, vocabulary).pitches
    return float(np.isin(pitches % 12, sorted(key.scale)).mean()) if len(pitches) else float("nan")


def difference(a: np.ndarray, b: np.ndarray, vocabulary: tuple[str, ...] = VOCABULARY) -> float:
    """Return the share of sixteenths at which two melodies ``(T,)`` do not sound the same."""
    return float((sounding(a, vocabulary) != sounding(b, vocabulary)).mean())


def repeat_last_bar(tokens: np.ndarray, bar: int) -> np.ndarray:
    """Return what one writes of melodies ``(N, T)`` who only repeats the bar before: first bar silent."""
    first = np.full((len(tokens), bar), HOLD, tokens.dtype)
    first[:, 0] = REST
    return np.concatenate([first, tokens[:, :-bar]], axis=1)
