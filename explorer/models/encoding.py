"""Codes of very many samples: a block at a time, told and cancelled, in as much memory as a block takes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from explorer.data.blocks import let_go, map_of, rows_of
from explorer.data.dataset import Dataset, as_dataset
from explorer.models.base import LatentModel
from explorer.progress import Progress, Silent, check

BLOCK_BYTES = 4 << 20
"""Of the samples that are encoded between two looks at whether to stop."""
SOON = 3
"""So few blocks are done before anyone could read that they are being done."""


def encoded(
    model: LatentModel, data: Dataset | np.ndarray, progress: Progress | None = None, *, message: str = "encoding"
) -> Iterator[np.ndarray]:
    """Yield the codes of some samples after the other, as `LatentModel.transform` gives them.

    Parameters
    ----------
    model : LatentModel
        Fitted.
    data : Dataset or ndarray
        May be a memory map: it stays on the disk.
    progress : Progress, optional
    message : str
        What `progress` is told.

    Yields
    ------
    ndarray, float32 ``(n, latent_dim_)``

    Raises
    ------
    InputError
        If the samples do not fit the model.
    Cancelled
        If the person cancelled.
    """
    progress, dataset = progress or Silent(), as_dataset(data)
    step, mapped = rows_of(dataset.values, BLOCK_BYTES), map_of(dataset.values)
    told = len(dataset) > SOON * step
    for first in range(0, len(dataset), step):
        check(progress)
        if told:
            progress.report(first / len(dataset), message)
        with model.reading(len(dataset)):
            codes = model.transform(dataset.subset(slice(first, first + step)))
        yield np.asarray(codes, np.float32)
        if mapped is not None:
            let_go(mapped)


def encode(model: LatentModel, data: Dataset | np.ndarray, progress: Progress | None = None) -> np.ndarray:
    """Return the codes of all samples, float32 ``(N, latent_dim_)``; see `encoded`."""
    codes, first = np.empty((0, 0), dtype=np.float32), 0
    for block in encoded(model, data, progress):
        if not first:
            codes = np.empty((len(data), block.shape[1]), dtype=np.float32)
        codes[first : first + len(block)] = block
        first += len(block)
    return codes
