"""Decode the code under the hand."""

from __future__ import annotations

import math
import time

import msgspec
import numpy as np

from explorer.data.tokens import text_of
from explorer.models.base import LatentModel
from explorer.models.neural import NeuralModel
from explorer.progress import Progress
from explorer.workspace.messages import Decode, Decoded
from explorer.workspace.model_cache import MODELS


def decode(request: Decode, progress: Progress) -> Decoded:
    """Return the sample of a code, and the real sample whose code is nearest; see `Decode`.

    Raises
    ------
    InputError
        If the code does not fit the model, or the run is gone.
    UnsupportedError
        If the model has no decoder.
    """
    loaded = MODELS.get(request.model)
    z = np.asarray(request.z)
    start = time.perf_counter()
    sample = loaded.model.inverse_transform(z[None])[0]
    forward_ms = 1000 * (time.perf_counter() - start)
    index, distance = loaded.neighbours.nearest(z) if loaded.neighbours else (-1, math.nan)
    used = msgspec.structs.replace(request.model, version=loaded.version)
    kept = np.asarray(sample, np.int32 if sample.dtype.kind in "iu" else np.float32)
    return Decoded(used, z, kept, index, distance, forward_ms, *_told(loaded.model, kept))


def _told(model: LatentModel, sample: np.ndarray) -> tuple[str, bool]:
    """Return what decoded tokens say, and whether that is another language; nothing where the sample is numbers."""
    if not isinstance(model, NeuralModel) or not model.vocabulary_:
        return "", False
    translated = model.decodes == "translation"
    return text_of(sample, model.target_vocabulary_ if translated else model.vocabulary_), translated
