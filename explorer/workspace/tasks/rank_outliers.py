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
    from explorer.analysis.outliers import anomalies, baseline_errors, sample_scores, step_scores

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
    part, rows = judged_part(data)
    metrics: dict[str, float] = {}
    baselines: dict[str, dict[str, float]] = {}
    if truth is not None:
        if not (truth.samples[rows] == 1).any():
            part, rows = "all", np.arange(len(data))
        metrics = _measures(truth, rows, scores[rows], None if steps is None else steps[rows])
        trivial = baseline_errors(data, rows, request.seed, Part(progress, 0.5, 0.5)) if metrics else {}
        for name, each in trivial.items():
            baselines[name] = _measures(truth, rows, sample_scores(each), step_scores(each) if series else None)
    progress.report(1.0, "ranked")
    return Outliers(
        model=used,
        scores=scores.astype(np.float32),
        step_scores=None if steps is None else steps.astype(np.float32),
        metrics=metrics,
        baselines=baselines,
        anomalies=truth.names if truth is not None and metrics else [],
        part=part,
    )


def _measures(truth: Truth, rows: np.ndarray, scores: np.ndarray, steps: np.ndarray | None) -> dict[str, float]:
    """Return the measures of samples, and those of steps with a prefix."""
    from explorer.analysis.outliers import judge

    known = truth.samples[rows] >= 0
    found = judge(truth.samples[rows][known] == 1, scores[known])
    if truth.steps is not None and steps is not None:
        known = truth.steps[rows] >= 0
        by_step = judge(truth.steps[rows][known] == 1, steps[known])
        found |= {f"step_{name}": value for name, value in by_step.items()}
    return found
