"""Tasks of sound: played on a device that listens, on none, and written to files."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.analysis.sound import RATE, sound_of
from explorer.data.generated import make
from explorer.data.music_files import pcm
from explorer.data.notation import HOLD, VOCABULARY, token_of
from explorer.data.reader import load
from explorer.errors import Cancelled, InputError
from explorer.progress import Silent
from explorer.workspace.messages import PlayMelody, WriteMelodies
from explorer.workspace.tasks import run_task

TUNE = np.array([token_of(60), HOLD, token_of(67), HOLD], np.int32)
REQUEST = PlayMelody(TUNE, list(VOCABULARY), 240.0)


class Device:
    """Asks for all the sound at once, in pieces, as soon as it is started."""

    def __init__(self, pieces: int = 20) -> None:
        self.heard, self.closed, self.pieces = b"", False, pieces

    def start(self, source: Any) -> None:
        for _ in range(self.pieces):
            self.heard += source.send(1024)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    device = Device()
    monkeypatch.setattr("explorer.workspace.sound_device.open_device", lambda rate: device)
    return device


def test_the_device_gets_the_whole_melody(device: Device) -> None:
    assert run_task("play_melody", REQUEST).heard
    assert device.closed
    sound = pcm(sound_of(TUNE, tempo=240.0, rate=RATE))
    heard = np.frombuffer(device.heard, "<i2")
    np.testing.assert_array_equal(heard[: len(sound)], sound)
    assert not heard[len(sound) :].any()


def test_it_is_stopped(device: Device) -> None:
    device.pieces = 2

    class Stop(Silent):
        def cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        run_task("play_melody", REQUEST, Stop())
    assert device.closed


def test_without_a_device_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.workspace.sound_device.open_device", lambda rate: None)
    assert not run_task("play_melody", REQUEST).heard


def test_no_card_is_no_device(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    import miniaudio

    def fails(**_: Any) -> None:
        raise miniaudio.MiniaudioError("failed to init device")

    monkeypatch.setattr(miniaudio, "PlaybackDevice", fails)
    from explorer.workspace.sound_device import open_device

    assert open_device(RATE) is None
    assert capfd.readouterr().err == ""


def test_melodies_are_written_one_after_the_other(tmp_path: Path) -> None:
    tunes = make("tunes", n=3)
    facts = list(tunes.vocabulary), 100.0, "4/4", ["a", "b", "c"]
    path = run_task("write_melodies", WriteMelodies(str(tmp_path / "x.mid"), tunes.values, *facts))
    found = load(path)
    np.testing.assert_array_equal(found.values, tunes.values)
    path = run_task("write_melodies", WriteMelodies(str(tmp_path / "x.wav"), tunes.values, *facts))
    with wave.open(path) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(3 * 32 * 15 / 100, rel=0.05)
    with pytest.raises(InputError, match=r"cannot be written as '\.ogg'"):
        run_task("write_melodies", WriteMelodies(str(tmp_path / "x.ogg"), tunes.values, *facts))
