"""Whether what is learnt from generated samples holds for real ones."""

from __future__ import annotations

import numpy as np

from explorer.analysis.generation.features import summaries
from explorer.data.dataset import Dataset
from explorer.data.scaling import Scaler

INVERSE_PENALTY = 1e-2
"""Of the logistic regression; the same for all that learn, so that none is tuned."""
FEWEST = 10
"""Samples of a class without which nothing can be learnt or judged."""


def useful_scores(learnt_from: Dataset, test: Dataset, prefix: str) -> dict[str, float]:
    """Return how well a logistic regression that learnt from some samples tells the labels of real test samples.

    With generated samples it is "train on synthetic, test on real" (TSTR, Esteban et al. 2017), to be set beside the
    same from real ones (TRTR). Series are read by the summaries of each channel, other samples by their values.

    Returns
    -------
    dict
        ``prefix_accuracy``, and ``prefix_auroc`` (of more than two classes the mean of one against the rest). Empty
        where labels are not known; NaN where of a class there are too few to learn from.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    if learnt_from.labels is None or test.labels is None:
        return {}
    known = [np.flatnonzero(data.labels >= 0) for data in (learnt_from, test) if data.labels is not None]
    given, asked = learnt_from.subset(known[0]), test.subset(known[1])
    assert given.labels is not None and asked.labels is not None
    classes = np.unique(asked.labels)
    counts = np.array([(given.labels == each).sum() for each in classes])
    if len(classes) < 2:
        return {}
    if (counts < FEWEST).any():
        return {f"{prefix}_accuracy": float("nan"), f"{prefix}_auroc": float("nan")}
    scaler = Scaler("standard").fit(_read(given))
    inputs = [np.nan_to_num(scaler.apply(_read(data))) for data in (given, asked)]
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=500).fit(inputs[0], given.labels)
    told = model.predict_proba(inputs[1])
    columns = np.searchsorted(model.classes_, classes)
    if len(classes) == 2:
        auroc = roc_auc_score(asked.labels == classes[1], told[:, columns[1]])
    else:
        each = [roc_auc_score(asked.labels == label, told[:, at]) for label, at in zip(classes, columns, strict=True)]
        auroc = sum(each) / len(each)
    accuracy = (model.classes_[told.argmax(axis=1)] == asked.labels).mean()
    return {f"{prefix}_accuracy": float(accuracy), f"{prefix}_auroc": float(auroc)}


def _read(data: Dataset) -> np.ndarray:
    if data.values.ndim == 3:
        return summaries(data.values).astype(np.float32)
    return data.values.reshape(len(data), -1)
