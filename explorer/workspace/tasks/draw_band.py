"""Tell where the samples of a code lie."""

from __future__ import annotations

import numpy as np

from explorer.analysis.bands import band
from explorer.errors import UnsupportedError
from explorer.progress import Progress
from explorer.workspace.fitted import fitted
from explorer.workspace.messages import Band, DrawBand


def draw_band(request: DrawBand, progress: Progress) -> Band:
    """Return the band of samples at a code; see `DrawBand`.

    Raises
    ------
    InputError
        If the run is gone, or the code does not fit it.
    UnsupportedError
        If the model draws no samples.
    """
    model, used = fitted(request.model)
    if not (model.generative and hasattr(model, "draw")):
        raise UnsupportedError(f"{model.title} draws no samples of a code")
    z = np.asarray(request.z, np.float64)
    deviation = np.zeros(len(z))
    posterior = getattr(model, "posterior", None)
    if posterior is not None and request.near is not None:
        deviation = posterior(request.near)[1][0].astype(np.float64)
    generative: object = model
    low, high = band(generative, z, deviation)  # type: ignore[arg-type] - it has `draw`
    return Band(used, z, low, high)
