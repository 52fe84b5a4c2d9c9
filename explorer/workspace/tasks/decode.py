"""Decode the code under the hand."""

from __future__ import annotations

import math
import time

import msgspec
import numpy as np

from explorer.progress import Progress
from explorer.workspace.fitted import texts_of
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
    samples, recorded = loaded.model.with_gaps(z[None])
    forward_ms = 1000 * (time.perf_counter() - start)
    index, distance = loaded.neighbours.nearest(z) if loaded.neighbours else (-1, math.nan)
    sample, recorded = samples[0], None if recorded is None else recorded[0]
    used = msgspec.structs.replace(request.model, version=loaded.version)
    kept = np.asarray(sample, np.int32 if sample.dtype.kind in "iu" else np.float32)
    text = next(iter(texts_of(loaded.model, kept[None])), "")
    translated = bool(text) and loaded.model.decodes == "translation"
    times, evaluations = loaded.model.output_times_, int(getattr(loaded.model, "evaluations_", 0))
    return Decoded(used, z, kept, index, distance, forward_ms, text, translated, times, evaluations, recorded)
