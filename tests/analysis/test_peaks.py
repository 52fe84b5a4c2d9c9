"""R peaks: found where they are, and matched to the truth."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.analysis.peaks import beat_errors, is_ecg, match, r_peaks, true_beats
from explorer.data.dataset import Dataset
from explorer.data.generated import make

RATE = 250.0


def ecg(beats: np.ndarray, steps: int = 2500, sign: float = 1.0) -> np.ndarray:
    """Return beats with P and T waves beside each R peak, and a drift, ``(T,)``."""
    t = np.arange(steps) / RATE
    found = 0.3 * np.sin(2 * np.pi * 0.2 * t)
    for beat in beats / RATE:
        for shift, size, width in (
            (-0.18, 0.12, 0.025),
            (-0.03, -0.15, 0.01),
            (0, 1.1, 0.012),
            (0.03, -0.2, 0.01),
            (0.25, 0.35, 0.05),
        ):
            found = found + sign * size * np.exp(-0.5 * ((t - beat - shift) / width) ** 2)
    return found


BEATS = np.array([150, 350, 540, 760, 1000, 1180, 1420, 1640, 1830, 2060, 2300])


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_peaks_of_both_polarities_in_noise(sign: float, noise: float) -> None:
    series = ecg(BEATS, sign=sign) + noise * np.random.default_rng(0).standard_normal(2500)
    found = r_peaks(series, RATE)
    assert len(found) == len(BEATS)
    assert np.abs(found - BEATS).max() <= 2


def test_no_peaks() -> None:
    assert len(r_peaks(np.zeros(1000), RATE)) == len(r_peaks(np.ones(5), RATE)) == len(r_peaks(np.ones(100), 8.0)) == 0


def test_beats_are_matched_once_and_the_nearest_first() -> None:
    true, found = np.array([100, 200, 300]), np.array([98, 101, 230, 305])
    total, matched, extra = match(true, found, 1000.0)
    assert (total, matched, extra) == (1 + 30 + 5, 3, 1)
    assert match(true, np.array([550]), 1000.0) == (0.0, 0, 1)
    assert match(np.empty(0, np.int64), found, 1000.0) == (0.0, 0, 4)


def test_errors_of_a_set() -> None:
    clean = np.stack([ecg(BEATS), ecg(BEATS + 20)])[:, :, None].astype(np.float32)
    data = Dataset(values=clean, sampling_rate=RATE, channel_names=("ECG lead II",))
    assert is_ecg(data) and not is_ecg(Dataset(values=clean, sampling_rate=RATE))
    true = true_beats(data, np.arange(2), clean)
    assert true is not None
    late = np.roll(clean, 3, axis=1)  # 12 ms
    late[1] = 0
    beats = beat_errors(true, late, data)
    assert beats.true.tolist() == [11, 11] and beats.found.tolist() == [11, 0] and beats.extra.tolist() == [0, 0]
    assert beats.errors_ms[0] / 11 == pytest.approx(12)


def test_known_beats_are_the_truth_and_are_found() -> None:
    """The generated ECGs tell of their beats without the detector, which finds them within a step or so."""
    data = make("ecg", n=40)
    true = true_beats(data, np.arange(40), data.clean)
    assert true is not None
    np.testing.assert_array_equal(true[7], np.flatnonzero(data.masks[7]))
    beats = beat_errors(true, data.clean, data)
    assert beats.found.sum() >= 0.97 * beats.true.sum()
    assert beats.errors_ms.sum() / beats.found.sum() < 2
    assert beats.extra.sum() <= 2
