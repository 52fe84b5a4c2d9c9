"""What melodies are judged by."""

import math

import numpy as np

from explorer.analysis.melodies import accuracy, difference, in_key, repeat_last_bar
from explorer.data.keys import Key
from explorer.data.notation import HOLD, REST, token_of

TUNE = np.array([token_of(60), HOLD, token_of(62), HOLD, token_of(66), HOLD, REST, HOLD])


def test_a_melody_is_right_beside_itself() -> None:
    assert accuracy(TUNE[None], TUNE[None]) == {"tokens": 1.0, "notes": 1.0, "sounding": 1.0}


def test_shares_are_counted_as_they_say() -> None:
    written = TUNE.copy()
    written[2] = token_of(64)  # one of three notes, and it sounds for two sixteenths of eight
    found = accuracy(written[None], TUNE[None])
    assert found == {"tokens": 7 / 8, "notes": 2 / 3, "sounding": 6 / 8}
    assert math.isnan(accuracy(np.zeros((1, 4), int), np.zeros((1, 4), int))["notes"])
    assert difference(written, TUNE) == 2 / 8


def test_notes_in_key_are_counted() -> None:
    assert in_key(TUNE, Key.named("C")) == 2 / 3
    assert in_key(TUNE, Key.named("G")) == 1.0
    assert math.isnan(in_key(np.array([REST, HOLD]), Key.named("C")))


def test_the_bar_before_is_repeated() -> None:
    repeated = repeat_last_bar(np.concatenate([TUNE, TUNE[::-1]])[None], 8)
    np.testing.assert_array_equal(repeated[0, 8:], TUNE)
    assert repeated[0, :2].tolist() == [REST, HOLD]
