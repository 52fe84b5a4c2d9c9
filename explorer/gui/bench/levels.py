"""The strengths of the noise at which a bench measures."""

from __future__ import annotations

import numpy as np

from explorer.data.corruption import parse_corruption, steps_of, strength_range
from explorer.data.dataset import Dataset
from explorer.data.scaling import rough_size

COUNT = 6


def noise_levels(data: Dataset, corruption: str | None) -> list[float]:
    """Return strengths from weak to strong over the slider's range, as round numbers; of recorded noise none.

    Raises
    ------
    InputError
        If there is no such corruption.
    """
    if corruption is None:
        return []
    weak, strong = strength_range(steps_of(parse_corruption(corruption))[0], float(np.mean(rough_size(data))))
    # No noise at all has no gain in its signal-to-noise ratio.
    return [float(f"{strength:.2g}") for strength in np.linspace(weak, strong, COUNT + 1)[1:]]
