"""The range of each channel of a data set, by which its samples are drawn alike."""

from __future__ import annotations

import numpy as np

from explorer.data.dataset import Dataset

_LOOK_AT = 1000


def channel_ranges(dataset: Dataset) -> np.ndarray:
    """Return the lowest and highest value of each channel, float64 ``(C, 2)``.

    Values and targets of at most a thousand samples, spread over the set, are looked at. An image has one range for
    all its channels, a vector that is drawn as a curve one for all its features. A constant or wholly missing
    channel gets a range of length one around it; so do tokens.
    """
    if dataset.vocabulary:  # numbers of tokens are names, and have no range
        return np.array([[0.0, 1.0]])
    step = max(1, -(-len(dataset) // _LOOK_AT))
    parts = [dataset.values[::step]] if dataset.targets is None else [dataset.values[::step], dataset.targets[::step]]
    together = dataset.layout in ("image", "profile")
    flat = [part.reshape(-1, 1 if together else part.shape[-1]) for part in parts]
    finite = [np.isfinite(part) for part in flat]
    low = np.min([np.where(ok, part, np.inf).min(axis=0) for part, ok in zip(flat, finite, strict=True)], axis=0)
    high = np.max([np.where(ok, part, -np.inf).max(axis=0) for part, ok in zip(flat, finite, strict=True)], axis=0)
    unseen = low > high
    low, high = np.where(unseen, 0.0, low).astype(float), np.where(unseen, 0.0, high).astype(float)
    flat_line = high - low <= 1e-9 * np.maximum(1.0, np.abs(low))
    return np.stack([np.where(flat_line, low - 0.5, low), np.where(flat_line, high + 0.5, high)], axis=1)
