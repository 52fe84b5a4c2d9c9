"""What a preview tells of a data set: one line, and its first values as text."""

from __future__ import annotations

import numpy as np

from explorer.data.dataset import Dataset

WIDEST = 64
"""Values of a sample that a preview shows."""


def describe(dataset: Dataset, *, times: float | None = None, whole: bool = True) -> str:
    """Return ``"120 samples × 150 steps, 2 classes"``.

    Parameters
    ----------
    dataset : Dataset
        Of the head of a file.
    times : float or None
        How many times as long as its head the file is, where the samples grow with it.
    whole : bool
        Whether the head is all.
    """
    shape = dataset.sample_shape
    count = len(dataset)
    if not whole and times is not None:
        digits = max(1, 10 ** (len(str(int(count * times))) - 2))
        text = [f"about {round(count * times / digits) * digits:,} samples"]
    elif not whole:
        text = [f"at least {_many(count, 'sample')}"]
    else:
        text = [_many(count, "sample")]
    if dataset.layout == "series":
        known = whole or times is not None
        steps = f"{shape[0]:,} steps" if known else f"{shape[0]:,} steps or more"
        text += [f"up to {steps}" if known and dataset.lengths is not None else steps]
        text += [_many(shape[1], "channel")] if shape[1] > 1 else []
    elif dataset.layout == "image":
        text += [f"{shape[0]} × {shape[1]} pixels"] + ([_many(shape[2], "channel")] if shape[2] > 1 else [])
    else:
        text += [_many(shape[0], "dimension" if dataset.layout == "points" else "feature")]
    parts = [" × ".join(text)]
    if dataset.labels is not None:
        parts.append(f"{_many(len(dataset.class_names), 'class', 'classes')}{'' if whole else ' so far'}")
    if dataset.sampling_rate:
        rate = dataset.sampling_rate
        parts.append(f"{rate:.4g} Hz" if rate >= 1 else f"a step every {1 / rate:.4g} s")
    if dataset.irregular:
        parts.append("each at times of its own")
    if dataset.observed is not None and dataset.lengths is None:
        parts.append("with missing values")
    return ", ".join(parts)


def cells(rows: np.ndarray) -> tuple[tuple[str, ...], ...]:
    """Return the first numbers of samples ``(N, D)`` as the cells of a preview; empty where NaN."""
    return tuple(tuple("" if np.isnan(value) else f"{value:.6g}" for value in row[:WIDEST]) for row in rows)


def _many(count: int, word: str, plural: str = "") -> str:
    return f"{count:,} {word if count == 1 else plural or word + 's'}"
