"""How alike the single variables of generated and real samples are, their correlations, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST_VALUES = 20_000
"""Of a variable, that are compared."""
MOST_VARIABLES = 256
"""Over which correlations are not taken: those between single pixels tell a person nothing."""
FEWEST_PAIRS = 30
"""That a correlation is taken over."""


@dataclass(frozen=True)
class Variables:
    """Generated and real, variable by variable.

    Parameters
    ----------
    names : tuple of str
    ks : ndarray ``(C,)``
        Kolmogorov-Smirnov statistic of the values: the greatest distance of the distribution functions, 0 to 1.
    wasserstein : ndarray ``(C,)``
        1-Wasserstein distance of the values, in units of the real deviation.
    real_rate, made_rate : ndarray ``(C,)``
        Share of the steps at which a variable is there.
    real_correlation, made_correlation : ndarray ``(C, C)``
        Pearson's, over the steps at which both are there; NaN where these are few. Empty for too many variables.
    """

    names: tuple[str, ...]
    ks: np.ndarray
    wasserstein: np.ndarray
    real_rate: np.ndarray
    made_rate: np.ndarray
    real_correlation: np.ndarray
    made_correlation: np.ndarray

    def scores(self) -> dict[str, float]:
        """Return the means over the variables: "ks", "wasserstein", "missingness" and "correlation" differences."""
        found = {"ks": _mean(self.ks), "wasserstein": _mean(self.wasserstein)}
        if (self.real_rate < 1).any() or (self.made_rate < 1).any():
            found["missingness_error"] = _mean(np.abs(self.real_rate - self.made_rate))
        if self.real_correlation.size > 1:
            gaps = np.abs(self.real_correlation - self.made_correlation)
            found["correlation_error"] = _mean(gaps[~np.eye(len(gaps), dtype=bool)])
        return found


def compare_variables(real: np.ndarray, made: np.ndarray, names: tuple[str, ...], seed: int = 0) -> Variables:
    """Return how alike the variables are: the last axis of samples ``(N, …, C)``, NaN where missing."""
    rng = np.random.default_rng(seed)
    flat = [values.reshape(-1, values.shape[-1]) for values in (real, made)]
    there = [np.isfinite(values) for values in flat]
    count = flat[0].shape[1]
    ks, wasserstein = np.full(count, np.nan), np.full(count, np.nan)
    for c in range(count):
        pair = [_some(values[mask[:, c], c], rng) for values, mask in zip(flat, there, strict=True)]
        if all(len(values) for values in pair):
            ks[c], wasserstein[c] = distances(*pair)
            spread = float(pair[0].std())
            wasserstein[c] /= spread if spread > 0 else 1.0
        elif any(len(values) for values in pair):
            ks[c] = 1.0  # it is in one of them alone
    few = count <= MOST_VARIABLES
    correlations = [correlation(values) if few else np.empty((0, 0)) for values in flat]
    return Variables(names, ks, wasserstein, *(mask.mean(axis=0) for mask in there), *correlations)


def distances(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Return the Kolmogorov-Smirnov statistic and the 1-Wasserstein distance of two samples of numbers.

    With the empirical distribution functions F and G: max |F − G|, and ∫ |F − G| dx (Vallender 1974).
    """
    first, second = np.sort(first.astype(np.float64)), np.sort(second.astype(np.float64))
    places = np.concatenate([first, second])
    places.sort()
    gaps = np.abs(
        np.searchsorted(first, places, "right") / len(first) - np.searchsorted(second, places, "right") / len(second)
    )
    return float(gaps.max()), float(gaps[:-1] @ np.diff(places))


def correlation(values: np.ndarray) -> np.ndarray:
    """Return the correlations of columns ``(M, C)`` over the rows at which both are there, float64 ``(C, C)``."""
    there = np.isfinite(values)
    mask = there.astype(np.float64)
    centre = np.divide(np.where(there, values, 0.0).sum(axis=0, dtype=np.float64), np.maximum(1, mask.sum(axis=0)))
    shifted = np.where(there, values - centre, 0.0)  # large means would cancel
    pairs = mask.T @ mask
    products, sums, squares = shifted.T @ shifted, shifted.T @ mask, (shifted**2).T @ mask
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = products / pairs - sums * sums.T / pairs**2
        variance = squares / pairs - (sums / pairs) ** 2
        found = covariance / np.sqrt(variance * variance.T)
        enough = (pairs >= FEWEST_PAIRS) & (variance > 1e-12 * (squares / pairs + 1e-300)) & (variance.T > 0)
    return np.where(enough, np.clip(found, -1, 1), np.nan)


def _some(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return values if len(values) <= MOST_VALUES else rng.choice(values, MOST_VALUES, replace=False)


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
