"""Let a model tell the class of every step or pixel of a sample."""

from __future__ import annotations

import numpy as np

from explorer.errors import InputError, UnsupportedError
from explorer.models.overlap import Overlap, overlap
from explorer.progress import Progress
from explorer.workspace.fitted import fitted
from explorer.workspace.messages import Segmented, SegmentSample


def segment_sample(request: SegmentSample, progress: Progress) -> Segmented:
    """Return the mask of one sample and how well it fits, beside trivial masks; see `SegmentSample`.

    Raises
    ------
    InputError
        If there is no such sample or run.
    UnsupportedError
        If the model writes no masks.
    """
    from explorer.analysis.segmentation import BASELINES

    data, index = request.data, request.index
    if not 0 <= index < len(data):
        raise InputError(f"there is no sample {index} among {len(data)}", source=data.name)
    model, used = fitted(request.model)
    if model.decodes != "masks":
        raise UnsupportedError(f"{model.title} writes no masks", remedy="Choose a run of a model that does")
    sample = data.subset(np.array([index]))
    probabilities = np.asarray(model.reconstruct(sample)[0], np.float32)
    mask = probabilities.argmax(axis=-1).astype(np.int64)
    classes = probabilities.shape[-1]
    names = list(getattr(model, "mask_names_", data.mask_names))
    truth = None if sample.masks is None else sample.masks[0]
    metrics: dict[str, float] = {}
    baselines: dict[str, dict[str, float]] = {}
    if truth is not None and (truth >= 0).any() and truth.max() < classes:
        metrics = _measures(overlap(truth, mask, classes), names)
        for name, draw in BASELINES.items():
            baselines[name] = overlap(truth, draw(sample.values[0]), classes).measures()
    return Segmented(used, index, probabilities, mask, truth, names, metrics, baselines)


def _measures(found: Overlap, names: list[str]) -> dict[str, float]:
    """Return the measures over all classes, and the IoU of each that is there or was claimed, the background apart."""
    measures = found.measures()
    for name, value in list(zip(names, found.iou, strict=True))[1:]:
        if np.isfinite(value):
            measures[f"iou: {name}"] = float(value)
    return measures
