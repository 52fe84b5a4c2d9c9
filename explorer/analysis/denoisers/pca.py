"""The directions in which clean series vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np

from explorer.analysis.denoiser import TRIES, Denoiser
from explorer.data.dataset import Dataset
from explorer.data.gaps import bridge_gaps
from explorer.errors import InputError
from explorer.parameters import Param

MOST = 256
"""Components that are kept."""


@dataclass(kw_only=True, eq=False, repr=False)
class PCA(Denoiser):
    """Keeps the part of each series that the first principal components of the training series explain.

    For each channel x̂ = x̄ + V Vᵀ (y − x̄), with the mean x̄ and the components V of clean training series; where no
    clean ones are known, of the noisy ones. Series are of one length, and begin at corresponding moments.
    """

    title: ClassVar[str] = "PCA (truncated)"
    learns: ClassVar[Literal["", "clean", "pairs"]] = "clean"
    even: ClassVar[bool] = False
    components: Annotated[int, Param("How many are kept.", ge=1, le=MOST)] = 8

    @classmethod
    def grid(cls, steps: int) -> list[dict[str, Any]]:
        """Return numbers of components; see `Denoiser.grid`."""
        most, points = min(steps, MOST), 8 * TRIES
        counts = np.arange(1, most + 1)
        while len(counts) > TRIES:  # every small number, and then ever fewer
            counts, points = np.unique(np.geomspace(1, most, points).round().astype(int)), points - 1
        return [{"components": int(count)} for count in counts]

    @property
    def only_steps(self) -> int | None:
        """The length of the training series."""
        return self.mean_.shape[1] if hasattr(self, "mean_") else None

    def why_not(self, data: Dataset) -> str:
        """Return why not; see `Denoiser.why_not`."""
        return super().why_not(data) or ("takes series of one length" if data.lengths is not None else "")

    def fit(self, noisy: np.ndarray, clean: np.ndarray | None = None) -> Self:
        """Learn mean and components, for all channels; see `Denoiser.fit`."""
        known = bridge_gaps(noisy if clean is None else clean).astype(np.float64)
        self.mean_ = known.mean(axis=0).T  # (C, T)
        bases = []
        for channel, mean in enumerate(self.mean_):
            centred = known[:, :, channel] - mean
            _, sizes, basis = np.linalg.svd(centred, full_matrices=False)
            # What rounding to 32 bits leaves in other directions is no component.
            rounding = np.finfo(np.float32).eps * np.abs(known[:, :, channel]).max() * np.sqrt(centred.size)
            bases.append(np.where(sizes[:, None] > rounding, basis, 0)[:MOST])
        self.components_ = np.stack(bases)  # (C, K, T)
        return self

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return projections; see `Denoiser.smooth`."""
        if not hasattr(self, "mean_"):
            raise InputError("'PCA' has not learnt its components", remedy="Call 'fit' with training series first")
        basis = self.components_[:, : self.components]
        centred = np.moveaxis(series, 2, 0) - self.mean_[:, None]  # (C, N, T)
        return np.moveaxis(centred @ np.moveaxis(basis, 1, 2) @ basis + self.mean_[:, None], 0, 2)
