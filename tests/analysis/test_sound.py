"""The sound of melodies: pitch, length, and no clicks."""

import numpy as np
import pytest

from explorer.analysis.sound import seconds_of, sound_of
from explorer.data.notation import HOLD, REST, token_of

RATE = 22_050


def loudest(sound: np.ndarray) -> float:
    """Return the frequency that is strongest, in Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), n=1 << 17))
    return float(np.fft.rfftfreq(1 << 17, 1 / RATE)[spectrum.argmax()])


@pytest.mark.parametrize(("pitch", "hertz"), [(69, 440.0), (60, 261.626), (21, 27.5), (108, 4186.01)])
def test_the_pitch_is_right(pitch: int, hertz: float) -> None:
    tokens = np.full(16, HOLD)
    tokens[0] = token_of(pitch)
    assert loudest(sound_of(tokens, rate=RATE)) == pytest.approx(hertz, rel=0.004)


def test_it_lasts_as_long_as_the_melody() -> None:
    assert seconds_of(16, 120.0) == 2.0
    sound = sound_of(np.full(32, HOLD), tempo=60.0, rate=RATE)
    assert len(sound) / RATE == pytest.approx(8.0, abs=0.1)
    assert not sound.any()


def test_notes_sound_where_they_are_and_rests_are_silent() -> None:
    tokens = np.array([token_of(60), HOLD, HOLD, HOLD, REST, HOLD, HOLD, HOLD])
    sound = sound_of(tokens, tempo=120.0, rate=RATE)
    assert np.abs(sound[: RATE // 2]).max() > 0.2
    assert np.abs(sound[int(0.6 * RATE) :]).max() == 0.0


def test_it_neither_clicks_nor_clips() -> None:
    tokens = np.array([token_of(pitch) for pitch in (60, 72, 48, 84)] * 8)
    sound = sound_of(tokens, rate=RATE)
    assert sound.dtype == np.float32
    assert np.abs(sound).max() <= 1.0
    assert abs(sound[0]) < 1e-3
    assert abs(sound[-1]) < 1e-3
    assert np.abs(np.diff(sound)).max() < 0.6
