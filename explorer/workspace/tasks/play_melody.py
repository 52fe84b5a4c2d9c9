"""Let a melody be heard."""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np

from explorer.errors import Cancelled
from explorer.progress import Progress
from explorer.workspace.messages import Played, PlayMelody

_LOOK = 0.02
"""Seconds between two looks at whether the person stopped it."""


def play_melody(request: PlayMelody, progress: Progress) -> Played:
    """Play a melody to its end; where no sound can be played it returns at once and says so.

    Raises
    ------
    Cancelled
        If the person stopped it.
    """
    from explorer.analysis.sound import RATE, sound_of
    from explorer.data.music_files import pcm
    from explorer.workspace.sound_device import BUFFER_MS, open_device

    sound = pcm(sound_of(request.tokens, tuple(request.vocabulary), tempo=request.tempo))
    device = open_device(RATE)
    if device is None:
        return Played(heard=False)
    stream = _Stream(sound)
    source = stream.frames()
    next(source)
    try:
        device.start(source)
        while not stream.done:
            if progress.cancelled():
                raise Cancelled
            progress.report(stream.at / len(sound), "Playing")
            time.sleep(_LOOK)
        time.sleep(2 * BUFFER_MS / 1000)  # what the device has taken is still to be heard
    finally:
        device.close()
    return Played(heard=True)


class _Stream:
    """Hands out sound as the device asks for it."""

    def __init__(self, sound: np.ndarray) -> None:
        self._sound = sound
        self.at, self.done = 0, False

    def frames(self) -> Generator[bytes, int, None]:
        """Yield as many frames as are asked for, silence after the end."""
        wanted = yield b""
        while True:
            piece = self._sound[self.at : self.at + wanted]
            self.at += len(piece)
            self.done = self.at >= len(self._sound)
            wanted = yield np.pad(piece, (0, wanted - len(piece))).tobytes()
