"""Estimates that know the very form of the signal, which no filter and no network is told: bounds for both.

They take series of one channel, ``(N, T)``, and return float64 ``(N, T)``.
"""

from __future__ import annotations

import numpy as np


def likeliest_sine(noisy: np.ndarray, slowest: float, fastest: float) -> np.ndarray:
    """Return the sine wave nearest to each series: the maximum of the likelihood in Gaussian noise.

    Amplitude and phase are linear in the sine's and cosine's weights; the frequency, in periods a step between
    `slowest` and `fastest`, is searched on a grid that is refined twice. It knows that the signal is a sine, which no
    network is told.
    """
    y = noisy.astype(np.float64)
    steps = np.arange(y.shape[1])

    def basis(frequency: np.ndarray) -> np.ndarray:
        """Return orthonormal pairs ``(F, T, 2)`` that span each frequency's waves."""
        angle = 2 * np.pi * frequency[:, None] * steps
        return np.linalg.qr(np.stack([np.sin(angle), np.cos(angle)], axis=2))[0]

    grid = np.linspace(slowest, fastest, 161)
    energy = np.square(np.einsum("nt,ftk->nfk", y, basis(grid))).sum(axis=2)
    best, width = grid[energy.argmax(axis=1)], grid[1] - grid[0]
    for _ in range(2):
        shifts = np.linspace(-width, width, 21)
        near = np.clip(best[:, None] + shifts, slowest, fastest)
        found = np.stack([np.square(np.einsum("nt,ntk->nk", y, basis(column))).sum(axis=1) for column in near.T], 1)
        best, width = near[np.arange(len(y)), found.argmax(axis=1)], width / 10
    pairs = basis(best)
    return np.einsum("ntk,nk->nt", pairs, np.einsum("nt,ntk->nk", y, pairs))


def likeliest_phase(noisy: np.ndarray, frequency: float) -> np.ndarray:
    """Return the sine wave of amplitude 1 and a known frequency (periods a step) nearest to each series.

    Its phase is that of the series' component at this frequency: exact for whole numbers of periods.
    """
    angle = 2 * np.pi * frequency * np.arange(noisy.shape[1])
    component = noisy.astype(np.float64) @ np.exp(-1j * angle)
    return np.cos(angle + np.angle(component)[:, None])
