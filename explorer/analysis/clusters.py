"""Groups among codes, found without looking at labels, and how well they agree with labels afterwards."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.nearest import nearest
from explorer.errors import InputError
from explorer.parameters import Param, make_method, values_of
from explorer.progress import Progress, Silent, check

MOST = 20_000
"""Codes among which groups are found; of more, others join the group of their nearest."""
JUDGED = 3000
"""Codes by which silhouettes are computed, each with each."""
LARGEST = 10
"""Groups that k-means tries, where their number is not given."""


@dataclass(frozen=True, eq=False)
class Clustering:
    """Groups of codes.

    Parameters
    ----------
    labels : ndarray, int64 ``(N,)``
        Numbered by size, the largest 0; -1 is noise, and codes that are no numbers.
    n_clusters : int
    params : dict
        As they were used.
    """

    labels: np.ndarray
    n_clusters: int
    params: dict[str, Any]


@dataclass(kw_only=True, eq=False, repr=False)
class KMeans:
    """Round groups of about equal spread, every code in one (Lloyd 1982, started as by Arthur and Vassilvitskii)."""

    title: ClassVar[str] = "k-means"

    clusters: Annotated[
        int | None,
        Param(f"How many groups; auto: the number from 2 to {LARGEST} of the best silhouette.", ge=1, le=1000),
    ] = None

    def find(self, codes: np.ndarray, seed: int, progress: Progress) -> np.ndarray:
        """Return the group of each of the codes ``(N, L)``."""
        different = len(np.unique(codes, axis=0))
        if self.clusters is not None or different < 3:
            self.clusters = min(self.clusters or 1, different)
            return self._found(codes, self.clusters, seed)
        best, chosen = -math.inf, np.zeros(len(codes), dtype=np.int64)
        counts = range(2, min(LARGEST, different - 1) + 1)
        for i, count in enumerate(counts):
            progress.report(i / len(counts), f"{count} groups")
            check(progress)
            labels = self._found(codes, count, seed)
            score = silhouette(codes, labels, seed)
            if score > best:
                best, chosen, self.clusters = score, labels, count
        return chosen

    def _found(self, codes: np.ndarray, count: int, seed: int) -> np.ndarray:
        from sklearn import cluster

        how: Any = cluster.KMeans  # its stubs want a word for the number of starts
        return how(count, n_init=10, random_state=seed).fit_predict(codes)


@dataclass(kw_only=True, eq=False, repr=False)
class HDBSCAN:
    """Groups of any form and density, as many as there are; codes between them are noise (Campello et al. 2013)."""

    title: ClassVar[str] = "HDBSCAN"

    smallest: Annotated[
        int | None,
        Param("Codes that make a group, at least; auto: a hundredth of all, but 5 or more.", ge=2, le=100_000),
    ] = None
    core: Annotated[
        int | None, Param("Neighbours that make a place dense; auto: as many as make a group.", ge=1, le=1000)
    ] = None

    def find(self, codes: np.ndarray, seed: int, progress: Progress) -> np.ndarray:
        """Return the group of each of the codes ``(N, L)``, -1 for noise."""
        from sklearn import cluster

        if self.smallest is None:
            self.smallest = max(5, len(codes) // 100)
        if len(codes) < max(self.smallest, self.core or 1):
            return np.full(len(codes), -1)
        progress.report(math.nan, "dense places")
        how: Any = cluster.HDBSCAN  # its stubs know fewer parameters
        return how(min_cluster_size=self.smallest, min_samples=self.core, copy=True).fit_predict(codes)


METHODS: dict[str, type] = {"k-means": KMeans, "hdbscan": HDBSCAN}
"""The methods by name; their declared parameters are what `find_clusters` takes."""


def find_clusters(
    codes: np.ndarray,
    method: str = "k-means",
    params: Mapping[str, Any] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Clustering:
    """Find groups among codes ``(N, L)`` by Euclidean distance; the same codes, parameters and seed give the same.

    Over `MOST` codes, as many are drawn, and the others join the group of the nearest of them.

    Raises
    ------
    InputError
        If a method or parameter does not exist or fit, or no code is finite.
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    how = make_method(METHODS, method, params, "clustering")
    rows = np.flatnonzero(np.isfinite(codes).all(axis=1))
    if not len(rows):
        raise InputError("no code is a number", remedy="Train another model")
    finite = np.asarray(codes[rows], np.float64)
    progress.report(0.0, how.title)
    check(progress)
    some = np.arange(len(rows))
    if len(rows) > MOST:
        some = np.sort(np.random.default_rng(seed).choice(len(rows), MOST, replace=False))
    found = np.asarray(how.find(finite[some], seed, progress), np.int64)
    check(progress)
    if len(some) < len(rows):
        progress.report(math.nan, "the other codes")
        found = found[nearest(finite[some], 1, finite, progress=progress)[0][:, 0]]
    labels = np.full(len(codes), -1, dtype=np.int64)
    labels[rows] = _by_size(found)
    return Clustering(labels, int(labels.max(initial=-1)) + 1, values_of(how))


def _by_size(labels: np.ndarray) -> np.ndarray:
    """Return labels renumbered, the most frequent 0; what is negative becomes -1."""
    names, counts = np.unique(labels[labels >= 0], return_counts=True)
    renamed = np.full(len(labels), -1, dtype=np.int64)
    for number, name in enumerate(names[np.argsort(-counts, kind="stable")]):
        renamed[labels == name] = number
    return renamed


def silhouette(codes: np.ndarray, labels: np.ndarray, seed: int = 0) -> float:
    """Return how much nearer codes are to their own group than to the next, -1 to 1 (Rousseeuw 1987).

    Of codes that are no noise, over `JUDGED` of them of as many drawn by `seed`; NaN where there are not two groups.
    """
    from sklearn.metrics import silhouette_score

    rows = np.flatnonzero((labels >= 0) & np.isfinite(codes).all(axis=1))
    if len(rows) > JUDGED:
        rows = np.sort(np.random.default_rng(seed).choice(rows, JUDGED, replace=False))
    if not 2 <= len(np.unique(labels[rows])) < len(rows):
        return math.nan
    return float(silhouette_score(codes[rows], labels[rows]))


def agreement(labels: np.ndarray, clusters: np.ndarray) -> dict[str, float]:
    """Return how far clusters agree with labels: "ari", adjusted Rand index, and "nmi", normalised mutual information.

    Over the samples whose label is known (not -1); noise counts as a cluster of its own. ARI (Hubert and Arabie 1985)
    is 0 for chance and 1 for agreement; NMI is divided by the arithmetic mean of both entropies. Empty where fewer than
    two labels are known.
    """
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    known = labels >= 0
    if known.sum() < 2:
        return {}
    with warnings.catch_warnings():
        # It doubts that many clusters of few samples are meant as such; they are.
        warnings.simplefilter("ignore", UserWarning)
        return {
            "ari": float(adjusted_rand_score(labels[known], clusters[known])),
            "nmi": float(normalized_mutual_info_score(labels[known], clusters[known])),
        }
