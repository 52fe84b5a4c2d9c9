"""Uniform manifold approximation and projection."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np

from explorer.analysis.nearest import nearest
from explorer.parameters import Param
from explorer.progress import Progress, check

EXTENT = 10.0
"""Of the map at the start, which the forces are made for."""
NEGATIVES = 5
"""Codes that push another away, for each that pulls it."""


@dataclass(kw_only=True, eq=False, repr=False)
class UMAP:
    """Like t-SNE, with somewhat more of the order of groups, and tighter ones.

    McInnes, Healy and Melville (2018), by umap-learn; from the principal components on, which serve as well as a
    spectral start (Kobak and Linderman 2021) and cannot fail.
    """

    title: ClassVar[str] = "UMAP"

    neighbours: Annotated[int, Param("How many neighbours make a neighbourhood.", ge=2, le=500)] = 15
    min_dist: Annotated[
        float, Param("How near to each other codes may be laid; small values make tight groups.", ge=0, le=0.99)
    ] = 0.1
    iterations: Annotated[int, Param("Steps of the optimisation.", ge=50, le=20_000, advanced=True)] = 300
    most: Annotated[
        int,
        Param("Codes that are laid out; over this some are drawn and the others placed by them.", ge=50, advanced=True),
    ] = 10_000

    def lay_out(self, codes: np.ndarray, start: np.ndarray, seed: int, progress: Progress) -> np.ndarray:
        """Return coordinates ``(N, dims)`` of codes ``(N, L)``, of at least five, begun at `start`."""
        progress.report(float("nan"), "getting UMAP ready")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it was made without TensorFlow, and of what it compiles
            from umap.umap_ import find_ab_params, fuzzy_simplicial_set, simplicial_set_embedding

        check(progress)
        self.neighbours = min(self.neighbours, len(codes) - 1)
        progress.report(float("nan"), "nearest neighbours")
        # It counts a code among its own neighbours.
        indices, distances = nearest(codes, self.neighbours - 1, progress=progress)
        indices = np.column_stack([np.arange(len(codes)), indices])
        distances = np.column_stack([np.zeros(len(codes)), distances]).astype(np.float32)
        random = np.random.RandomState(seed)
        graph, *_ = fuzzy_simplicial_set(
            codes, self.neighbours, random, "euclidean", knn_indices=indices, knn_dists=distances
        )
        a, b = find_ab_params(1.0, self.min_dist)
        begun = start * (EXTENT / (np.abs(start).max() or 1.0)) + random.normal(scale=1e-4 * EXTENT, size=start.shape)
        laid_out, _ = simplicial_set_embedding(
            codes, graph, start.shape[1], 1.0, a, b, 1.0, NEGATIVES, self.iterations, begun.astype(np.float32),
            random, "euclidean", {}, False, {}, False, parallel=False, verbose=False,
            tqdm_kwds={
                "disable": False, "file": _Told(progress, self.iterations), "bar_format": "{n_fmt}", "mininterval": 0,
                "miniters": 1, "leave": False,
            },
        )  # fmt: skip
        return np.asarray(laid_out, np.float64)


class _Told:
    """The file that umap-learn's bar is drawn on: the one place where its optimisation can be watched and stopped."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total = progress, total

    def write(self, text: str) -> Any:
        """Take a number of steps, as text, and stop there if the person asked to."""
        check(self._progress)
        if text.strip().isdigit():
            self._progress.report(int(text) / self._total, "UMAP")

    def flush(self) -> None:
        """Do nothing."""
