"""The best that a linear map can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np

from explorer.analysis.denoiser import TRIES, Denoiser
from explorer.data.dataset import Dataset
from explorer.data.gaps import bridge_gaps
from explorer.errors import InputError
from explorer.parameters import Param

LONGEST = 2000
"""Steps of the longest series: the map has this many squared numbers."""


@dataclass(kw_only=True, eq=False, repr=False)
class LinearMMSE(Denoiser):
    """The affine map of whole noisy series that comes nearest to the clean ones, learnt from pairs of both.

    For each channel x̂ = x̄ + C_xy (C_yy + r s² I)⁻¹ (y − ȳ), with means and covariances of the training pairs and s²
    the mean variance of a noisy value: the Wiener filter of a process that need not be stationary. It is told as much
    as a network is.
    """

    title: ClassVar[str] = "Linear MMSE"
    learns: ClassVar[Literal["", "clean", "pairs"]] = "pairs"
    even: ClassVar[bool] = False
    ridge: Annotated[float, Param("Weight r that keeps the map small.", ge=0, le=100, log=True)] = 1e-3

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return weights; see `Denoiser.grid`."""
        return [{"ridge": float(f"{ridge:.4g}")} for ridge in [0.0, *np.geomspace(1e-6, 10, TRIES - 1)]]

    @property
    def only_steps(self) -> int | None:
        """The length of the training series."""
        return self.means_.shape[2] if hasattr(self, "means_") else None

    def why_not(self, data: Dataset) -> str:
        """Return why not; see `Denoiser.why_not`."""
        if reason := super().why_not(data):
            return reason
        if data.lengths is not None:
            return "takes series of one length"
        return f"takes series of at most {LONGEST:,} steps" if data.values.shape[1] > LONGEST else ""

    def fit(self, noisy: np.ndarray, clean: np.ndarray | None = None) -> Self:
        """Learn means and covariances, for all channels; see `Denoiser.fit`."""
        if clean is None:
            raise InputError(
                "'Linear MMSE' learns from noisy and clean samples in pairs, and no clean ones are known",
                remedy="Spoil clean samples by a corruption, or choose another denoiser",
            )
        pairs = [np.moveaxis(bridge_gaps(each).astype(np.float64), 2, 0) for each in (noisy, clean)]  # (C, N, T)
        self.means_ = np.stack([each.mean(axis=1) for each in pairs])  # (2, C, T)
        y, x = (each - mean[:, None] for each, mean in zip(pairs, self.means_, strict=True))
        self.values_, self.vectors_ = np.linalg.eigh(np.swapaxes(y, 1, 2) @ y / len(noisy))  # (C, T), (C, T, T)
        self.cross_ = np.swapaxes(y @ self.vectors_, 1, 2) @ x / len(noisy)  # (C, T, T), rows in the eigenvectors
        return self

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return estimates; see `Denoiser.smooth`."""
        if not hasattr(self, "means_"):
            raise InputError("'Linear MMSE' has not learnt its map", remedy="Call 'fit' with training pairs first")
        values = np.maximum(self.values_, 0) + self.ridge * self.values_.mean(axis=1, keepdims=True)
        # Directions in which the training series did not vary say nothing.
        inverse = np.divide(1, values, out=np.zeros_like(values), where=values > 1e-12 * values.max(axis=1)[:, None])
        centred = np.moveaxis(series, 2, 0) - self.means_[0][:, None]
        estimate = ((centred @ self.vectors_) * inverse[:, None]) @ self.cross_ + self.means_[1][:, None]
        return np.moveaxis(estimate, 0, 2)
