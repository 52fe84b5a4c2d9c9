"""Decode many codes, given or drawn at random, and look at the samples around each."""

from __future__ import annotations

import math

import numpy as np

from explorer.errors import InputError, UnsupportedError
from explorer.models.base import LatentModel
from explorer.progress import Progress
from explorer.workspace.fitted import decoded_of, fitted, texts_of
from explorer.workspace.messages import DecodeCodes, DecodedCodes, DrawCodes, ModelRef
from explorer.workspace.project import ProjectFile


def decode_codes(request: DecodeCodes, progress: Progress) -> DecodedCodes:
    """Return what codes decode to; see `DecodeCodes`.

    Raises
    ------
    InputError
        If the codes do not fit the model, or the run is gone.
    UnsupportedError
        If the model has no decoder.
    Cancelled
        If the person cancelled.
    """
    model, used = fitted(request.model)
    return _decoded(model, used, request.codes, _codes_of(request.model), progress)


def draw_codes(request: DrawCodes, progress: Progress) -> DecodedCodes:
    """Return what codes decode to that were drawn at random; see `DrawCodes`.

    Raises
    ------
    InputError
        If the run is gone, or there are too few codes to draw others like them.
    UnsupportedError
        If the model has no decoder, or no prior and that was asked for.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.drawing import drawn_near
    from explorer.models.generative import GenerativeModel

    model, used = fitted(request.model)
    codes = _codes_of(request.model)
    if request.source == "prior":
        if not isinstance(model, GenerativeModel):
            raise UnsupportedError(f"{model.title} has no prior", remedy="Draw codes like those of the samples")
        drawn = model.sample_prior(request.count, request.seed)
    elif codes is None:
        raise InputError(f"run {used.run} has no codes yet", source=used.project, remedy="Train it first")
    else:
        drawn = drawn_near(codes, request.count, request.source, request.seed)
    return _decoded(model, used, drawn, codes, progress)


def _codes_of(ref: ModelRef) -> np.ndarray | None:
    project = ProjectFile.look(ref.project)
    try:
        return project.codes(ref.run)
    finally:
        project.close()


def _decoded(
    model: LatentModel, used: ModelRef, z: np.ndarray, codes: np.ndarray | None, progress: Progress
) -> DecodedCodes:
    from explorer.analysis.blends import near_counts
    from explorer.analysis.nearest import nearest

    if not model.can_decode:
        raise UnsupportedError(f"{model.title} has no decoder that starts from one code")
    z = np.asarray(z, dtype=np.float64)
    samples, times = decoded_of(model, z, progress), model.output_times_
    known = np.zeros(0, dtype=np.int64) if codes is None else np.flatnonzero(np.isfinite(codes).all(axis=1))
    if codes is None or not len(known):
        nowhere, none = np.full(len(z), np.nan), np.zeros(len(z), dtype=np.int64)
        return DecodedCodes(used, z, samples, texts_of(model, samples), none - 1, nowhere, none, math.nan, times)
    found, distances = nearest(codes[known], 1, z)
    near, radius = near_counts(codes, z)
    nearby = known[found[:, 0]], distances[:, 0], near, radius
    return DecodedCodes(used, z, samples, texts_of(model, samples), *nearby, times)
