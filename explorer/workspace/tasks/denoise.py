"""Pass one sample through a model, and through classical filters beside it."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from explorer.analysis import metrics
from explorer.analysis.baselines import FILTERS
from explorer.data.corruption import corrupt, parse_corruption
from explorer.data.dataset import Dataset
from explorer.data.gaps import fill_gaps
from explorer.data.scaling import typical_value
from explorer.errors import InputError, UnsupportedError
from explorer.progress import Progress
from explorer.workspace.messages import Denoise, Denoised
from explorer.workspace.model_cache import MODELS


def denoise(request: Denoise, progress: Progress) -> Denoised:
    """Return one sample clean, noisy and denoised, with how well that went; see `Denoise`.

    The draw of the corruption depends on the seed and the sample's index alone, so that a slider changes its strength
    only. Where values were dropped, the noisy sample counts in the measures as `fill_gaps` fills it.

    Raises
    ------
    InputError
        If there is no such sample, corruption or run.
    UnsupportedError
        If the model writes no samples.
    """
    data, index = request.data, request.index
    if not 0 <= index < len(data):
        raise InputError(f"there is no sample {index} among {len(data)}", source=data.name)
    loaded = MODELS.get(request.model)
    if loaded.model.decodes == "masks":
        raise UnsupportedError(f"{loaded.model.title} writes no samples", remedy="Choose a run of a model that does")
    sample = data.subset(np.array([index]))
    clean = None if request.corruption is None and data.targets is None else sample.clean[0]
    given = sample
    if request.corruption is not None:
        given = corrupt(data, parse_corruption(request.corruption), request.seed, np.array([index]))
    noisy = given.values[0]
    denoised = np.asarray(loaded.model.reconstruct(given)[0], np.float32)
    if sample.lengths is not None:
        denoised = denoised.copy()
        denoised[int(sample.lengths[0]) :] = np.nan
    return Denoised(
        model=msgspec.structs.replace(request.model, version=loaded.version),
        index=index,
        corruption=request.corruption,
        clean=clean,
        noisy=noisy,
        denoised=denoised,
        metrics={} if clean is None else _metrics(clean, noisy, denoised, data),
        baselines={} if clean is None else _baselines(clean, noisy, data),
    )


def _metrics(clean: np.ndarray, noisy: np.ndarray, denoised: np.ndarray, data: Dataset) -> dict[str, float]:
    given = _filled(noisy, data)
    found = {
        "mse": metrics.mse(clean, denoised),
        "mae": metrics.mae(clean, denoised),
        "snr_gain_db": metrics.snr_gain_db(clean, given, denoised),
        "noisy_mse": metrics.mse(clean, given),
        "noisy_mae": metrics.mae(clean, given),
    }
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _baselines(clean: np.ndarray, noisy: np.ndarray, data: Dataset) -> dict[str, float]:
    """Return the SNR gain of each filter; they are filters of series."""
    if data.layout != "series":
        return {}
    given = _filled(noisy, data)
    gains = {name: metrics.snr_gain_db(clean, given, smooth(noisy)) for name, smooth in FILTERS.items()}
    return {name: gain for name, gain in gains.items() if math.isfinite(gain)}


def _filled(noisy: np.ndarray, data: Dataset) -> np.ndarray:
    return fill_gaps(noisy[None], typical_value(data))[0]
