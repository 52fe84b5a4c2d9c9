"""The fitted model of a request, and the codes of data under it."""

from __future__ import annotations

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.tokens import SPECIAL, text_of
from explorer.models.base import LatentModel
from explorer.models.encoding import encode
from explorer.progress import Progress, check
from explorer.workspace.messages import ModelRef
from explorer.workspace.model_cache import MODELS

CHUNK = 1024
"""Samples that are reconstructed between two looks at whether to stop."""
DECODED = 128
"""Codes that are decoded between two such looks."""


def fitted(ref: ModelRef) -> tuple[LatentModel, ModelRef]:
    """Return the model of a run, and the reference to just these weights.

    Raises
    ------
    InputError
        If the project or the run is gone, or has no weights.
    """
    loaded = MODELS.get(ref)
    return loaded.model, msgspec.structs.replace(ref, version=loaded.version)


def codes_of(model: LatentModel, data: Dataset, progress: Progress) -> np.ndarray:
    """Return the codes of all samples ``(N, L)``, float32.

    Raises
    ------
    InputError
        If the data do not fit the model.
    Cancelled
        If the person cancelled.
    """
    return encode(model, data, progress)


def decoded_of(model: LatentModel, codes: np.ndarray, progress: Progress, chunk: int = DECODED) -> np.ndarray:
    """Return what the decoder makes of codes ``(M, L)``, some at a time.

    Raises
    ------
    Cancelled
        If the person cancelled.
    """
    pieces = []
    for start in range(0, max(len(codes), 1), chunk):
        check(progress)
        progress.report(start / max(len(codes), 1), "decoding")
        pieces.append(model.inverse_transform(codes[start : start + chunk]))
    return np.concatenate(pieces)


def texts_of(model: LatentModel, samples: np.ndarray) -> list[str]:
    """Return what decoded sentences ``(M, T)`` say; nothing where the samples are numbers or melodies."""
    words = getattr(model, "target_vocabulary_" if model.decodes == "translation" else "vocabulary_", ())
    return [text_of(sample, words) for sample in samples] if words[: len(SPECIAL)] == SPECIAL else []


def errors_of(model: LatentModel, data: Dataset, progress: Progress) -> np.ndarray:
    """Return the squared errors of all reconstructions, float32 ``(N, *sample_shape)``; see `LatentModel.errors`."""
    pieces = []
    for start in range(0, len(data), CHUNK):
        check(progress)
        progress.report(start / len(data), "errors")
        pieces.append(model.errors(data.subset(np.arange(start, min(start + CHUNK, len(data))))))
    return np.concatenate(pieces).astype(np.float32)
