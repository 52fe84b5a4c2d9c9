"""How odd samples and time steps are, how well that tells anomalies, and what trivial scores reach."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.analysis.nearest import nearest
from explorer.data.dataset import Dataset
from explorer.data.gaps import fill_gaps
from explorer.data.scaling import Scaler
from explorer.errors import InputError
from explorer.models.recipes.pca import PCA
from explorer.progress import Progress, Silent, check

NAMES = re.compile(r"anomal|outlier|abnormal|fault|attack|fraud|novel", re.IGNORECASE)
"""Classes called so are anomalies, where nobody says which are."""
STARTS = "first step"
"""The column that tells at which step of one recording each sample, a window of it, begins."""
EXPLAINED = 0.9
"""Share of the variance that the components of the PCA baseline explain, at least."""
MOST = 3000
"""Training samples that the baselines learn from, drawn by the seed."""


def sample_scores(errors: np.ndarray) -> np.ndarray:
    """Return the mean of each sample's squared errors ``(N, …)``, NaN left out: float64 ``(N,)``."""
    return _mean(errors.reshape(len(errors), -1))


def step_scores(errors: np.ndarray) -> np.ndarray:
    """Return the mean over channels of the squared errors of series ``(N, T, C)``, NaN left out: ``(N, T)``."""
    return _mean(errors)


def _mean(values: np.ndarray) -> np.ndarray:
    """Return means over the last axis of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    counts = known.sum(axis=-1)
    sums = np.where(known, values, 0.0).sum(axis=-1, dtype=np.float64)
    return np.divide(sums, counts, out=np.full(counts.shape, np.nan), where=counts > 0)


def fold_back(windows: np.ndarray, starts: np.ndarray, length: int | None = None) -> np.ndarray:
    """Return scores along a recording from those of windows of it, averaged where windows overlap.

    Parameters
    ----------
    windows : ndarray ``(N, T)``
        Scores of the steps of each window; NaN counts for nothing.
    starts : ndarray, int ``(N,)``
        Step of the recording at which each window begins.
    length : int, optional
        Steps of the recording; by default up to the end of the last window.

    Returns
    -------
    ndarray, float64 ``(length,)``
        NaN where no window has a score.
    """
    places = np.asarray(starts, np.int64)[:, None] + np.arange(windows.shape[1])
    length = int(places.max(initial=-1)) + 1 if length is None else length
    counts = np.isfinite(windows) & (places >= 0) & (places < length)
    sums = np.bincount(places[counts], weights=windows[counts], minlength=length)
    times = np.bincount(places[counts], minlength=length)
    return np.divide(sums, times, out=np.full(length, np.nan), where=times > 0)


def starts_of(dataset: Dataset) -> np.ndarray | None:
    """Return at which step of a recording each sample begins; None where the samples are no windows of one."""
    starts = dataset.columns.get(STARTS)
    known = starts is not None and dataset.values.ndim == 3 and starts.dtype.kind in "iu" and starts.min(initial=0) >= 0
    return np.asarray(starts, np.int64) if known else None


def judge(anomalous: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """Return how well scores tell anomalies from the rest, over all thresholds and without adjusting any hit.

    Parameters
    ----------
    anomalous : ndarray, bool
    scores : ndarray, same shape
        The higher the odder; entries with NaN are left out.

    Returns
    -------
    dict
        "roc_auc": the probability that an anomaly scores higher than the rest; "average_precision": the mean precision
        at each anomaly, which for random scores is about the "prevalence". Empty where there are only anomalies, or
        none.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    known = np.isfinite(scores)
    truth, found = anomalous[known], scores[known]
    if not truth.any() or truth.all():
        return {}
    return {
        "roc_auc": float(roc_auc_score(truth, found)),
        "average_precision": float(average_precision_score(truth, found)),
        "prevalence": float(truth.mean()),
    }


@dataclass(frozen=True, eq=False)
class Truth:
    """What is known of anomalies.

    Parameters
    ----------
    names : list of str
        The classes that count as such.
    samples : ndarray, int8 ``(N,)``
        1 an anomaly, or a sample with one; 0 none; -1 unknown.
    steps : ndarray or None, int8 ``(N, T)``
        The same of the steps of series with masks.
    """

    names: list[str]
    samples: np.ndarray
    steps: np.ndarray | None = None


