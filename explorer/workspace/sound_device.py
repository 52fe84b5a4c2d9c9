"""The computer's loudspeaker, if it has one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from miniaudio import PlaybackDevice

BUFFER_MS = 60
"""How much sound the device takes at once."""


def open_device(rate: int) -> PlaybackDevice | None:
    """Return the computer's usual device, one channel of 16 bits; None where there is none or it cannot be opened."""
    try:
        import miniaudio
    except (ImportError, OSError):  # it is compiled for a computer, and there may be none for this one
        return None
    with _quiet():
        try:
            device: Any = miniaudio.PlaybackDevice(
                nchannels=1, sample_rate=rate, buffersize_msec=BUFFER_MS, app_name="Latentscape"
            )
        except miniaudio.MiniaudioError:
            return None
    if device.backend == "Null":  # it would take the sound, and throw it away
        device.close()
        return None
    return device


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep to itself what the system's sound library complains of where there is no card."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
