"""R peaks of an ECG: where they are, and how far a denoiser moves them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.data.beats import known_r_peaks
from explorer.data.dataset import Dataset
from explorer.data.gaps import bridge_gaps

TOLERANCE = 0.1
"""Seconds within which a found beat is the true one. (Detectors are commonly judged within 0.15 s, ANSI/AAMI EC57.)"""
BAND = (5.0, 20.0)
"""Hz between which the QRS complex stands out of the T wave, of muscles and of drifts (Pan and Tompkins 1985)."""
APART = 0.25
"""Seconds between two beats, at least."""
WINDOW = 0.12
"""Seconds over which the energy of a complex is summed."""


@dataclass(frozen=True, eq=False)
class Beats:
    """How well a denoised ECG keeps its beats, by sample ``(N,)``.

    Parameters
    ----------
    errors_ms : ndarray, float64
        Sum of the distances between true and found R peaks, of those that were found, in milliseconds.
    found, true, extra : ndarray of int
        Beats that were found, that there are, and that were found where there are none.
    """

    errors_ms: np.ndarray
    found: np.ndarray
    true: np.ndarray
    extra: np.ndarray


def is_ecg(data: Dataset) -> bool:
    """Whether data are an ECG with a known sampling rate: told by the set's name or the channels'."""
    names = (data.name, data.origin.name, *data.channel_names)
    return data.layout == "series" and bool(data.sampling_rate) and any("ecg" in name.lower() for name in names)


def r_peaks(series: np.ndarray, rate: float) -> np.ndarray:
    """Return the steps of the R peaks in an ECG ``(T,)``, ascending.

    The slope of the signal between 5 and 20 Hz, squared and summed over a complex (Pan and Tompkins 1985), has a hill
    at each beat; the peak is where the band-passed signal is farthest from 0 on the hill.
    """
    from scipy.ndimage import uniform_filter1d
    from scipy.signal import butter, find_peaks, sosfiltfilt

    high = min(BAND[1], 0.45 * rate)
    if high <= BAND[0] or len(series) < 16:
        return np.empty(0, np.int64)
    sections = butter(2, [BAND[0], high], "bandpass", fs=rate, output="sos")
    padding = min(len(series) - 1, round(rate))
    band = np.asarray(sosfiltfilt(sections, np.asarray(series, np.float64), padlen=padding))
    energy = uniform_filter1d(np.gradient(band) ** 2, max(3, round(WINDOW * rate)), mode="nearest")
    # A tenth of the highest hills: the baseline's are far below, and one artefact does not hide all beats.
    height = 0.1 * np.quantile(energy, 0.98)
    if not height > 0:
        return np.empty(0, np.int64)
    hills, _ = find_peaks(energy, height=height, distance=max(1, round(APART * rate)))
    half = max(1, round(WINDOW * rate))
    found = []
    for hill in hills:
        start = max(0, hill - half)
        found.append(start + int(np.argmax(np.abs(band[start : hill + half + 1]))))
    return np.unique(np.array(found, np.int64))


def true_beats(data: Dataset, rows: np.ndarray, clean: np.ndarray | None) -> list[np.ndarray] | None:
    """Return the steps of the R peaks of samples; None where the data are no ECG.

    They are those that the data tell, else those that are found in the first channel of the clean samples.
    """
    known = known_r_peaks(data, rows) if data.sampling_rate else None
    if known is not None:
        return known
    if clean is None or not is_ecg(data):
        return None
    return [r_peaks(series, float(data.sampling_rate or 0)) for series in bridge_gaps(clean)[:, :, 0]]


def beat_errors(true: list[np.ndarray], denoised: np.ndarray, data: Dataset) -> Beats:
    """Return how well denoised samples ``(N, T, C)`` keep beats; see `Beats`."""
    rate = float(data.sampling_rate or 0)
    found = [
        match(here, r_peaks(series, rate), rate)
        for here, series in zip(true, bridge_gaps(denoised)[:, :, 0], strict=True)
    ]
    errors, counts, extra = (np.array(each) for each in zip(*found, strict=True))
    return Beats(errors.astype(np.float64), counts, np.array([len(each) for each in true]), extra)


def match(true: np.ndarray, found: np.ndarray, rate: float) -> tuple[float, int, int]:
    """Return the summed distance in ms of true beats to found ones, how many were found, and how many are false.

    A beat is found if one lies within `TOLERANCE`; the nearest pairs are matched first, each beat once.
    """
    if not len(true) or not len(found):
        return 0.0, 0, len(found)
    distance = np.abs(true[:, None] - found[None]) / rate
    total, matched = 0.0, 0
    taken_true, taken_found = np.zeros(len(true), bool), np.zeros(len(found), bool)
    near = np.argwhere(distance <= TOLERANCE)
    for i, k in near[np.argsort(distance[near[:, 0], near[:, 1]], kind="stable")]:
        if not taken_true[i] and not taken_found[k]:
            taken_true[i] = taken_found[k] = True
            total += 1000 * float(distance[i, k])
            matched += 1
    return total, matched, int(len(found) - matched)
