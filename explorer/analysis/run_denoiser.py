"""Trained models as denoisers, beside the classical ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.analysis.denoiser import Denoiser
from explorer.data.dataset import Dataset
from explorer.models.base import LatentModel
from explorer.progress import Progress, Silent, check

CHUNK_VALUES = 1 << 20
"""Values that a model denoises between two looks at whether to stop."""


@dataclass(kw_only=True, eq=False, repr=False)
class RunDenoiser(Denoiser):
    """What a trained model makes of samples: their reconstruction.

    Parameters
    ----------
    text : str
        What it is called in a text: ``"run:3"``.
    model : LatentModel
        Fitted.
    like : Dataset
        Whose channels, rate and layout the samples share.
    """

    even: ClassVar[bool] = False
    slow: ClassVar[bool] = True

    text: str
    model: LatentModel
    like: Dataset

    @property
    def title(self) -> str:  # type: ignore[override] - of a class it is a constant, here its model's
        """The model's, with its name in brackets."""
        return f"{self.model.title} ({self.text.replace(':', ' ')})"

    @property
    def only_steps(self) -> int | None:
        """The length of the samples that it learnt from."""
        return self.model.sample_shape_[0] if len(self.model.sample_shape_) == 2 else None

    def why_not(self, data: Dataset) -> str:
        """Return why the model cannot denoise such data; empty where it can."""
        if not self.model.can_decode or self.model.decodes != "sample":
            return "writes no whole samples"
        if data.irregular:
            return "takes series whose steps are at the same times"
        if data.sample_shape != tuple(self.model.sample_shape_):
            learnt, these = (" × ".join(map(str, shape)) for shape in (self.model.sample_shape_, data.sample_shape))
            return f"learnt from samples of {learnt} and these are of {these}"
        return ""

    def denoise(
        self, values: np.ndarray, lengths: np.ndarray | None = None, progress: Progress | None = None
    ) -> np.ndarray:
        """Return reconstructions, float32, of samples of any layout; see `Denoiser.denoise`."""
        progress = progress or Silent()
        result = np.empty(values.shape, np.float32)
        step = max(1, CHUNK_VALUES // max(1, int(np.prod(values.shape[1:]))))
        for start in range(0, len(values), step):
            check(progress)
            progress.report(start / len(values), self.title)
            ends = None if lengths is None else lengths[start : start + step]
            result[start : start + step] = self.model.reconstruct(self._data(values[start : start + step], ends))
        if lengths is not None and values.ndim == 3:
            result[np.arange(values.shape[1]) >= np.asarray(lengths)[:, None]] = np.nan
        return result

    def smooth(self, series: np.ndarray) -> np.ndarray:
        """Return reconstructions of whole series; see `Denoiser.smooth`."""
        return self.denoise(series.astype(np.float32))

    def _data(self, values: np.ndarray, lengths: np.ndarray | None) -> Dataset:
        seen = np.isfinite(values)
        return Dataset(
            values=values,
            layout=self.like.layout,
            name=self.like.name,
            channel_names=self.like.channel_names,
            unit=self.like.unit,
            sampling_rate=self.like.sampling_rate,
            times=self.like.times,
            observed=None if seen.all() else seen,
            lengths=lengths,
            split=np.zeros(len(values), np.int8),
        )
