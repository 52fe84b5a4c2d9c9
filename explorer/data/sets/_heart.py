"""An artificial heart: the ECG of beats whose times and kinds are known, after McSharry et al. 2003.

The state goes round a circle once from one R wave to the next. Five places on it, P, Q, R, S and T, pull the voltage up
or down as it passes:

    dz/dt = − Σ a Δθ exp(−Δθ² / 2b²) − z

with Δθ the angle to a place, a its strength and b its width. Source: P. E. McSharry, G. D. Clifford, L. Tarassenko and
L. A. Smith, A dynamical model for generating synthetic electrocardiogram signals, IEEE Trans. Biomed. Eng. 50, 2003. As
in their own program, ecgsyn, angles and widths grow as the heart beats faster.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

KINDS = ("normal", "ventricular ectopic", "atrial ectopic")
_PLACES = {  # angle in units of π, strength, width in radians; of P, Q, R, S, T
    "normal": ((-1 / 3, 1.2, 0.25), (-1 / 12, -5.0, 0.1), (0, 30.0, 0.1), (1 / 12, -7.5, 0.1), (1 / 2, 0.75, 0.4)),
    # Out of a ventricle: no P wave, a wide and high complex, and a T wave the other way.
    "ventricular ectopic": (
        (-1 / 3, 0.0, 0.25),
        (-1 / 6, -0.6, 0.2),
        (0, 11.0, 0.21),
        (1 / 5, -3.5, 0.22),
        (1 / 2, -1.2, 0.4),
    ),
    # Out of an atrium, but not its usual place: another P wave, the rest as always.
    "atrial ectopic": (
        (-0.29, -0.8, 0.2),
        (-1 / 12, -5.0, 0.1),
        (0, 30.0, 0.1),
        (1 / 12, -7.5, 0.1),
        (1 / 2, 0.75, 0.4),
    ),
}
_EARLY = {"normal": 1.0, "ventricular ectopic": 0.62, "atrial ectopic": 0.68}
"""When a beat comes, in usual intervals after the one before."""
_PAUSE = {"normal": 1.0, "ventricular ectopic": 1.38, "atrial ectopic": 1.1}
"""When the next one comes after it: a ventricle's beat leaves the rhythm of the rest as it was."""
_MILLIVOLT = 1 / 0.0432
"""So that the R wave of a normal beat at 60 beats a minute is 1 mV high."""
_FINEST = 500.0
"""Steps per second in which the voltage is computed, at least."""
_BEFORE = 4.0
"""Seconds that have passed when the recording starts."""
_ECTOPIC = 0.05
"""Chance of a further ectopic beat where there is one."""


@dataclass(frozen=True)
class Heartbeats:
    """The beats of one recording.

    Parameters
    ----------
    times : ndarray ``(K,)``
        Of the R waves, in seconds from the start of the recording; some lie before and after it.
    kinds : ndarray of int ``(K,)``
        Index into `KINDS`.
    """

    times: np.ndarray
    kinds: np.ndarray


def heartbeats(rng: np.random.Generator, seconds: float, rate: float, kind: int, variability: float) -> Heartbeats:
    """Return the beats of a heart of `rate` beats a minute; if `kind` is ectopic, one within the recording, maybe more.

    The intervals swing with the breath and, slower, with the blood pressure (about 0.25 and 0.1 Hz), and are a little
    uneven beside; `variability` is their relative standard deviation.
    """
    usual, parts = 60 / rate, variability / 3**0.5
    waves = [(rng.normal(centre, 0.01), rng.uniform(0, 2 * np.pi)) for centre in (0.1, 0.25)]
    time, times, kinds = -_BEFORE - usual * rng.uniform(0, 1), [], []
    wish = rng.uniform(0.1, max(0.1, seconds - 1.2 * usual))  # the first ectopic beat comes soon after
    while time < seconds + 2 * usual:
        now = 0
        if kind and time + _EARLY[KINDS[kind]] * usual >= wish and (not kinds or kinds[-1] == 0):
            now = kind if not any(kinds) or rng.random() < _ECTOPIC else 0
        swing = sum(2**0.5 * np.sin(2 * np.pi * frequency * time + phase) for frequency, phase in waves)
        interval = usual * max(0.5, 1 + parts * (swing + rng.standard_normal()))
        name, last = KINDS[now], KINDS[kinds[-1]] if kinds else "normal"
        time += interval * (_EARLY[name] if now else _PAUSE[last])
        times.append(time)
        kinds.append(now)
    return Heartbeats(np.array(times), np.array(kinds))


def voltage(rng: np.random.Generator, beats: Heartbeats, n_steps: int, rate: float, variety: float) -> np.ndarray:
    """Return the ECG ``(n_steps,)`` in mV at `rate` steps per second, float64.

    Hearts differ: `variety` is the relative standard deviation of the strengths of the waves, twice that of their
    widths, and in π/10 that of their angles.
    """
    fine = int(np.ceil(_FINEST / rate))
    step = 1 / (rate * fine)
    before = int(np.ceil(_BEFORE / step / fine)) * fine
    time = (np.arange(before + n_steps * fine) - before) * step
    after = np.clip(np.searchsorted(beats.times, time, side="right"), 1, len(beats.times) - 1)
    interval = beats.times[after] - beats.times[after - 1]
    turn = (time - beats.times[after - 1]) / interval  # 0 at an R wave, 1 at the next
    late = turn > 0.5
    angle = 2 * np.pi * (turn - late)
    kind = beats.kinds[after - 1 + late]
    faster = 1 / np.sqrt(interval)
    places = np.array([_PLACES[name] for name in KINDS])  # (kinds, 5, 3)
    places[..., 0] = places[..., 0] * np.pi + 0.1 * np.pi * variety * rng.standard_normal(5) * (places[0, :, 0] != 0)
    places[..., 1] *= np.exp(variety * rng.standard_normal(5))
    places[..., 2] *= np.exp(0.5 * variety * rng.standard_normal(5))
    pull = np.zeros(len(time))
    for place in range(places.shape[1]):
        at, strength, width = places[kind, place].T
        wide = width * faster
        away = angle - at * faster
        away -= 2 * np.pi * np.round(away / (2 * np.pi))
        pull -= strength * away * np.exp(-0.5 * (away / wide) ** 2)
    return _MILLIVOLT * _relaxed(pull, step)[before::fine]


def _relaxed(pull: np.ndarray, step: float) -> np.ndarray:
    """Return z of dz/dt = pull − z from rest, the pull being constant within a step."""
    from scipy.signal import lfilter

    decay = np.exp(-step)
    return np.asarray(lfilter([0.0, 1 - decay], [1.0, -decay], pull))


def r_waves(beats: Heartbeats, ecg: np.ndarray, rate: float) -> np.ndarray:
    """Return the steps at which the R waves within a recording are highest, ascending."""
    found = []
    for time, kind in zip(beats.times, beats.kinds, strict=True):
        reach = max(1, round((0.08 if KINDS[kind].startswith("ventricular") else 0.04) * rate))
        at = round(time * rate)
        if not 0 <= at < len(ecg):
            continue
        first = max(0, at - reach)
        found.append(first + int(np.argmax(ecg[first : at + reach + 1])))
    return np.unique(np.array(found, np.int64))
