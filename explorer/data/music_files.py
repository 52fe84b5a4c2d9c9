"""Melodies as files that other programs play: MIDI, and sound as WAV."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence

import numpy as np

from explorer.data.notation import METER, TEMPO, VOCABULARY, notes_of

TICKS = 480
"""Of a quarter note, in the MIDI files that are written."""
_STEP = TICKS // 4
_VELOCITY = 88


def midi_bytes(
    melodies: Sequence[np.ndarray],
    vocabulary: tuple[str, ...] = VOCABULARY,
    *,
    tempo: float = TEMPO,
    meter: str = METER,
    names: Sequence[str] = (),
) -> bytes:
    """Return melodies, one after the other in one track, as a Standard MIDI File.

    Parameters
    ----------
    melodies : sequence of ndarray ``(T,)``
        Tokens; see `explorer.data.notation`.
    vocabulary : tuple of str
    tempo : float
        Quarter notes a minute.
    meter : str
    names : sequence of str
        A marker at the beginning of each; of one melody the title.
    """
    from mido import Message, MetaMessage, MidiFile, MidiTrack

    events: list[tuple[int, int, Message | MetaMessage]] = []
    offset = 0
    for number, melody in enumerate(melodies):
        if number < len(names):
            name = _plain(names[number])
            title = MetaMessage("track_name", name=name) if len(melodies) == 1 else MetaMessage("marker", text=name)
            events.append((offset, 0, title))
        notes = notes_of(melody, vocabulary)
        for start, end, pitch in zip(notes.starts.tolist(), notes.ends.tolist(), notes.pitches.tolist(), strict=True):
            events.append((offset + start * _STEP, 2, Message("note_on", note=pitch, velocity=_VELOCITY)))
            events.append((offset + end * _STEP, 1, Message("note_off", note=pitch)))  # before the next begins
        offset += len(melody) * _STEP
    track = MidiTrack()
    count, unit = (int(part) for part in meter.split("/"))
    track.append(MetaMessage("time_signature", numerator=count, denominator=unit))
    track.append(MetaMessage("set_tempo", tempo=min(max(round(6e7 / tempo), 1), 0xFFFFFF)))
    at = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - at))
        at = tick
    track.append(MetaMessage("end_of_track", time=offset - at))
    buffer = io.BytesIO()
    MidiFile(type=0, ticks_per_beat=TICKS, tracks=[track]).save(file=buffer)
    return buffer.getvalue()


def wav_bytes(sound: np.ndarray, rate: int) -> bytes:
    """Return sound ``(n,)`` from -1 to 1 as a WAV file of 16 bits, one channel."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm(sound).tobytes())
    return buffer.getvalue()


def pcm(sound: np.ndarray) -> np.ndarray:
    """Return sound from -1 to 1 as 16-bit numbers, little-endian."""
    return np.round(np.clip(sound, -1.0, 1.0) * 32767).astype("<i2")


def _plain(text: str) -> str:
    """Return text with the signs that MIDI's own alphabet has not as question marks."""
    return text.encode("latin-1", errors="replace").decode("latin-1")