def anomalies(dataset: Dataset, names: Sequence[str] = ()) -> Truth | None:
    """Return what data know of anomalies: from the masks of series, else from labels. None where nothing tells.

    Parameters
    ----------
    dataset : Dataset
    names : sequence of str
        The classes that are anomalies. By default of masks all but the first, the background; of labels those with an
        anomaly's name, or else the rarer of just two.

    Raises
    ------
    InputError
        If there is no such class.
    """
    if dataset.masks is not None and dataset.values.ndim == 3 and set(names) <= set(dataset.mask_names):
        chosen = list(names) or list(dataset.mask_names[1:])
        steps = _chosen(dataset.masks, dataset.mask_names, chosen)
        known = (steps >= 0).any(axis=1)
        return Truth(chosen, np.where(known, (steps == 1).any(axis=1), -1).astype(np.int8), steps)
    unknown = [name for name in names if name not in dataset.class_names]
    if unknown:
        known_names = ", ".join(dataset.class_names or dataset.mask_names) or "none"
        raise InputError(f"there is no class '{unknown[0]}'", source=dataset.name, remedy=f"There are: {known_names}")
    if dataset.labels is None:
        return None
    chosen = list(names) or _guessed(dataset.labels, dataset.class_names)
    return Truth(chosen, _chosen(dataset.labels, dataset.class_names, chosen)) if chosen else None


def _guessed(labels: np.ndarray, names: Sequence[str]) -> list[str]:
    named = [name for name in names if NAMES.search(name)]
    if named or len(names) != 2:
        return named
    counts = np.bincount(labels[labels >= 0], minlength=2)
    return [] if counts[0] == counts[1] else [names[int(counts.argmin())]]


def _chosen(classes: np.ndarray, names: Sequence[str], chosen: Sequence[str]) -> np.ndarray:
    """Return 1 for the chosen classes, 0 for others, -1 where unknown."""
    numbers = [names.index(name) for name in chosen]
    return np.where(classes < 0, -1, np.isin(classes, numbers)).astype(np.int8)


def baseline_errors(
    dataset: Dataset, rows: np.ndarray, seed: int = 0, progress: Progress | None = None
) -> dict[str, np.ndarray]:
    """Return squared errors of trivial methods on samples `rows`, to be used as those of a model.

    All of them learn from the train part alone. The errors are of standardised values.

    Returns
    -------
    dict of str to ndarray ``(len(rows), *sample_shape)``
        "random": noise. "|x|": distance to the channel's mean. "pca": what the components that explain nine tenths
        of the variance leave. "1-nn": distance to the nearest training sample. Unknown values stay NaN.
        Of tokens "random", and "rarity": minus the logarithm of each token's frequency in the train part.

    Raises
    ------
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    train = dataset.indices("train")
    if not len(train):
        raise InputError("no sample is for training", source=dataset.name, remedy="Change the split")
    rng = np.random.default_rng(seed)
    if dataset.vocabulary:
        return _token_baselines(dataset, train, rows, rng)
    scaler = Scaler("standard").fit(dataset.values[train])
    values = scaler.apply(dataset.values[rows])
    shape = values.shape
    zero = np.zeros(1, np.float32)
    if len(train) > MOST:
        train = np.sort(rng.choice(train, MOST, replace=False))
    learnt = fill_gaps(scaler.apply(dataset.values[train]), zero).reshape(len(train), -1)
    given = fill_gaps(values, zero).reshape(len(rows), -1)
    places = np.where(np.isfinite(values).any(axis=-1, keepdims=True), rng.random((*shape[:-1], 1)), np.nan)
    found = {"random": np.broadcast_to(places, shape), "|x|": values**2}
    check(progress)
    progress.report(0.1, "principal components")
    found["pca"] = (values - _projected(learnt, given).reshape(shape)) ** 2
    check(progress)
    progress.report(0.5, "nearest training samples")
    twin = nearest(learnt, 1, given, progress=progress)[0][:, 0]
    found["1-nn"] = (values - learnt[twin].reshape(shape)) ** 2
    progress.report(1.0, "baselines")
    return found


def _token_baselines(
    dataset: Dataset, train: np.ndarray, rows: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    learnt = dataset.subset(train).flat.sum(axis=0, dtype=np.float64) + 1.0
    rarity = -np.log(learnt / learnt.sum())[dataset.values[rows]]
    within = np.ones(rarity.shape, dtype=bool)
    if dataset.lengths is not None:
        within = np.arange(rarity.shape[1]) < dataset.lengths[rows, None]
    return {
        "random": np.where(within, rng.random(rarity.shape), np.nan),
        "rarity": np.where(within, rarity, np.nan),
    }


def _projected(learnt: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Return what PCA makes of samples ``(M, D)``, with the components that explain enough of those ``(N, D)``."""
    full = PCA(latent_dim=min(learnt.shape)).fit(learnt)
    count = int(np.searchsorted(np.cumsum(full.explained_variance_ratio_), EXPLAINED)) + 1
    vectors = full.components_[: min(count, learnt.shape[1] - 1)]
    return (given - full.mean_) @ vectors.T @ vectors + full.mean_
