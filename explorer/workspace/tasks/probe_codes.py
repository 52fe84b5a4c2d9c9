"""Read a label, or a number, out of codes."""

from __future__ import annotations

import numpy as np

from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.progress import Part, Progress
from explorer.workspace.fitted import codes_of, fitted
from explorer.workspace.messages import ProbeCodes, Probed, ProbeRow


def probe_codes(request: ProbeCodes, progress: Progress) -> Probed:
    """Return what simple predictors read out of frozen codes, and out of the samples; see `ProbeCodes`.

    Raises
    ------
    InputError
        If the run is gone, the data do not fit it, or have no such target.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.comparison import judged_part
    from explorer.analysis.probes import probe

    part, rows = judged_part(request.data)
    data = request.data.subset(rows)
    target = _target(data, request.target)
    model, used = fitted(request.model)
    codes = codes_of(model, data, Part(progress, 0, 0.2))
    found = probe(codes, data.flat, target, request.folds, request.seed, Part(progress, 0.2, 0.8))
    return Probed(
        model=used,
        target=request.target,
        measure=found.measure,
        rows=[
            ProbeRow(
                features=score.features,
                probe=score.probe,
                mean=float(score.folds.mean()),
                sd=float(score.folds.std(ddof=1)),
                folds=score.folds.tolist(),
            )
            for score in found.scores
        ],
        baseline=found.baseline,
        n_samples=found.n_samples,
        held_out=part == "test",
        seed=request.seed,
    )


def _target(data: Dataset, name: str) -> np.ndarray:
    """Return classes as integers, numbers as floats."""
    if name == "label":
        if data.labels is None:
            raise InputError(
                "the data have no labels", source=data.name, remedy="Choose a column to predict, or data with labels"
            )
        return data.labels
    if name not in data.columns:
        known = ", ".join(["label", *data.columns])
        raise InputError(f"there is no column '{name}'", source=data.name, remedy=f"Choose one of: {known}")
    column = np.asarray(data.columns[name])
    if column.dtype.kind in "fiu":
        return column.astype(np.float64)
    names, classes = np.unique(column.astype(str), return_inverse=True)
    return np.where(names[classes] == "", -1, classes).astype(np.int64)
