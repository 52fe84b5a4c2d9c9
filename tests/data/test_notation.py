"""Melodies as tokens and back, and keys."""

import numpy as np
import pytest

from explorer.data.keys import Key, likely_key
from explorer.data.notation import (
    HOLD,
    REST,
    VOCABULARY,
    Notes,
    is_melody,
    notes_of,
    pitch_name,
    sounding,
    steps_in_bar,
    token_of,
    tokens_of,
)


def notes(*each: tuple[int, int, int]) -> Notes:
    return Notes(*(np.array(column, dtype=np.int64) for column in zip(*each, strict=True)))


def test_the_vocabulary_is_hold_rest_and_a_piano() -> None:
    assert VOCABULARY[:3] == ("hold", "rest", "21")
    assert VOCABULARY[-1] == "108"
    assert len(VOCABULARY) == 90
    assert is_melody(VOCABULARY)
    assert not is_melody(("<pad>", "<start>", "<end>", "<unknown>"))
    assert VOCABULARY[token_of(60)] == "60"
    assert VOCABULARY[token_of(5)] == "29"
    assert VOCABULARY[token_of(127)] == "103"


def test_notes_become_tokens_and_come_back() -> None:
    known = notes((0, 2, 60), (2, 4, 60), (6, 8, 64))
    tokens = tokens_of(known, 10)
    assert [VOCABULARY[t] for t in tokens] == ["60", "hold", "60", "hold", "rest", "hold", "64", "hold", "rest", "hold"]
    found = notes_of(tokens)
    for name in ("starts", "ends", "pitches"):
        np.testing.assert_array_equal(getattr(found, name), getattr(known, name))
    assert sounding(tokens).tolist() == [60, 60, 60, 60, -1, -1, 64, 64, -1, -1]


def test_a_hold_before_any_note_is_a_silence() -> None:
    tokens = np.array([HOLD, HOLD, token_of(60), HOLD])
    assert notes_of(tokens).starts.tolist() == [2]
    assert sounding(tokens).tolist() == [-1, -1, 60, 60]
    assert len(notes_of(np.array([REST, HOLD]))) == 0


def test_a_new_note_ends_the_one_before() -> None:
    tokens = tokens_of(notes((0, 8, 60), (4, 6, 62)), 8)
    assert sounding(tokens).tolist() == [60] * 4 + [62] * 4


@pytest.mark.parametrize(
    ("meter", "steps"), [("4/4", 16), ("3/4", 12), ("6/8", 12), ("2/2", 16), ("5/8", 10), ("5/32", 0), ("4/0", 0)]
)
def test_bars_have_whole_sixteenths(meter: str, steps: int) -> None:
    assert steps_in_bar(meter) == steps


def test_pitches_are_named() -> None:
    assert [pitch_name(pitch) for pitch in (21, 60, 66, 69, 108)] == ["A0", "C4", "F♯4", "A4", "C8"]


@pytest.mark.parametrize(
    ("text", "told", "sharps", "to_c"),
    [
        ("C", "C major", 0, 0),
        ("G", "G major", 1, 5),
        ("F#m", "F♯ minor", 3, 3),
        ("Bb", "B♭ major", -2, 2),
        ("Ebm", "E♭ minor", 6, -6),
        ("Ddor", "D dorian", 0, 0),
        ("A mixolydian", "A mixolydian", 2, -2),
        ("Am", "A minor", 0, 0),
    ],
)
def test_keys_are_read(text: str, told: str, sharps: int, to_c: int) -> None:
    key = Key.named(text)
    assert str(key) == told
    assert key.sharps == sharps
    assert key.to_c() == to_c
    assert Key.named(str(key)) == key
    assert key.moved(key.to_c()).scale == {0, 2, 4, 5, 7, 9, 11}
    with pytest.raises(ValueError, match="no key"):
        Key.named("H")


def test_the_likeliest_key_is_the_scales() -> None:
    for tonic in range(12):
        scale = [60 + tonic + step for step in (0, 2, 4, 5, 7, 9, 11, 12)]
        played = notes(*((2 * i, 2 * i + (4 if i in (0, 7) else 2), p) for i, p in enumerate(scale)))
        assert likely_key(played) == Key(tonic, "major")
    minor = [69, 71, 72, 74, 76, 72, 69, 68, 69]
    assert likely_key(notes(*((2 * i, 2 * i + 2, p) for i, p in enumerate(minor)))) == Key.named("Am")
