"""Order the dimensions of a code by how much they are used."""

from __future__ import annotations

import numpy as np

from explorer.analysis.code_axes import rank
from explorer.progress import Progress
from explorer.workspace.fitted import codes_of, fitted
from explorer.workspace.messages import RankAxes, RankedAxes

MOST = 4096
"""Samples that are looked at, evenly chosen of more."""


def rank_axes(request: RankAxes, progress: Progress) -> RankedAxes:
    """Return the dimensions by KL where the code is a distribution, else by variance; see `RankAxes`.

    Raises
    ------
    InputError
        If the run is gone, the data do not fit, or no code is finite.
    Cancelled
        If the person cancelled.
    """
    model, used = fitted(request.model)
    data = request.data
    if len(data) > MOST:
        data = data.subset(np.linspace(0, len(data) - 1, MOST).astype(np.int64))
    codes = codes_of(model, data, progress)
    divergence = getattr(model, "divergence", None)
    found = rank(codes, None if divergence is None else divergence(data))
    return RankedAxes(used, found.measure, found.axes, found.weights, found.low, found.high)
