"""Pass one sample through a model, and through other denoisers beside it."""

from __future__ import annotations

import math
import time
import weakref
from collections import OrderedDict

import msgspec
import numpy as np

from explorer.analysis import metrics
from explorer.analysis.denoiser import Chain, denoiser_text
from explorer.analysis.spoil import Pairs, pairs
from explorer.data.dataset import Dataset
from explorer.errors import InputError, UnsupportedError
from explorer.progress import Progress, check
from explorer.workspace.messages import Denoise, Denoised, Estimated, ModelRef
from explorer.workspace.model_cache import MODELS

FILTERS = ("savitzky-golay", "moving-average")
"""What stands beside a model where nothing else was asked for: they choose their windows for each series, blindly."""
KEPT = 16
"""Denoisers that have learnt from a data set and are kept for the next move of a slider."""

_LEARNT: weakref.WeakKeyDictionary[Dataset, OrderedDict[tuple[str, str | None, int], Chain]]
_LEARNT = weakref.WeakKeyDictionary()


def denoise(request: Denoise, progress: Progress) -> Denoised:
    """Return one sample clean, noisy and denoised, with how well that went; see `Denoise`.

    The draw of the corruption depends on the seed and the sample's index alone, so that a slider changes its strength
    only. Where values were dropped, the noisy sample counts in the measures as `fill_gaps` fills it.

    Raises
    ------
    InputError
        If there is no such sample, corruption, denoiser or run.
    UnsupportedError
        If the model writes no samples.
    """
    data, index = request.data, request.index
    if not 0 <= index < len(data):
        raise InputError(f"there is no sample {index} among {len(data)}", source=data.name)
    sample = pairs(data, np.array([index]), request.corruption, request.seed)
    model, denoised = request.model, sample.noisy[0]
    if model is not None:
        model, denoised = _by_model(model, data.subset(np.array([index])), sample)
    clean = None if sample.clean is None else sample.clean[0]
    baselines: dict[str, float] = {}
    if clean is not None and data.layout == "series" and model is not None:
        found = [_estimate(name, request, sample, progress) for name in FILTERS]
        baselines = {each.title: each.metrics["snr_gain_db"] for each in found if "snr_gain_db" in each.metrics}
    return Denoised(
        model=model,
        index=index,
        corruption=request.corruption,
        clean=clean,
        noisy=sample.noisy[0],
        denoised=denoised,
        metrics=(_metrics(sample, denoised) if model is not None else {}) | _noisy_metrics(sample),
        baselines=baselines,
        estimates=[_estimate(text, request, sample, progress) for text in request.denoisers],
    )


def _by_model(ref: ModelRef, data: Dataset, sample: Pairs) -> tuple[ModelRef, np.ndarray]:
    from explorer.analysis.run_denoiser import RunDenoiser

    loaded = MODELS.get(ref)
    if loaded.model.decodes == "masks":
        raise UnsupportedError(f"{loaded.model.title} writes no samples", remedy="Choose a run of a model that does")
    run = RunDenoiser(text=f"run:{ref.run}", model=loaded.model, like=data)
    return msgspec.structs.replace(ref, version=loaded.version), run.denoise(sample.noisy, sample.lengths)[0]


def _estimate(text: str, request: Denoise, sample: Pairs, progress: Progress) -> Estimated:
    """Return what one denoiser makes of the sample, or why it makes nothing of it."""
    check(progress)
    chain = _ready(text, request, progress)
    refused, denoised, seconds = chain.why_not(request.data), None, math.nan
    if not refused:
        start = time.perf_counter()
        try:
            denoised = chain.denoise(sample.noisy, sample.lengths)[0]
        except InputError as reason:
            refused = str(reason)
        seconds = time.perf_counter() - start
    found = {} if denoised is None else _metrics(sample, denoised)
    return Estimated(text, chain.title, denoiser_text(chain), denoised, found, seconds, refused)


def _ready(text: str, request: Denoise, progress: Progress) -> Chain:
    """Return a denoiser that has learnt what it must from the train part; it is kept."""
    from explorer.analysis.bench import learnt
    from explorer.workspace.denoising import find_denoiser

    chain = find_denoiser(text, request.runs, request.data)
    if not chain.learns or chain.why_not(request.data):
        return chain
    # What learns from clean samples alone learns alike whatever the noise.
    noise = request.corruption if chain.learns == "pairs" else None
    kept = _LEARNT.setdefault(request.data, OrderedDict())
    key = (text, noise, request.seed)
    if key not in kept:
        kept[key] = learnt(chain, request.data, request.corruption, request.seed, progress)
    kept.move_to_end(key)
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return kept[key]


def _metrics(sample: Pairs, denoised: np.ndarray) -> dict[str, float]:
    if sample.clean is None:
        return {}
    errors = metrics.Errors()
    errors.add(sample.clean[0], denoised, sample.given[0])
    found = {"mse": errors.mse, "mae": errors.mae, "snr_gain_db": errors.snr_gain_db}
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _noisy_metrics(sample: Pairs) -> dict[str, float]:
    if sample.clean is None:
        return {}
    errors = metrics.Errors()
    errors.add(sample.clean[0], sample.given[0])
    found = {"noisy_mse": errors.mse, "noisy_mae": errors.mae}
    return {name: value for name, value in found.items() if math.isfinite(value)}
