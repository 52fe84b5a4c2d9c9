"""Let a model tell the class of every step or pixel of a sample."""

from __future__ import annotations

import numpy as np

from explorer.errors import InputError, UnsupportedError
from explorer.models.classes import renumbered
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
    names = tuple(getattr(model, "mask_names_", data.mask_names))
    # The data may be others than the model learnt from, with other numbers for the same classes.
    truth = None if sample.masks is None else renumbered(sample.masks[0], data.mask_names, names)
    metrics: dict[str, float] = {}
    baselines: dict[str, dict[str, float]] = {}
    if truth is not None and (truth >= 0).any():
        metrics = _measures(overlap(truth, mask, classes), names)
        for name, draw in BASELINES.items():
            baselines[name] = overlap(truth, draw(sample.values[0]), classes).measures()
    return Segmented(used, index, probabilities, mask, truth, list(names), metrics, baselines)


def _measures(found: Overlap, names: tuple[str, ...]) -> dict[str, float]:
    """Return the measures over all classes, and the IoU of each that is there or was claimed, the background apart."""
    measures = found.measures()
    for name, value in list(zip(names, found.iou, strict=True))[1:]:
        if np.isfinite(value):
            measures[f"iou: {name}"] = float(value)
    return measures
