"""Write melodies to a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from explorer.data.writing import write_bytes
from explorer.errors import InputError
from explorer.progress import Progress
from explorer.workspace.messages import WriteMelodies

ENDINGS = (".mid", ".midi", ".wav")


def write_melodies(request: WriteMelodies, progress: Progress) -> str:
    """Write melodies as MIDI or WAV, whole or not at all, and return the path; see `WriteMelodies`.

    Raises
    ------
    InputError
        If the file cannot be written, or its name ends otherwise.
    """
    from explorer.analysis.sound import RATE, sound_of
    from explorer.data.music_files import midi_bytes, wav_bytes

    ending, vocabulary = Path(request.path).suffix.lower(), tuple(request.vocabulary)
    if ending not in ENDINGS:
        raise InputError(
            f"a melody cannot be written as '{ending or Path(request.path).name}'",
            source=request.path,
            remedy="Give a name that ends in .mid or .wav",
        )
    if ending == ".wav":
        sounds = [sound_of(tokens, vocabulary, tempo=request.tempo) for tokens in request.tokens]
        return str(write_bytes(request.path, wav_bytes(np.concatenate(sounds), RATE)))
    content = midi_bytes(
        list(request.tokens), vocabulary, tempo=request.tempo, meter=request.meter, names=request.names
    )
    return str(write_bytes(request.path, content))
