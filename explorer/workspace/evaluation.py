"""How well a fitted model does on each part of its data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from explorer.analysis.metrics import Errors
from explorer.data.blocks import let_go, map_of
from explorer.data.corruption import corrupt, parse_corruption
from explorer.data.dataset import PARTS, Dataset, check_numbers
from explorer.data.gaps import fill_gaps
from explorer.data.scaling import typical_value
from explorer.models.base import LatentModel
from explorer.models.encoding import SOON
from explorer.progress import Part, Progress, Silent, check

CHUNK_VALUES = 1 << 22
"""Numbers that are reconstructed at a time."""
CHUNK_TOKENS = 4096
"""Samples of tokens that are reconstructed at a time."""
SEED = 7_919
"""Added to the seed of the training, so that the noise that judges a model is not the noise it learnt from."""


def evaluate(
    model: LatentModel,
    data: Dataset,
    corruption: str | None = None,
    seed: int = 0,
    *,
    progress: Progress | None = None,
) -> dict[str, dict[str, float]]:
    """Return the errors of the reconstructions against the clean samples, by part and by name.

    Parameters
    ----------
    model : LatentModel
        Fitted.
    data : Dataset
    corruption : str, optional
        As text; spoils the clean samples, and the model is judged by what it makes of those.
    seed : int
        Of the corruption.
    progress : Progress, optional

    Returns
    -------
    dict
        For "train", "validation" and "test", where they have samples: "mse" and "mae" in the data's own units, and
        "snr_gain_db" where the input differs from the clean: a corruption, or noisy data with clean targets. Dropped
        values count as `fill_gaps` fills them. Beside these what the recipe itself is judged by
        (`LatentModel.measure`). What is no finite number is left out. Of tokens "token_accuracy" and "exact_match":
        the shares of tokens, and of whole samples, that are right.

    Raises
    ------
    Cancelled
        If the person cancelled.
    """
    if data.vocabulary and corruption is not None:
        check_numbers(data)
    judged = _tokens if data.vocabulary else _part
    writes_samples = model.can_decode and model.decodes != "masks"
    given = data if corruption is None else corrupt(data, parse_corruption(corruption), seed + SEED)
    usual = np.zeros(1, np.float32) if data.vocabulary else typical_value(data)
    measures = type(model).measure is not LatentModel.measure
    found, done = {}, 0
    for part in PARTS:
        indices = data.indices(part)
        if len(indices):
            share = Part(progress or Silent(), done / len(data), len(indices) / len(data))
            done += len(indices)
            values = judged(model, given, indices, usual, share) if writes_samples else {}
            values |= model.measure(given.subset(indices)) if measures else {}
            found[part] = {name: value for name, value in values.items() if math.isfinite(value)}
    return found


def _pieces(given: Dataset, indices: np.ndarray, step: int, progress: Progress) -> Iterator[Dataset]:
    mapped, told = map_of(given.values), len(indices) > SOON * step
    for start in range(0, len(indices), step):
        check(progress)
        if told:
            progress.report(start / len(indices), "measuring")
        yield given.subset(indices[start : start + step])
        if mapped is not None:
            let_go(mapped)


def _tokens(
    model: LatentModel, given: Dataset, indices: np.ndarray, usual: np.ndarray, progress: Progress
) -> dict[str, float]:
    right = whole = count = 0.0
    for piece in _pieces(given, indices, CHUNK_TOKENS, progress):
        errors = model.errors(piece)
        right += float((errors == 0).sum())
        count += float(np.isfinite(errors).sum())
        whole += float((~(errors > 0).any(axis=1)).sum())
    return {"token_accuracy": right / max(1.0, count), "exact_match": whole / len(indices)}


def _part(
    model: LatentModel, given: Dataset, indices: np.ndarray, usual: np.ndarray, progress: Progress
) -> dict[str, float]:
    errors = Errors()
    step = max(1, CHUNK_VALUES // int(np.prod(given.sample_shape)))
    paired = given.targets is not None
    for piece in _pieces(given, indices, step, progress):
        noisy = fill_gaps(piece.values, usual) if paired else None
        # Where there is no clean target, a value that was not observed is not known either.
        known = None if paired else piece.observed
        errors.add(piece.clean, model.reconstruct(replace(piece, targets=None)), noisy, known)
    return {"mse": errors.mse, "mae": errors.mae, "snr_gain_db": errors.snr_gain_db}
