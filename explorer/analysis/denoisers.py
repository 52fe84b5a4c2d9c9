"""Denoisers that know more than a filter does: the noise's size, the training samples, or the very form of the signal.

They stand beside networks in experiments. All take series of one channel, ``(N, T)``, and return float64 ``(N, T)``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

WINDOWS = tuple(range(3, 42, 2))
"""Steps of the windows that are tried."""
DAUBECHIES = np.array(
    [
        0.23037781330885523,
        0.7148465705525415,
        0.6308807679295904,
        -0.02798376941698385,
        -0.18703481171888114,
        0.030841381835986965,
        0.032883011666982945,
        -0.010597401784997278,
    ]
)
"""The scaling filter of eight taps: four vanishing moments (Daubechies 1988, table 1)."""
Smooth = Callable[[np.ndarray, int], np.ndarray]


def best_window(smooth: Smooth, noisy: np.ndarray, train_noisy: np.ndarray, train_clean: np.ndarray) -> np.ndarray:
    """Return series smoothed over the window that came nearest to the clean training series.

    What a person who may look at clean examples would choose; `explorer.analysis.baselines` chooses without.
    """
    windows = [window for window in WINDOWS if window <= noisy.shape[1]]
    errors = [np.mean((smooth(train_noisy, window) - train_clean) ** 2) for window in windows]
    return smooth(noisy, windows[int(np.argmin(errors))])


def savitzky_golay(noisy: np.ndarray, window: int, order: int = 2) -> np.ndarray:
    """Return series smoothed by local polynomials (Savitzky and Golay 1964); lines where the window is too short."""
    from scipy.signal import savgol_filter

    return np.asarray(savgol_filter(noisy.astype(np.float64), window, order if window > order else 1, axis=1))


def savitzky_golay_quartic(noisy: np.ndarray, window: int) -> np.ndarray:
    """Return series smoothed by local polynomials of degree four."""
    return savitzky_golay(noisy, window, 4)


def moving_average(noisy: np.ndarray, window: int) -> np.ndarray:
    """Return series smoothed by the mean over a window."""
    from scipy.ndimage import uniform_filter1d

    return np.asarray(uniform_filter1d(noisy.astype(np.float64), window, axis=1, mode="nearest"))


FILTERS: dict[str, Smooth] = {
    "savitzky_golay": savitzky_golay,
    "savitzky_golay_quartic": savitzky_golay_quartic,
    "moving_average": moving_average,
}


def wiener(noisy: np.ndarray, sigma: float, window: int) -> np.ndarray:
    """Return the local Wiener filter m + (s² − σ²)₊ / s² (y − m), by mean m and variance s² of a window (Lee 1980)."""
    from scipy.ndimage import uniform_filter1d

    y = noisy.astype(np.float64)
    mean = uniform_filter1d(y, window, axis=1, mode="reflect")
    variance = uniform_filter1d(y**2, window, axis=1, mode="reflect") - mean**2
    return mean + np.maximum(variance - sigma**2, 0) / np.maximum(variance, 1e-12) * (y - mean)


def bayes_shrink(noisy: np.ndarray, sigma: float, levels: int = 3) -> np.ndarray:
    """Return series with soft-thresholded wavelet coefficients (Chang, Yu and Vetterli 2000).

    The threshold of each series and level is σ² / σ_x, where σ_x² = (mean of the squared coefficients − σ²)₊. Series
    are mirrored at their ends up to a multiple of 2^levels; wavelets are Daubechies' of eight taps.
    """
    y = noisy.astype(np.float64)
    steps = y.shape[1]
    missing = -steps % 2**levels
    left = missing // 2
    coarse = np.pad(y, ((0, 0), (left, missing - left)), mode="symmetric")
    details = []
    for _ in range(levels):
        coarse, detail = _analyse(coarse)
        spread = np.sqrt(np.maximum(np.mean(detail**2, axis=1, keepdims=True) - sigma**2, 0))
        threshold = np.where(spread > 0, sigma**2 / np.maximum(spread, 1e-12), np.inf)
        details.append(np.sign(detail) * np.maximum(np.abs(detail) - threshold, 0))
    for detail in reversed(details):
        coarse = _synthesise(coarse, detail)
    return coarse[:, left : left + steps]


def _taps(length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return scaling and wavelet coefficients as orthogonal matrices ``(length / 2, length)``, periodic at the ends."""
    low, high = np.zeros((length // 2, length)), np.zeros((length // 2, length))
    wavelet = DAUBECHIES[::-1] * np.resize([1, -1], len(DAUBECHIES))
    for row in range(length // 2):
        for tap in range(len(DAUBECHIES)):
            low[row, (2 * row + tap) % length] += DAUBECHIES[tap]
            high[row, (2 * row + tap) % length] += wavelet[tap]
    return low, high


def _analyse(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low, high = _taps(y.shape[1])
    return y @ low.T, y @ high.T


def _synthesise(coarse: np.ndarray, detail: np.ndarray) -> np.ndarray:
    low, high = _taps(2 * coarse.shape[1])
    return coarse @ low + detail @ high


def linear_mmse(noisy: np.ndarray, train_noisy: np.ndarray, train_clean: np.ndarray) -> np.ndarray:
    """Return the best affine estimate of the clean series, by least squares over training pairs."""
    design = np.column_stack([train_noisy, np.ones(len(train_noisy))]).astype(np.float64)
    weights, *_ = np.linalg.lstsq(design, train_clean.astype(np.float64), rcond=None)
    return np.column_stack([noisy, np.ones(len(noisy))]).astype(np.float64) @ weights


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
