"""What the figures of analyses show, drawn together from data and results; see `explorer.workspace.contents`."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.workspace.contents import facts_of
from explorer.workspace.messages import Decoded, Forecast, LabelCurve, Probed, Segmented, Spectrum

FEATURE_NAMES = {"code": "code", "pca": "PCA, as wide", "raw": "raw values"}
"""In the order in which they are shown."""
PROBE_NAMES = {"knn": "k nearest neighbours", "linear": "linear"}
START_NAMES = {"pretrained": "pre-trained encoder", "frozen": "its frozen code", "scratch": "from scratch"}


def spectrum_content(dataset: Dataset, spectrum: Spectrum) -> dict[str, Any]:
    """Return the content of the figure of an eigen-spectrum."""
    return {"ratios": spectrum.ratios, "name": dataset.name}


def features_content(probed: Probed) -> dict[str, Any]:
    """Return the content of the figure of probes, in the order of the window."""
    order = list(FEATURE_NAMES)
    rows = sorted(probed.rows, key=lambda row: (row.probe, order.index(row.features)))
    return {
        "rows": [
            {
                "features": FEATURE_NAMES[row.features],
                "probe": PROBE_NAMES[row.probe],
                "mean": row.mean,
                "sd": row.sd,
                "folds": list(row.folds),
            }
            for row in rows
        ],
        "measure": "accuracy" if probed.measure == "accuracy" else "R²",
        "baseline": probed.baseline,
        "baseline_name": "most frequent class" if probed.measure == "accuracy" else "mean",
    }


def labels_content(curve: LabelCurve, name: str) -> dict[str, Any]:
    """Return the content of the figure of accuracy by labels; `name` is the run's."""
    return {
        "counts": np.asarray(curve.counts),
        "accuracies": {title: getattr(curve, key) for key, title in START_NAMES.items()},
        "baseline": curve.baseline,
        "name": name,
    }


def forecast_content(dataset: Dataset, forecast: Forecast) -> dict[str, Any]:
    """Return the content of the figure of one sample's forecast."""
    first = first_written(forecast.forecast)
    time = dataset.time_axis
    return {
        **facts_of(dataset),
        "truth": forecast.truth,
        "forecast": forecast.forecast,
        "persistence": forecast.persistence,
        "start": None if not first else float((time[first - 1] + time[first]) / 2),
        "sample_name": dataset.sample_name(forecast.index),
    }


def segments_content(dataset: Dataset, segmented: Segmented) -> dict[str, Any]:
    """Return the content of the figure of one sample's predicted and true classes."""
    masks = {"predicted": segmented.mask}
    if segmented.truth is not None:
        masks["true"] = segmented.truth
    return {
        **facts_of(dataset),
        "sample": dataset.values[segmented.index],
        "masks": masks,
        "class_names": list(segmented.names),
        "sample_name": dataset.sample_name(segmented.index),
        "metrics": dict(segmented.metrics),
    }


def decoded_masks_content(dataset: Dataset, decoded: Decoded) -> dict[str, Any]:
    """Return the content of the figure of decoded classes over the nearest real sample, of kind "segments"."""
    masks = {"decoded": decoded.sample.argmax(axis=-1)}
    if dataset.masks is not None:
        masks["true"] = dataset.masks[decoded.nearest]
    return {
        **facts_of(dataset),
        "sample": dataset.values[decoded.nearest],
        "masks": masks,
        "class_names": list(dataset.mask_names),
        "sample_name": dataset.sample_name(decoded.nearest),
        "metrics": {},
    }


def first_written(sample: np.ndarray) -> int | None:
    """Return the first step of a sample ``(T, ...)`` that a decoder of the future wrote; None where it wrote none."""
    written = np.flatnonzero(np.isfinite(sample.reshape(len(sample), -1)).any(axis=1))
    return int(written[0]) if len(written) else None
