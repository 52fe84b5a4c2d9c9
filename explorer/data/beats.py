"""Where the beats of an ECG are known to be."""

from __future__ import annotations

import numpy as np

from explorer.data.dataset import Dataset

R_PEAK = "R peak"
"""The class of a mask that marks the steps at which an R wave is highest."""


def known_r_peaks(dataset: Dataset, rows: np.ndarray) -> list[np.ndarray] | None:
    """Return the steps of the R peaks of some samples, ascending; None where the data do not tell.

    They are told by masks with a class called "R peak": by the generated ECGs, and by any file with such masks.
    """
    if dataset.masks is None or R_PEAK not in dataset.mask_names:
        return None
    marked = dataset.masks[rows] == dataset.mask_names.index(R_PEAK)
    return [np.flatnonzero(sample) for sample in marked]
