"""What each classical denoiser takes for one series of 5,000 steps: as it stands, and at its slowest while tuned.

The strength slider of the bench redraws within a frame, of 16.7 ms at 60 Hz; a denoiser that takes longer says that it
is `slow`, and is run beside the hand.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from explorer.analysis.denoiser import DENOISERS, Denoiser, denoiser_text
from tests.benchmarks._measure import main

STEPS = 5000
REPEATS = 7
FRAME_MS = 1000 / 60


def measure() -> dict[str, Any]:
    """Time every registered denoiser on a wave in noise."""
    rng = np.random.default_rng(0)
    clean = np.sin(np.arange(STEPS) / 50 + rng.uniform(0, 6, (40, 1)))[:, :, None].astype(np.float32)
    noisy = clean + 0.3 * rng.standard_normal(clean.shape).astype(np.float32)
    return {name: _one(DENOISERS.load(name), noisy, clean) for name in DENOISERS}


def _one(cls: type[Denoiser], noisy: np.ndarray, clean: np.ndarray) -> dict[str, Any]:
    learnt = cls()
    if learnt.learns == "pairs":  # what learns a map of whole series takes none as long as this
        noisy, clean = noisy[:, :2000], clean[:, :2000]
    learnt.fit(noisy, clean)
    grid = [learnt.having(**settings) for settings in cls.grid(noisy.shape[1])]
    tuned = {denoiser_text(each): _milliseconds(each, noisy[:1]) for each in grid}
    slowest = max(tuned, key=lambda text: tuned[text])
    usual = _milliseconds(learnt, noisy[:1])
    return {
        "steps": noisy.shape[1],
        "default_ms": round(usual, 2),
        "slowest_ms": round(tuned[slowest], 2),
        "slowest": slowest,
        "within_a_frame": max(usual, tuned[slowest]) <= FRAME_MS,
        "slow": cls.slow,
    }


def _milliseconds(denoiser: Denoiser, series: np.ndarray) -> float:
    """Return the best of some runs: others share the machine."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        denoiser.denoise(series)
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


if __name__ == "__main__":
    main(__doc__ or "", measure)
