"""What the figures of analyses show, drawn together from data and results; see `explorer.workspace.contents`."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.workspace.contents import facts_of
from explorer.workspace.messages import (
    Clusters,
    Decisions,
    Decoded,
    Forecast,
    GeneratedScores,
    LabelCurve,
    Outliers,
    Probed,
    Segmented,
    Spectrum,
)

FEATURE_NAMES = {"code": "code", "pca": "PCA, as wide", "raw": "raw values"}
"""In the order in which they are shown."""
PROBE_NAMES = {"knn": "k nearest neighbours", "linear": "linear"}
START_NAMES = {"pretrained": "pre-trained encoder", "frozen": "its frozen code", "scratch": "from scratch"}
SCORE_NAMES = {"silhouette": "silhouette", "ari": "adjusted Rand index", "nmi": "normalised mutual information"}
METHOD_NAMES = {"k-means": "k-means", "hdbscan": "HDBSCAN"}


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


def clusters_content(dataset: Dataset, clusters: Clusters) -> dict[str, Any]:
    """Return the content of the figure of clusters among the codes of data."""
    return {
        "cluster": clusters.labels,
        "label": dataset.labels,
        "class_names": list(dataset.class_names),
        "method": METHOD_NAMES[clusters.method],
        "scores": {SCORE_NAMES[key]: value for key, value in clusters.scores.items()},
    }


def outliers_content(dataset: Dataset, outliers: Outliers) -> dict[str, Any]:
    """Return the content of the figure of the errors of samples."""
    from explorer.analysis.outliers import anomalies, fold_back, starts_of

    truth = anomalies(dataset, outliers.anomalies) if outliers.metrics else None
    starts, true_steps = starts_of(dataset), None
    if truth is not None and truth.steps is not None and starts is not None:
        true_steps = fold_back(np.where(truth.steps < 0, np.nan, truth.steps.astype(float)), starts)
    measures = []
    for prefix, suffix in (("", ""), ("step_", ", steps")):
        for key, title in (("roc_auc", "ROC AUC"), ("average_precision", "avg. precision")):
            if (value := outliers.metrics.get(prefix + key)) is not None:
                rivals = {name: each[prefix + key] for name, each in outliers.baselines.items() if prefix + key in each}
                chance = 0.5 if key == "roc_auc" else outliers.metrics[f"{prefix}prevalence"]
                measures.append({"title": title + suffix, "values": {"model": value, **rivals}, "chance": chance})
    return {
        "scores": outliers.scores,
        "anomalous": None if truth is None else truth.samples,
        "sample_names": dataset.sample_names,
        "unit": f"{dataset.unit}²" if dataset.unit else "",
        "error": "share of wrong tokens" if dataset.vocabulary else "mean squared error",
        "recording": outliers.recording,
        "true_steps": true_steps,
        "measures": measures,
        "name": "model",
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


def generation_content(judged: GeneratedScores, name: str) -> dict[str, Any]:
    """Return the content of the figure of generated against real variables; `name` is the run's."""
    real, made = correlation_pairs(judged)
    return {
        "names": list(judged.names),
        "ks": judged.ks,
        "real_rate": judged.real_rate,
        "made_rate": judged.made_rate,
        "real_correlation": real,
        "made_correlation": made,
        "name": name,
    }


def decision_content(dataset: Dataset, mapped: Decisions) -> dict[str, Any]:
    """Return the content of the figure of decisions over a plane of samples."""
    return {
        "x": mapped.x,
        "y": mapped.y,
        "classes": dict(mapped.classes),
        "confidence": dict(mapped.confidence),
        "likelihood": mapped.likelihood,
        "points": mapped.points,
        "labels": mapped.labels,
        "class_names": list(mapped.names),
        "accuracy": {name: value for name, value in mapped.accuracy.items() if name in mapped.classes},
        "part": mapped.part,
        "unit": dataset.unit,
    }


def correlation_pairs(judged: GeneratedScores) -> tuple[np.ndarray, np.ndarray]:
    """Return the correlations of all pairs of variables that are known in both, real and generated ``(P,)``."""
    size = len(judged.real_correlation)
    upper = np.triu_indices(size, 1)
    real, made = (each[upper] for each in (judged.real_correlation, judged.made_correlation))
    known = np.isfinite(real) & np.isfinite(made)
    return real[known], made[known]
