"""How much simple predictors read out of codes, beside what they read out of the samples themselves."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from explorer.errors import InputError
from explorer.progress import Progress, Silent, check

Features = Literal["code", "raw", "pca"]
Probe = Literal["knn", "linear"]
Measure = Literal["accuracy", "r2"]
NEIGHBOURS = 5
PENALTIES = (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3)
"""Of ridge regression; which is best is told by leaving out one training sample after the other."""
MOST = 5000
"""Samples that are probed at most, drawn by the seed."""


@dataclass(frozen=True, eq=False)
class Score:
    """What one probe reached on one kind of features, on each held-out fold: float64 ``(folds,)``."""

    features: Features
    probe: Probe
    folds: np.ndarray


@dataclass(frozen=True)
class Probing:
    """What all probes reached.

    Parameters
    ----------
    measure : {"accuracy", "r2"}
    scores : list of Score
    baseline : float
        What the most frequent class, or the mean, of the other folds reaches.
    n_samples, n_folds : int
    """

    measure: Measure
    scores: list[Score]
    baseline: float
    n_samples: int
    n_folds: int


def probe(
    codes: np.ndarray,
    raw: np.ndarray,
    target: np.ndarray,
    folds: int = 5,
    seed: int = 0,
    progress: Progress | None = None,
    features: Sequence[Features] = ("code", "raw", "pca"),
) -> Probing:
    """Cross-validate k-NN and linear probes on codes, on raw samples, and on as many principal components as codes.

    The folds are the same for all features, and stratified for classes. All that is learnt, the components and the
    scaling included, is learnt within the training folds. "knn": 5 nearest neighbours by Euclidean distance.
    "linear": logistic regression, or ridge regression for numbers, on standardised features.

    Parameters
    ----------
    codes : ndarray ``(N, L)``
        Of samples that the model has not seen, if the figures are to mean anything.
    raw : ndarray ``(N, …)``
        The samples; flattened, missing values become the mean of their training fold.
    target : ndarray ``(N,)``
        Integers are classes, -1 where unknown; floats are numbers, NaN where unknown.
    folds : int
        Classes with fewer samples than this are left out, unless fewer than two would be left: then it is lowered.
    seed : int
    progress : Progress, optional
    features : sequence of {"code", "raw", "pca"}
        What to probe.

    Raises
    ------
    InputError
        If there are not two classes, or too few samples.
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    measure: Measure = "accuracy" if np.asarray(target).dtype.kind in "iu" else "r2"
    known = np.isfinite(codes).all(axis=1) & (target >= 0 if measure == "accuracy" else np.isfinite(target))
    rows, folds = _usable(target, np.flatnonzero(known), folds, measure)
    if len(rows) > MOST:
        rows = np.sort(np.random.default_rng(seed).choice(rows, MOST, replace=False))
        rows, folds = _usable(target, rows, folds, measure)
    parts = list(_folds(target[rows], folds, seed, measure))
    flat = np.asarray(raw).reshape(len(raw), -1)
    given: dict[Features, np.ndarray] = {name: (codes if name == "code" else flat)[rows] for name in features}
    makers = _makers(measure, seed)
    found: dict[tuple[Features, Probe], list[float]] = {}
    baseline: list[float] = []
    steps = len(parts) * len(given) * len(makers)
    for i, (train, test) in enumerate(parts):
        here, there = target[rows][train], target[rows][test]
        baseline.append(_score(measure, there, np.full(len(there), _usual(here, measure))))
        for j, (what, values) in enumerate(given.items()):
            for k, (name, make) in enumerate(makers.items()):
                progress.report((i * len(given) * len(makers) + j * len(makers) + k) / steps, f"{name} on {what}")
                check(progress)
                width = min(codes.shape[1], flat.shape[1], len(train)) if what == "pca" else 0
                predictor = make(width, len(train))
                with warnings.catch_warnings():
                    # That it stopped short of the last digit, or that a feature of a fold never changes.
                    warnings.simplefilter("ignore")
                    predicted = predictor.fit(values[train], here).predict(values[test])
                found.setdefault((what, name), []).append(_score(measure, there, predicted))
    progress.report(1.0, "probes")
    scores = [Score(what, name, np.array(values)) for (what, name), values in found.items()]
    return Probing(measure, scores, float(np.mean(baseline)), len(rows), folds)


def _usable(target: np.ndarray, rows: np.ndarray, folds: int, measure: Measure) -> tuple[np.ndarray, int]:
    """Return the samples that can be probed, and in how many folds."""
    if folds < 2:
        raise InputError(f"a probe cannot be validated on {folds} folds", remedy="Give 2 or more")
    if measure == "r2":
        # Two samples in each fold, since one alone has no variance.
        if len(rows) < 4:
            raise InputError("there are too few samples whose number is known", remedy="Choose another column")
        return rows, min(folds, len(rows) // 2)
    classes, counts = np.unique(target[rows], return_counts=True)
    second = np.sort(counts)[-2] if len(counts) > 1 else 0
    if second < 2:
        raise InputError(
            "a probe needs two classes with two samples each", remedy="Choose data with labels, or with more of them"
        )
    folds = min(folds, int(second))
    return rows[np.isin(target[rows], classes[counts >= folds])], folds


def _folds(target: np.ndarray, folds: int, seed: int, measure: Measure) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import KFold, StratifiedKFold

    split = (StratifiedKFold if measure == "accuracy" else KFold)(folds, shuffle=True, random_state=seed)
    return split.split(np.zeros(len(target)), target)


def _makers(measure: Measure, seed: int) -> Mapping[Probe, Callable[[int, int], Any]]:
    """Return what makes a predictor, given a number of components (0: none) and of training samples."""
    from sklearn.decomposition import PCA
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, RidgeCV
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    classes = measure == "accuracy"

    def first(components: int) -> list[Any]:
        filled = SimpleImputer(keep_empty_features=True)
        return [filled, PCA(components, random_state=seed)] if components else [filled]

    def knn(components: int, n: int) -> Any:
        kind = KNeighborsClassifier if classes else KNeighborsRegressor
        return make_pipeline(*first(components), kind(min(NEIGHBOURS, n)))

    def linear(components: int, n: int) -> Any:
        predictor = LogisticRegression(max_iter=500) if classes else RidgeCV(PENALTIES)
        return make_pipeline(*first(components), StandardScaler(), predictor)

    return {"knn": knn, "linear": linear}


def _usual(target: np.ndarray, measure: Measure) -> Any:
    """Return the most frequent class, or the mean."""
    if measure == "r2":
        return target.mean()
    classes, counts = np.unique(target, return_counts=True)
    return classes[counts.argmax()]


def _score(measure: Measure, truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return the share that is right, or 1 − Σ(y − ŷ)² / Σ(y − ȳ)²."""
    if measure == "accuracy":
        return float(np.mean(truth == predicted))
    spread = float(np.sum((truth - truth.mean()) ** 2))
    return 1 - float(np.sum((truth - predicted) ** 2)) / spread if spread > 0 else 0.0
