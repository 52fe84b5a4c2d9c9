"""Pieces of constant level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.denoiser import TRIES, Denoiser
from explorer.analysis.denoisers._windows import best_by_gcv
from explorer.analysis.noise import noise_sigma
from explorer.parameters import Param

WEAKEST, STRONGEST = 0.05, 50.0
"""Strengths between which is tried."""


@dataclass(kw_only=True, eq=False, repr=False)
class TotalVariation(Denoiser):
    """Series become pieces of constant level, with as few and as small jumps as the noise allows: edges stay sharp.

    The exact minimum of ½ Σ (x − y)² + λ Σ |xₜ₊₁ − xₜ| (Rudin, Osher and Fatemi 1992), by dynamic programming
    (Johnson 2013); λ is the strength times the noise's estimated standard deviation.
    """

    title: ClassVar[str] = "Total variation"
    even: ClassVar[bool] = False
    strength: Annotated[
        float | None,
        Param("λ over the noise's deviation; auto: for each series by cross-validation.", gt=0, unit="σ", log=True),
    ] = None
    noise: Annotated[
        float | None, Param("Standard deviation σ of the noise; auto: estimated for each series.", ge=0)
    ] = None

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return strengths; see `Denoiser.grid`."""
        return [{"strength": float(f"{each:.4g}")} for each in np.geomspace(WEAKEST, STRONGEST, TRIES)]

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return pieces of constant level; see `Denoiser.smooth`."""
        shape = (len(series), series.shape[2])
        sigma = noise_sigma(series) if self.noise is None else np.full(shape, self.noise)
        if self.strength is not None:
            return _minimum(series, self.strength * sigma)

        def tried(each: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray]:
            found = _minimum(each, strength * sigma)
            # Its degrees of freedom are its pieces (Tibshirani and Taylor 2012).
            pieces = 1 + np.count_nonzero(np.diff(found, axis=1), axis=1)
            return found, pieces / each.shape[1]

        return best_by_gcv(series, np.geomspace(WEAKEST, STRONGEST, TRIES // 2).tolist(), tried)


def _minimum(series: np.ndarray, weights: np.ndarray) -> np.ndarray:
    from explorer.analysis.denoisers._taut import taut

    rows = np.ascontiguousarray(np.moveaxis(series, 2, 1).reshape(-1, series.shape[1]))
    found = taut(rows, np.ascontiguousarray(weights, np.float64).reshape(-1))
    return np.moveaxis(found.reshape(len(series), series.shape[2], -1), 1, 2)
