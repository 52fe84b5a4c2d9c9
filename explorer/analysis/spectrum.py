"""The principal components of data: how many numbers a sample needs, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from explorer.data.dataset import Dataset, check_numbers
from explorer.data.split import TRAIN
from explorer.models.recipes.pca import PCA
from explorer.progress import Progress, Silent, check


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues and eigenvectors of the covariance matrix.

    Parameters
    ----------
    variances, ratios : ndarray, float64 ``(K,)``
        In units squared, the largest first, and as shares of `total`.
    total : float
        Variance of all entries together.
    mean : ndarray, float32 ``sample_shape``
    components : ndarray, float32 ``(K, *sample_shape)``
        Of unit length, with signs such that the largest entry is positive.
    n_samples : int
        That were learnt from.
    """

    variances: np.ndarray
    ratios: np.ndarray
    total: float
    mean: np.ndarray
    components: np.ndarray
    n_samples: int


def spectrum(dataset: Dataset, count: int = 16, progress: Progress | None = None) -> Spectrum:
    """Return the first `count` principal components of the train part, or of all samples where that is empty.

    There are no more than entries of a sample, and than samples less one. Missing values are filled as the recipe
    "pca" does.

    Raises
    ------
    InputError
        If there is nothing to learn from.
    """
    progress = progress or Silent()
    check_numbers(dataset)
    progress.report(float("nan"), "principal components")
    train = dataset.indices("train")
    part = dataset.subset(train) if len(train) else dataset
    part = replace(part, split=np.full(len(part), TRAIN, np.int8))
    check(progress)
    found = PCA(latent_dim=max(1, min(count, len(part) - 1))).fit(part)
    check(progress)
    ratio = found.explained_variance_ratio_[0]
    shape = dataset.sample_shape
    return Spectrum(
        variances=found.explained_variance_,
        ratios=found.explained_variance_ratio_,
        total=float(found.explained_variance_[0] / ratio) if ratio > 0 else 0.0,
        mean=found.mean_.reshape(shape).astype(np.float32),
        components=found.components_.reshape(-1, *shape).astype(np.float32),
        n_samples=len(part),
    )
