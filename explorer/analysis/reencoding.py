"""Does a decoded code come back as itself? E(D(z)) beside z."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.tokens import lengths_of
from explorer.models.base import LatentModel
from explorer.progress import Progress, Silent, check

_CHUNK = 256
"""Codes between two looks at whether to stop."""


def why_not(model: LatentModel | type[LatentModel]) -> str:
    """Return why what a model decodes cannot be encoded again, as a sentence; empty where it can."""
    if not model.can_decode:
        return "It has no decoder."
    if model.decodes in ("future", "masks", "translation"):
        return "What it decodes is not a sample, and cannot be encoded again."
    return ""


def reencoding_error(
    model: LatentModel, z: np.ndarray, like: Dataset, *, progress: Progress | None = None
) -> np.ndarray:
    """Return ‖E(D(z)) − z‖ of codes.

    Parameters
    ----------
    model : LatentModel
        For which `why_not` says nothing.
    z : ndarray ``(M, L)``
    like : Dataset
        M real samples: what is decoded is as long as they are, and at their times.
    progress : Progress, optional

    Returns
    -------
    ndarray, float64 ``(M,)``

    Raises
    ------
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    errors = np.empty(len(z))
    for start in range(0, len(z), _CHUNK):
        check(progress)
        progress.report(start / len(z), "decoding and encoding again")
        piece = np.asarray(z[start : start + _CHUNK])
        rows = np.arange(start, min(start + _CHUNK, len(z)))
        again = model.transform(decoded_data(model, model.inverse_transform(piece), like.subset(rows)))
        errors[rows] = np.linalg.norm(np.asarray(again, dtype=np.float64) - piece, axis=1)
    return errors


def decoded_data(model: LatentModel, samples: np.ndarray, like: Dataset) -> Dataset:
    """Return decoded samples as data that a model can encode, as long as the real samples of `like`, one for each."""
    same = samples.shape[1:] == like.sample_shape
    facts: dict[str, Any] = {"lengths": like.lengths if same else None}
    if like.layout == "text":
        facts = {"lengths": lengths_of(samples)}
    if (times := getattr(model, "output_times_", None)) is not None:
        facts = {"lengths": None, "times": times}
    return replace(
        like, values=samples, targets=None, target_vocabulary=(), target_lengths=None, masks=None, mask_names=(),
        observed=None, columns={}, names=None, **facts,
    )  # fmt: skip
