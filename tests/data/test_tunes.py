"""From tunes to samples: bars, meters, keys, and a split that keeps a tune together."""

from itertools import pairwise

import numpy as np
import pytest

from explorer.data.generated import make
from explorer.data.keys import Key
from explorer.data.notation import HOLD, VOCABULARY, Notes, notes_of, sounding
from explorer.data.tunes import Bar, Cutting, Tune, melodies, moved
from explorer.errors import InputError


def tune(name: str, bars: int, *, pitch: int = 60, meter: str = "4/4", key: Key | None = None) -> Tune:
    """Return a tune with a note on every quarter, each a semitone above the one before within an octave."""
    steps = {"4/4": 16, "3/4": 12}[meter]
    starts = np.arange(0, bars * steps, 4)
    notes = Notes(starts, starts + 4, pitch + np.arange(len(starts)) % 12)
    return Tune(name, notes, tuple(Bar(i * steps, meter, 100.0) for i in range(bars)), key)


def test_a_tune_is_cut_into_samples() -> None:
    found = melodies([tune("a", 5)], Cutting(bars=2))
    assert found.layout == "notes"
    assert found.vocabulary == VOCABULARY
    assert found.values.shape == (2, 32)
    assert found.values.dtype == np.int32
    assert found.sample_names.tolist() == ["a, bar 1–2", "a, bar 3–4"]
    assert [VOCABULARY[token] for token in found.values[1, ::4]] == [str(60 + i % 12) for i in range(8, 16)]
    assert found.columns["tempo"].tolist() == [100.0, 100.0]
    assert len(melodies([tune("a", 5)], Cutting(bars=2, stride=1))) == 4


def test_a_note_that_goes_on_begins_the_next_sample() -> None:
    long = Tune("a", Notes(np.array([8]), np.array([24]), np.array([64])), (Bar(0), Bar(16)))
    found = melodies([long], Cutting(bars=1))
    assert sounding(found.values).tolist() == [[-1] * 8 + [64] * 8, [64] * 8 + [-1] * 8]
    assert found.values[1, 0] != HOLD


def test_no_tune_is_in_two_parts() -> None:
    found = melodies([tune(f"t{i}", 3 + i % 5) for i in range(40)], Cutting(bars=1, keys=3), seed=3)
    for name in np.unique(found.columns["tune"]):
        assert len(np.unique(found.split[found.columns["tune"] == name])) == 1
    assert {int(part) for part in found.split} == {0, 1, 2}


def test_only_training_tunes_are_moved_into_other_keys() -> None:
    tunes = [tune(f"t{i}", 2, key=Key.named("G")) for i in range(20)]
    plain, many = melodies(tunes, Cutting()), melodies(tunes, Cutting(keys=3))
    train = len(plain.indices("train"))
    assert len(many) == len(plain) + 2 * train
    np.testing.assert_array_equal(many.values[: len(plain)], plain.values)
    added = many.subset(np.arange(len(plain), len(many)))
    assert set(added.split.tolist()) == {0}
    assert sorted(set(added.columns["moved by"].tolist())) == [-1, 1]
    assert set(added.columns["key"].tolist()) == {"A♭ major", "F♯ major"}
    first = plain.indices("train")[0]
    np.testing.assert_array_equal(notes_of(added.values[0]).pitches, notes_of(plain.values[first]).pitches + 1)


def test_a_tune_is_moved_to_c() -> None:
    found = melodies([tune("a", 2, pitch=67, key=Key.named("G"))], Cutting(to_c=True))
    assert notes_of(found.values[0]).pitches[0] == 72
    assert found.columns["key"].tolist() == ["C major"]


def test_the_most_frequent_meter_is_taken_and_others_are_not() -> None:
    both = [tune("a", 6), tune("b", 4, meter="3/4")]
    assert melodies(both, Cutting()).values.shape == (3, 32)
    assert melodies(both, Cutting(meter="3/4")).values.shape == (2, 24)
    with pytest.raises(InputError, match=r"no tune has 2 bars of 6/8") as told:
        melodies(both, Cutting(meter="6/8"))
    assert told.value.remedy
    changing = Tune("c", tune("c", 4).notes, (Bar(0), Bar(16, "3/4"), Bar(28), Bar(44)))
    assert melodies([changing], Cutting(meter="4/4")).columns["bar"].tolist() == [3]


def test_silent_samples_are_left_out() -> None:
    quiet = Tune("a", Notes(np.array([40]), np.array([44]), np.array([60])), tuple(Bar(16 * i) for i in range(4)))
    assert melodies([quiet], Cutting(bars=1)).columns["bar"].tolist() == [3]


def test_melodies_are_moved_within_a_piano() -> None:
    tokens = np.array([0, 1, 2, 89], np.int32)
    assert moved(tokens, 2).tolist() == [0, 1, 4, 89 - 10]
    assert moved(tokens, -1).tolist() == [0, 1, 13, 88]
    np.testing.assert_array_equal(moved(moved(tokens, 5), -5)[:3], tokens[:3])


def test_made_up_tunes_are_in_key_and_end_on_the_tonic() -> None:
    found = make("tunes", n=60, bars=2, all_keys=True)
    for row in range(len(found)):
        key, notes = Key.named(found.columns["key"][row]), notes_of(found.values[row])
        assert np.isin(notes.pitches % 12, sorted(key.scale)).all()
        assert notes.pitches[-1] % 12 == key.tonic
        assert notes.starts[0] == 0
        assert notes.ends[-1] == 32
        assert all(start < after for start, after in pairwise(notes.starts.tolist()))


def test_folk_tunes_come_from_a_package() -> None:
    pytest.importorskip("music21", reason="the extra 'reproduce' is not installed")
    found = make("melodies", n=300, bars=2)
    assert found.values.shape[1] == 32
    assert len(found) > 300
    major = found.labels == found.class_names.index("major")
    white = np.isin(found.columns["key"][major], ["C major"])
    assert white.all()
    assert not set(found.columns["tune"][found.split == 0]) & set(found.columns["tune"][found.split == 2])
