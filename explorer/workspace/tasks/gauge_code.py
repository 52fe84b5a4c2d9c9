"""Judge whether a code is like those of real samples."""

from __future__ import annotations

import numpy as np

from explorer.progress import Progress
from explorer.workspace.messages import GaugeCode, Gauged, Reading
from explorer.workspace.surroundings import SURROUNDINGS


def gauge_code(request: GaugeCode, progress: Progress) -> Gauged:
    """Return the readings of a code; see `GaugeCode`.

    Raises
    ------
    InputError
        If the run is gone, or the code or the data do not fit the model.
    Cancelled
        If the person cancelled.
    """
    around = SURROUNDINGS.get(request.model, request.data, progress)
    z = np.asarray(request.z, dtype=np.float64)[None]
    readings = []
    for name, scale in around.scales.items():
        value = float(around.read(name, z, progress)[0])
        place = float(scale.place(np.array([value]))[0])
        readings.append(Reading(name, value, scale.median, scale.level(value), place, float(scale.share(value))))
    return Gauged(around.ref, request.z, readings, around.cloud is not None and around.cloud.posterior)
