"""Rank samples by how badly they are reconstructed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from explorer.errors import UnsupportedError
from explorer.progress import Part, Progress
from explorer.workspace.fitted import errors_of, fitted
from explorer.workspace.messages import Outliers, RankOutliers

if TYPE_CHECKING:
    from explorer.analysis.outliers import Truth


def rank_outliers(request: RankOutliers, progress: Progress) -> Outliers:
    """Return how odd each sample and step is, and how well that tells anomalies; see `RankOutliers`.

    Raises
    ------
    InputError
        If the run is gone, the data do not fit it, or have no such class.
    UnsupportedError
        If the model reconstructs nothing.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.comparison import judged_part
    from explorer.analysis.outliers import (
        anomalies,
        baseline_errors,
        fold_back,
        sample_scores,
        starts_of,
        step_scores,
    )  # fmt: skip

    model, used = fitted(request.model)
    if not model.can_decode or model.decodes == "masks":
        raise UnsupportedError(
            f"{model.title} writes no samples whose errors could be looked at", remedy="Choose a run of another model"
        )
    data = request.data
    truth = anomalies(data, request.anomalies)
    errors = errors_of(model, data, Part(progress, 0, 0.5))
    series = errors.ndim == 3
    scores, steps = sample_scores(errors), step_scores(errors) if series else None
    starts = starts_of(data) if series else None
    part, rows = judged_part(data)
    metrics: dict[str, float] = {}
    baselines: dict[str, dict[str, float]] = {}
    if truth is not None:
        if not (truth.samples[rows] == 1).any():
            part, rows = "all", np.arange(len(data))
        metrics = _measures(truth, rows, scores[rows], None if steps is None else steps[rows], starts)
        trivial = baseline_errors(data, rows, request.seed, Part(progress, 0.5, 0.5)) if metrics else {}
        for name, each in trivial.items():
            found = sample_scores(each), step_scores(each) if series else None
            baselines[name] = _measures(truth, rows, *found, starts)
    progress.report(1.0, "ranked")
    return Outliers(
        model=used,
        scores=scores.astype(np.float32),
        step_scores=None if steps is None else steps.astype(np.float32),
        metrics=metrics,
        baselines=baselines,
        anomalies=truth.names if truth is not None and metrics else [],
        part=part,
        recording=None if starts is None or steps is None else fold_back(steps, starts).astype(np.float32),
    )


def _measures(
    truth: Truth, rows: np.ndarray, scores: np.ndarray, steps: np.ndarray | None, starts: np.ndarray | None
) -> dict[str, float]:
    """Return the measures of samples, and those of steps with a prefix; a step of several windows counts once."""
    from explorer.analysis.outliers import fold_back, judge

    known = truth.samples[rows] >= 0
    found = judge(truth.samples[rows][known] == 1, scores[known])
    if truth.steps is None or steps is None:
        return found
    anomalous = np.where(truth.steps[rows] < 0, np.nan, truth.steps[rows])
    if starts is not None:
        steps, anomalous = (fold_back(each, starts[rows]) for each in (steps, anomalous))
    known = np.isfinite(anomalous)
    by_step = judge(anomalous[known] > 0, steps[known])
    return found | {f"step_{name}": value for name, value in by_step.items()}
