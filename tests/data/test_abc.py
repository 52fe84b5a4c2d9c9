"""ABC notation: what each sign means for pitch and time."""

import numpy as np
import pytest

from explorer.data.notation import pitch_name
from explorer.data.readers._abc import read_tunes
from explorer.data.tunes import Tune
from explorer.errors import InputError


def read(body: str, *, meter: str = "4/4", key: str = "C", length: str = "1/4") -> Tune:
    tunes = [tune for _, tune in read_tunes(f"X:1\nT:A tune\nM:{meter}\nL:{length}\nK:{key}\n{body}\n")]
    assert len(tunes) == 1
    return tunes[0]


def names(tune: Tune) -> str:
    return " ".join(pitch_name(pitch) for pitch in tune.notes.pitches.tolist())


def spans(tune: Tune) -> list[tuple[int, int]]:
    return list(zip(tune.notes.starts.tolist(), tune.notes.ends.tolist(), strict=True))


def test_letters_and_octaves() -> None:
    assert names(read("C, C c c'|")) == "C3 C4 C5 C6"


def test_keys_and_accidentals_last_for_a_bar() -> None:
    assert names(read("F ^G G =F|F G F G|", key="G")) == "F♯4 A♭4 A♭4 F4 F♯4 G4 F♯4 G4"
    assert names(read("B E A _D|", key="Eb")) == "B♭4 E♭4 A♭4 C♯4"
    assert names(read("F [K:D] F C c|")) == "F4 F♯4 C♯4 C♯5"


def test_lengths() -> None:
    assert spans(read("C2 C/ C/2 C|")) == [(0, 8), (8, 10), (10, 12), (12, 16)]
    assert spans(read("C3/2 C// C// z C|")) == [(0, 6), (6, 7), (7, 8), (12, 16)]
    assert spans(read("C> C C<C|", length="1/8", meter="2/4")) == [(0, 3), (3, 4), (4, 5), (5, 8)]
    assert spans(read("(3CDE F2 G2|", length="1/8", meter="3/4"))[:4] == [(0, 1), (1, 3), (3, 4), (4, 8)]


def test_the_length_that_is_not_said_comes_from_the_meter() -> None:
    text = "X:1\nM:{}\nK:C\nCDEF CDEF|\n"
    (_, four), (_, two) = (next(read_tunes(text.format(meter))) for meter in ("4/4", "2/4"))
    assert four.notes.ends[-1] == 16
    assert two.notes.ends[-1] == 8


def test_ties_chords_and_what_is_left_out() -> None:
    assert spans(read("C4-|C4|")) == [(0, 32)]
    assert names(read('"Am"[CEG] {de}F !trill!G .A|')) == "G4 F4 G4 A4"


def test_an_upbeat_ends_with_its_bar() -> None:
    tune = read("G|CDEF|G3:|")
    assert spans(tune)[0] == (12, 16)
    assert [bar.start for bar in tune.bars] == [0, 16, 32]


def test_a_section_that_ends_within_a_bar_leaves_the_rest_to_the_next_upbeat() -> None:
    tune = read("G|CDEF|G3:|:A|BAGF|E3:|")
    assert [bar.start for bar in tune.bars] == [0, 16, 32, 48, 64]
    assert spans(tune)[6] == (44, 48)  # the A before the second section


def test_a_section_without_upbeat_begins_with_a_bar() -> None:
    tune = read("G|CDEF|G3||CDEF|CDEF|")
    assert spans(tune)[6:8] == [(48, 52), (52, 56)]
    assert [bar.start for bar in tune.bars] == [0, 16, 48, 64]


def test_first_endings_are_left_out() -> None:
    assert names(read("CDEF|1 GGGG:|2 AAAA|]")) == "C4 D4 E4 F4 A4 A4 A4 A4"
    assert names(read("CDEF|[1 GGGG:|[2 AAAA|]")) == "C4 D4 E4 F4 A4 A4 A4 A4"


def test_a_bar_of_a_wrong_length_is_in_no_sample() -> None:
    tune = read("CDEF|CDE|CDEF|CDEFG|CDEF|")
    assert [bar.start for bar in tune.bars] == [0, 32, 80]


def test_many_tunes_and_further_voices() -> None:
    text = "X:1\nT:One\nK:C\nCDEF GABc|\n\nX:2\nT:Two\nM:6/8\nK:Am\nV:1\nABc def|\nV:2\nAAA AAA|\n"
    one, two = (tune for _, tune in read_tunes(text))
    assert (one.name, two.name) == ("One", "Two")
    assert str(two.key) == "A minor"
    assert len(two.notes) == 6
    assert two.bars[0].meter == "6/8"


def test_the_tempo_is_counted_in_quarters() -> None:
    text = "X:1\nQ:1/2=100\nK:C\nCDEF GABc|\n"
    assert next(read_tunes(text))[1].bars[0].tempo == 200.0


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("hello", "no tune in the file", None),
        ("X:1\nT:x\nK:C\n\n", "no tune in the file has a bar", None),
        ("X:1\nK:H\nCDEF|", "'H' is no key", "line 2"),
        ("X:1\nM:four\nK:C\nCDEF|", "'four' is no meter", "line 2"),
        ("X:1\nL:long\nK:C\nCDEF|", "no length of a note", "line 2"),
        ("X:1\nK:C\n" + "C999999999 " * 2000, "longer than tunes are", "line 3"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, problem: str, place: str | None) -> None:
    with pytest.raises(InputError, match=problem) as told:
        list(read_tunes(text))
    assert told.value.place == place
    assert told.value.remedy


def test_notes_are_in_order_and_apart() -> None:
    tune = read("(3CDE (5FGABc C//D//E//F//|" * 3, length="1/8")
    assert (np.diff(tune.notes.starts) > 0).all()
    assert (tune.notes.ends[:-1] <= tune.notes.starts[1:]).all()
