"""Scaling by each channel's own distribution, to a standard normal one and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from explorer.data.scaling import Scaler

KNOTS = 1001
"""Quantiles at most that are kept of a channel."""
MOST = 1_000_000
"""Values of a channel at most that they are taken of."""


@dataclass(eq=False)
class NormalScores(Scaler):
    """Ranks turned into normal scores (van der Waerden 1952): laboratory values are skewed, a Gaussian is not.

    A value x becomes Φ⁻¹ of its mid-rank, (F(x−) + F(x)) / 2, among the training values; back comes the training
    quantile that is nearest: whole numbers stay whole, and nothing comes out that was never measured.

    Attributes
    ----------
    knots_ : ndarray, float32 ``(K, C)``
        Quantiles of each channel, ascending.
    shift_, scale_ : ndarray, float32
        Mean and deviation of each channel, for those who need a typical size.
    """

    kind: str = "normal"  # type: ignore[assignment] - a kind that only this class knows

    def fit(self, values: np.ndarray, observed: np.ndarray | None = None, *, rows: np.ndarray | None = None) -> Self:
        """Learn the quantiles of the values that are observed and not NaN; see `Scaler.fit`."""
        if rows is not None:
            values, observed = values[rows], None if observed is None else observed[rows]
        standard = Scaler("standard").fit(values, observed)
        self.shift_, self.scale_ = standard.shift_, standard.scale_
        flat = values.reshape(-1, values.shape[-1])
        there = np.isfinite(flat)
        if observed is not None:
            there &= observed.reshape(flat.shape)
        count = int(min(KNOTS, max(2, there.sum(axis=0).max(initial=0))))
        at = (np.arange(count) + 0.5) / count
        self.knots_ = np.zeros((count, flat.shape[1]), np.float32)
        for c in range(flat.shape[1]):
            known = flat[there[:, c], c][:MOST]
            if len(known):
                self.knots_[:, c] = np.quantile(known, at, method="inverted_cdf")
        return self

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return normal scores, float32; NaN stays NaN."""
        from scipy.special import ndtri

        values = np.asarray(values, dtype=np.float32)
        count = len(self.knots_)
        scores = np.empty(values.shape, np.float32)
        for c in range(values.shape[-1]):
            knots, each = self.knots_[:, c], values[..., c]
            rank = (np.searchsorted(knots, each, "left") + np.searchsorted(knots, each, "right")) / (2 * count)
            scores[..., c] = ndtri(np.clip(rank, 0.5 / count, 1 - 0.5 / count))
        scores[np.isnan(values)] = np.nan
        return scores

    def undo(self, values: np.ndarray) -> np.ndarray:
        """Return the values of normal scores, float32; NaN stays NaN."""
        from scipy.special import ndtr

        values = np.asarray(values, dtype=np.float32)
        count = len(self.knots_)
        missing = np.isnan(values)
        rank = np.clip(np.floor(ndtr(np.where(missing, 0, values)) * count), 0, count - 1).astype(np.int64)
        found = np.take_along_axis(self.knots_, rank.reshape(-1, values.shape[-1]), axis=0).reshape(values.shape)
        return np.where(missing, np.float32(np.nan), found)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return all that was learnt, as arrays; see `Scaler.to_arrays`."""
        return {"shift": self.shift_, "scale": self.scale_, "knots": self.knots_}


def scaler_of(kind: str) -> Scaler:
    """Return an unfitted scaler by its name."""
    return NormalScores() if kind == "normal" else Scaler(kind)  # type: ignore[arg-type] - checked where it is declared


def scaler_from(arrays: dict[str, np.ndarray]) -> Scaler:
    """Return the scaler of `Scaler.to_arrays`."""
    if "knots" not in arrays:
        return Scaler.from_arrays(arrays)
    scaler = NormalScores()
    scaler.shift_, scaler.scale_, scaler.knots_ = arrays["shift"], arrays["scale"], arrays["knots"]
    return scaler
