"""MIDI files: the melody, bars and tempo of a file, what is refused, and what is written."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from mido import Message, MetaMessage, MidiFile, MidiTrack

from explorer.data.generated import make
from explorer.data.music_files import midi_bytes, wav_bytes
from explorer.data.notation import VOCABULARY, notes_of, pitch_name
from explorer.data.reader import load, preview, reader_for
from explorer.errors import InputError

Note = tuple[int, int, int]
"""Start and end in ticks of which a quarter has 480, and pitch."""


def track(*notes: Note, channel: int = 0, name: str = "", meta: tuple[MetaMessage, ...] = ()) -> MidiTrack:
    events = [(start, 1, Message("note_on", note=pitch, channel=channel, velocity=64)) for start, _, pitch in notes]
    events += [(end, 0, Message("note_off", note=pitch, channel=channel)) for _, end, pitch in notes]
    found = MidiTrack([MetaMessage("track_name", name=name)] if name else [])
    found += meta
    at = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        found.append(message.copy(time=tick - at))
        at = tick
    return found


def content(*tracks: MidiTrack, ticks: int = 480) -> bytes:
    buffer = io.BytesIO()
    MidiFile(type=1, ticks_per_beat=ticks, tracks=list(tracks)).save(file=buffer)
    return buffer.getvalue()


def melody(pitches: list[int], *, size: int = 480, start: int = 0) -> list[Note]:
    return [(start + i * size, start + (i + 1) * size, pitch) for i, pitch in enumerate(pitches)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, data: bytes, name: str = "song.mid") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def names(tokens: np.ndarray) -> str:
    return " ".join(pitch_name(pitch) for pitch in notes_of(tokens).pitches.tolist())


def test_a_tune_is_read_with_its_bars_and_tempo(folder: Path) -> None:
    meta = (MetaMessage("set_tempo", tempo=500_000 * 3 // 2), MetaMessage("key_signature", key="G"))
    found = load(write(folder, content(track(*melody([67, 69, 71, 72] * 4), meta=meta))))
    assert found.layout == "notes"
    assert found.vocabulary == VOCABULARY
    assert found.sample_names.tolist() == ["song, bar 1–2", "song, bar 3–4"]
    assert names(found.values[0]) == "G4 A4 B4 C5 G4 A4 B4 C5"
    assert found.columns["tempo"].tolist() == [80.0, 80.0]
    assert found.columns["key"][0] == "G major"
    assert found.columns["meter"][0] == "4/4"
    assert found.origin.name == "midi"


def test_times_are_rounded_to_sixteenths(folder: Path) -> None:
    late = [(start + 25, end - 20, pitch) for start, end, pitch in melody([60, 62, 64, 65] * 2)]
    found = load(write(folder, content(track(*late))))
    assert notes_of(found.values[0]).starts.tolist() == list(range(0, 32, 4))


def test_the_meter_is_the_files_and_its_changes_are_followed(folder: Path) -> None:
    waltz = (MetaMessage("time_signature", numerator=3, denominator=4),)
    found = load(write(folder, content(track(*melody([60, 62, 64] * 4), meta=waltz))))
    assert found.values.shape == (2, 24)
    change = track(*melody([60, 62, 64, 65, 67, 69, 71, 72, 74, 76]))
    change.insert(0, MetaMessage("time_signature", numerator=2, denominator=4))
    change.insert(6, MetaMessage("time_signature", numerator=4, denominator=4))
    found = load(write(folder, content(change)), bars=1, meter="4/4")
    assert set(found.columns["meter"].tolist()) == {"4/4"}


def test_of_a_chord_the_highest_note_is_taken_and_drums_are_none(folder: Path) -> None:
    chords = [note for start in (0, 960, 1920, 2880) for note in ((start, start + 960, p) for p in (60, 64, 67))]
    drums = track(*melody([35, 38] * 8, size=240), channel=9)
    found = load(write(folder, content(track(*chords), drums)))
    assert names(found.values[0]) == "G4 G4 G4 G4"


def test_the_melodic_part_is_found_or_chosen(folder: Path) -> None:
    tune = track(*melody([72, 74, 76, 77] * 2), name="Tune")
    chords = track(*[(0, 3840, p) for p in (48, 52, 55)], channel=1, name="Pad")
    path = write(folder, content(chords, tune))
    assert names(load(path).values[0]) == "C5 D5 E5 F5 C5 D5 E5 F5"
    assert names(load(path, part=1).values[0]).startswith("G3")
    assert names(load(path, part=0).values[0]) == "C5 D5 E5 F5 C5 D5 E5 F5"
    with pytest.raises(InputError, match="no part 3, but 2") as told:
        load(path, part=3)
    assert "1: Pad; 2: Tune" in str(told.value)


def test_the_skyline_is_what_is_highest(folder: Path) -> None:
    high, low = track((0, 480, 72), (960, 1440, 72)), track((0, 3840, 60), channel=1)
    found = load(write(folder, content(high, low)), part=0, bars=1)
    assert names(found.values[0]) == "C5 C4 C5 C4"


def test_many_files_are_read_from_an_archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "tunes.zip", "w") as archive:
        for i in range(12):
            archive.writestr(f"set/tune{i:02}.mid", content(track(*melody([60 + i, 62 + i, 64 + i, 65 + i] * 4))))
        archive.writestr("set/readme.txt", "tunes")
        archive.writestr("__MACOSX/set/._tune00.mid", b"\0\1")
    path = folder / "tunes.zip"
    assert reader_for(path) == "midi"
    found = load(path)
    assert len(found) == 24
    assert found.columns["tune"][:3].tolist() == ["tune00", "tune00", "tune01"]
    for name in set(found.columns["tune"].tolist()):
        assert len(set(found.split[found.columns["tune"] == name].tolist())) == 1
    assert "24 samples of 2 bars of 4/4 from 12 tunes" in preview(path).summary


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"hello, I am no music", "not a MIDI file"),
        (b"MThd\0\0\0\6\0\1\0\1", "cut off|damaged"),
        (content(track(*melody([60] * 8)))[:40], "cut off"),
        (content(MidiTrack([MetaMessage("end_of_track")])), "no note in the file"),
        (content(track(*melody([35, 38] * 8), channel=9)), "only drums"),
        (content(track((0, 480, 60)))[:12] + b"\xe7\x28" + content(track((0, 480, 60)))[14:], "frames of a film"),
        (content(track((1 << 27, (1 << 27) + 480, 60))), "days away"),
        (content(track(*melody([60] * 8), meta=(MetaMessage("time_signature", numerator=5, denominator=32),))),
         "no whole sixteenths"),
        (content(track(*melody([60, 62]))), r"no tune has 2 bars"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_told(folder: Path, data: bytes, problem: str) -> None:
    path = write(folder, data)
    for read in (load, preview):
        with pytest.raises(InputError, match=problem) as told:
            read(path)
        assert told.value.source == str(path)
        assert told.value.remedy


def test_damaged_files_in_an_archive_are_left_out_and_told(folder: Path) -> None:
    path, good = folder / "tunes.zip", content(track(*melody([60] * 8)))
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.mid", "b.mid", "c.mid"):
            archive.writestr(name, good)
        for i in range(4):
            archive.writestr(f"sub/bad {i}.mid", b"MThd nonsense")
        archive.writestr("torn.mid", good)
    raw = bytearray(path.read_bytes())
    at = raw.rindex(good)
    raw[at + 30] ^= 0xFF  # its checksum is wrong now
    path.write_bytes(raw)
    data = load(path)
    assert sorted(set(data.columns["tune"])) == ["a", "b", "c"]
    told = data.origin.left_out
    assert told.startswith("5 files were left out (sub/bad 0.mid: ") and told.endswith("; and 2 more)")
    assert told in preview(path).summary
    assert load(path, part=None).origin.kind == "file"


def test_an_archive_of_which_nothing_can_be_read_names_the_first(folder: Path) -> None:
    with zipfile.ZipFile(folder / "tunes.zip", "w") as archive:
        archive.writestr("bad.mid", b"MThd nonsense")
    for read in (load, preview):
        with pytest.raises(InputError) as told:
            read(folder / "tunes.zip")
        assert told.value.place == "bad.mid"


def test_a_huge_file_is_refused_before_it_is_read(folder: Path) -> None:
    path = write(folder, b"MThd" + bytes(9 << 20))
    with pytest.raises(InputError, match="too large"):
        load(path)
    with zipfile.ZipFile(folder / "big.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.mid", b"MThd" + bytes(9 << 20))
    with pytest.raises(InputError, match="too much"):
        load(folder / "big.zip", reader="midi")


def test_what_is_written_is_read_again(folder: Path) -> None:
    tunes = make("tunes", n=7, bars=2)
    path = write(folder, midi_bytes(list(tunes.values), tempo=96.0, names=list(tunes.sample_names)))
    found = load(path)
    np.testing.assert_array_equal(found.values, tunes.values)
    assert found.columns["tempo"].tolist() == [96.0] * 7
    waltz = tunes.values[:, :24]
    again = load(write(folder, midi_bytes(list(waltz), meter="3/4"), "waltz.mid"))
    np.testing.assert_array_equal(again.values, waltz)


def test_a_name_beyond_midis_alphabet_can_be_written() -> None:
    assert b"F? and \xc4" in midi_bytes([np.array([41])], names=["F♯ and Ä"])


def test_sound_is_written_as_wav() -> None:
    import wave

    sound = np.sin(np.arange(1000) / 10)
    with wave.open(io.BytesIO(wav_bytes(sound, 22_050))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes()) == (
            1,
            2,
            22_050,
            1000,
        )
        written = np.frombuffer(file.readframes(1000), "<i2") / 32767
    np.testing.assert_allclose(written, sound, atol=1e-4)
