"""Tunes in ABC notation: one voice, played once, first endings left out.

Chris Walshaw's standard 2.1, as far as melodies need it: headers, notes, rests, ties, tuplets, broken rhythms, keys,
accidentals to the end of the bar, changes of key, meter and length. Chords give their highest note; grace notes,
chord symbols, decorations, words and further voices are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from explorer.data.keys import Key
from explorer.data.notation import Notes, steps_in_bar
from explorer.data.readers._abc_voice import Voice
from explorer.data.tunes import LONGEST, Tune
from explorer.errors import InputError

_LETTERS = {"C": 60, "D": 62, "E": 64, "F": 65, "G": 67, "A": 69, "B": 71}
_SHARPS = "FCGDAEB"
_ACCIDENTALS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}
_TUPLETS = {2: 3, 3: 2, 4: 3, 5: 2, 6: 2, 7: 2, 8: 3, 9: 2}
"""In the time of how many notes those of a tuplet are played."""
_LONGEST_NOTE = 1024.0
"""In units."""
_NOTE = re.compile(r"(?P<accidental>\^\^?|__?|=)?(?P<letter>[A-Ga-g])(?P<octave>[,']*)(?P<length>\d*(?:/+\d*)*)")
_TOKEN = re.compile(
    r"""
    "[^"]*" | ![^!\s]*! | \{[^}]*\} | \+[a-z]+\+
  | \[(?P<field>[A-Za-z]):(?P<told>[^\]]*)\]
  | (?P<bar>\[\| | [:|][:|\]]*) \ ? (?P<ending>\[?[0-9])?
  | \[(?P<alone>[0-9])
  | \[(?P<chord>[^\]\[|:]*)\](?P<chord_length>\d*(?:/+\d*)*)
  | (?P<rest>[zxZ])(?P<rest_length>\d*(?:/+\d*)*)
  | (?P<note>(?:\^\^?|__?|=)?[A-Ga-g][,']*\d*(?:/+\d*)*)
  | \((?P<tuplet>[2-9])(?::(?P<time>\d*))?(?::(?P<count>\d*))?
  | (?P<broken>>+|<+)
  | (?P<tie>-)
    """,
    re.VERBOSE,
)
_METERS = {"C": "4/4", "C|": "4/4", "2/2": "4/4"}
_NO_METER = ("none", "free", "")
_BEAT = re.compile(r"(\d+)/(\d+)\s*=\s*(\d+)")


def read_tunes(text: str) -> Iterator[tuple[float, Tune]]:
    """Yield the tunes of a file of ABC, and how far it is read; those without a note or a bar are left out.

    Raises
    ------
    InputError
        If a key, meter or length cannot be read, or the file has no tune.
    """
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if re.match(r"X:\s*\d", line)]
    if not starts:
        raise InputError("there is no tune in the file", remedy="Each tune of ABC begins with a line X: and its number")
    some = False
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        tune = _tune(lines[start:end], start + 1)
        if tune is not None:
            some = True
            yield end / len(lines), tune
    if not some:
        raise InputError("no tune in the file has a bar with a note", remedy="Write notes below the line K: of a tune")


def _tune(lines: list[str], first: int) -> Tune | None:
    voice = Voice()
    title, key, length = "", None, ""
    heard, first_voice = True, []
    for number, full in enumerate(lines, first):
        line, place = full.split("%", 1)[0].strip(), f"line {number}"
        match = re.match(r"([A-Za-z]):(.*)", line)
        if match is None:
            if key is not None and heard:
                _read_line(voice, line, place)
            continue
        name, told = match[1], match[2].strip()
        if name == "T":
            title = title or told
        elif name == "V" and key is not None:
            voice_name = told.split()[:1]
            first_voice = first_voice or voice_name
            heard = voice_name == first_voice
        else:
            if name == "L":
                length = told
            found = _change(voice, name, told, place)
            key = key or found
            if name == "M" and not length:
                steps = steps_in_bar(voice.meter) if voice.meter else 16
                voice.unit = 1.0 if steps < 12 else 2.0
    voice.close(section=False, last=True)
    return _whole(voice, title or f"tune at line {first}", key)


def _whole(voice: Voice, title: str, key: Key | None) -> Tune | None:
    notes = sorted({round(start): (round(end), int(pitch)) for start, end, pitch in voice.notes}.items())
    if not notes or not voice.bars:
        return None
    starts = np.array([start for start, _ in notes], dtype=np.int64)
    ends = np.maximum(np.array([end for _, (end, _) in notes], dtype=np.int64), starts + 1)
    ends[:-1] = np.minimum(ends[:-1], starts[1:])
    return Tune(
        title, Notes(starts, ends, np.array([p for _, (_, p) in notes], dtype=np.int64)), tuple(voice.bars), key
    )


def _change(voice: Voice, name: str, told: str, place: str) -> Key | None:
    """Take in a field, from the header or from within; return the key if it is one."""
    if name == "L":
        match = re.match(r"(\d+)/(\d+)", told)
        if match is None or not 0 < int(match[1]) <= 16 or not 0 < int(match[2]) <= 512:
            raise InputError(f"'{told}' is no length of a note", place=place, remedy="Write L:1/8")
        voice.unit = 16 * int(match[1]) / int(match[2])
    elif name == "M":
        voice.meter = _meter(told, place)
    elif name == "Q":
        match = _BEAT.search(told)
        if match and int(match[2]) and 10 <= (tempo := 4 * int(match[1]) / int(match[2]) * int(match[3])) <= 1000:
            voice.tempo = tempo
    elif name == "K":
        if re.match(r"(clef|treble|bass|alto|tenor)\b", told):
            return None
        key = _key(told, place)
        voice.signature = _signature(key)
        return key
    return None


def _meter(told: str, place: str) -> str:
    """Return a meter as ``"6/8"``; empty where there is none, or bars have no whole sixteenths."""
    told = re.sub(r"^FREI\s*", "", told)
    if told.lower() in _NO_METER:
        return ""
    found = re.match(r"C\|?|\d+/\d+", told.replace(" ", ""))
    if found is None or (found[0][-2:] == "/0"):
        if re.match(r"\(?\d+(\+\d+)+\)?/\d+", told):  # bars of unequal parts
            return ""
        raise InputError(f"'{told}' is no meter", place=place, remedy="Write M:4/4, or M:none")
    meter = _METERS.get(found[0], found[0])
    return meter if len(meter) <= 7 and 0 < steps_in_bar(meter) <= LONGEST else ""


def _key(told: str, place: str) -> Key:
    if told.lower() in ("none", "") or told.startswith(("HP", "Hp")):
        return Key.named("D" if told[:1] == "H" else "C")
    try:
        return Key.named(told)
    except ValueError as reason:
        raise InputError(f"'{told}' is no key", place=place, remedy="Write K:G, K:F#m or K:none") from reason


def _signature(key: Key) -> dict[str, int]:
    """Return by how much each letter is raised."""
    count = key.sharps
    return dict.fromkeys(_SHARPS[:count], 1) if count >= 0 else dict.fromkeys(_SHARPS[count:], -1)


def _read_line(voice: Voice, line: str, place: str) -> None:
    for match in _TOKEN.finditer(line):
        if match["bar"]:
            bar, ending = match["bar"], match["ending"]
            voice.close(section=len(bar) > 1 or ending is not None)
            voice.turn(repeat=":" in bar or bar in ("||", "|]"), ending=ending)
        elif match["alone"]:
            voice.close(section=True)
            voice.turn(repeat=False, ending=match["alone"])
        elif match["field"]:
            _change(voice, match["field"], match["told"].strip(), place)
        elif match["note"] and (note := _NOTE.match(match["note"])):
            voice.add(_pitch(voice, note), voice.unit * _scale(note["length"]))
        elif match["rest"]:
            scale = _scale(match["rest_length"])
            bars = match["rest"] == "Z"
            voice.add(None, (steps_in_bar(voice.meter) if voice.meter else 16) * scale if bars else voice.unit * scale)
        elif match["chord"]:
            notes = list(_NOTE.finditer(match["chord"]))
            if notes:
                length = _scale(notes[0]["length"]) * _scale(match["chord_length"])
                voice.add(max(_pitch(voice, note) for note in notes), voice.unit * length)
        elif match["tuplet"]:
            together = int(match["tuplet"])
            time = int(match["time"] or _TUPLETS[together])
            voice.group(time / together, int(match["count"] or together))
        elif match["broken"]:
            voice.lengthen(match["broken"][:3])
        elif match["tie"]:
            voice.tied = True
        if voice.at > LONGEST:
            raise InputError("the tune is longer than tunes are", place=place, remedy="Check the lengths of its notes")


def _pitch(voice: Voice, note: re.Match[str]) -> int:
    letter, octave = note["letter"].upper(), note["octave"]
    place = letter + octave + ("" if note["letter"].isupper() else "'")
    if note["accidental"]:
        voice.altered[place] = _ACCIDENTALS[note["accidental"]]
    raised = voice.altered.get(place, voice.signature.get(letter, 0))
    height = (12 if note["letter"].islower() else 0) + 12 * octave.count("'") - 12 * octave.count(",")
    return min(max(_LETTERS[letter] + raised + height, 0), 127)


def _scale(length: str) -> float:
    """Return how many units a length says: ``"3/2"``, ``"/"`` for a half, ``"//"`` for a quarter."""
    above, *below = length.split("/")
    value = float(above or 1)
    for each in below:
        value /= float(each or 2) or 1.0
    return min(value, _LONGEST_NOTE)
