"""Find groups among the codes of a run."""

from __future__ import annotations

import math

from explorer.progress import Part, Progress
from explorer.workspace.fitted import codes_of, fitted
from explorer.workspace.messages import Clusters, FindClusters


def find_clusters(request: FindClusters, progress: Progress) -> Clusters:
    """Return the group of each sample, and how well groups and labels agree; see `FindClusters`.

    Raises
    ------
    InputError
        If the run is gone, the data do not fit it, or the method or a parameter does not exist.
    Cancelled
        If the person cancelled.
    """
    from explorer.analysis.clusters import agreement, silhouette
    from explorer.analysis.clusters import find_clusters as find

    model, used = fitted(request.model)
    codes = codes_of(model, request.data, Part(progress, 0, 0.3))
    found = find(codes, request.method, request.params, request.seed, Part(progress, 0.3, 0.6))
    progress.report(0.9, "scores")
    scores = {"silhouette": silhouette(codes, found.labels, request.seed)}
    if request.data.labels is not None:
        scores |= agreement(request.data.labels, found.labels)
    return Clusters(
        model=used,
        method=request.method,
        labels=found.labels,
        n_clusters=found.n_clusters,
        scores={name: value for name, value in scores.items() if math.isfinite(value)},
        params=found.params,
        seed=request.seed,
    )
