"""The codes of real samples under a run's weights, by which other codes are judged; kept while the weights stay."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from explorer.analysis.manifold import MOST, Cloud, Scale
from explorer.analysis.readings import FEWEST, ReadingName
from explorer.data.dataset import Dataset
from explorer.models.base import LatentModel
from explorer.models.variational import VariationalModel
from explorer.progress import Progress
from explorer.workspace.fitted import codes_of, fitted
from explorer.workspace.messages import ModelRef

_PAUSE = 20.0
"""How many times as long as it took are surroundings kept beside weights that training has moved on: what is judged is
then a few epochs old, and the training is not held up."""
_ROUNDING = 1e-3
"""Of the codes' deviation: a code that comes back so nearly has come back; what a linear model leaves is rounding."""


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What a code is judged by.

    Parameters
    ----------
    ref : ModelRef
        Just these weights.
    data : Dataset
    model : LatentModel
    rows : ndarray, int64
        The samples whose codes are looked at: of many, evenly many.
    cloud : Cloud or None
        Their codes; None where there are too few samples.
    scales : dict
    seconds, made : float
        How long it took, and when that was.
    """

    ref: ModelRef
    data: Dataset
    model: LatentModel
    rows: np.ndarray
    cloud: Cloud | None
    scales: dict[ReadingName, Scale]
    seconds: float
    made: float

    def read(self, name: ReadingName, z: np.ndarray, progress: Progress) -> np.ndarray:
        """Return a reading of codes ``(M, L)``, float64 ``(M,)``; there must be a scale of it."""
        from explorer.analysis.nearest import nearest
        from explorer.analysis.reencoding import reencoding_error

        assert self.cloud is not None
        if name == "distance":
            return self.cloud.distance(z)
        if name == "density":
            return self.cloud.surprise(z, progress=progress)
        near = nearest(self.cloud.codes, 1, z)[0][:, 0]
        return reencoding_error(self.model, z, self.data.subset(self.rows[near]), progress=progress)


class SurroundingsCache:
    """The surroundings that were asked for last, of one run at a time."""

    def __init__(self) -> None:
        self._kept: Surroundings | None = None

    def get(self, ref: ModelRef, data: Dataset, progress: Progress) -> Surroundings:
        """Return the surroundings of a run's weights, or of some that are little older while it trains."""
        kept = self._kept
        if kept is not None and kept.data is data and (kept.ref.project, kept.ref.run) == (ref.project, ref.run):
            fresh = kept.ref.version >= ref.version
            if fresh or time.monotonic() - kept.made < _PAUSE * kept.seconds:
                return kept
        self._kept = kept = _make(ref, data, progress)
        return kept


def _make(ref: ModelRef, data: Dataset, progress: Progress) -> Surroundings:
    from explorer.analysis.reencoding import reencoding_error, why_not

    start = time.monotonic()
    model, used = fitted(ref)
    chosen = np.arange(len(data))[:: max(1, -(-len(data) // MOST))]
    few = data.subset(chosen)
    codes = codes_of(model, few, progress)
    known = np.isfinite(codes).all(axis=1)
    cloud, scales = None, {}
    if np.count_nonzero(known) >= FEWEST:
        chosen, few, codes = chosen[known], few.subset(np.flatnonzero(known)), codes[known]
        cloud = Cloud(codes, model.posterior(few)[1] if isinstance(model, VariationalModel) else None)
        scales = cloud.scales()
        if not why_not(model):
            own = cloud.judged()
            errors = reencoding_error(model, codes[own], few.subset(own), progress=progress)
            scales["re-encoding"] = Scale.of(errors, least=_ROUNDING * cloud.size)
    now = time.monotonic()
    return Surroundings(used, data, model, chosen, cloud, scales, now - start, now)


SURROUNDINGS = SurroundingsCache()
"""Of this process."""
