"""What the methods of projection share: which codes are laid out, and where the others and new ones are placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from explorer.analysis.nearest import NEIGHBOURS, place
from explorer.analysis.projections.pca import PCA, Axes
from explorer.analysis.projections.tsne import TSNE
from explorer.analysis.projections.umap import UMAP
from explorer.errors import InputError
from explorer.parameters import make_method, values_of
from explorer.progress import Progress, Silent, check

FEWEST = 5
"""Of fewer codes there are no neighbourhoods; they are laid out by PCA."""


class Neighbourly(Protocol):
    """A method that lays out neighbourhoods."""

    most: int

    def lay_out(self, codes: np.ndarray, start: np.ndarray, seed: int, progress: Progress) -> np.ndarray:
        """Return coordinates ``(N, dims)`` of finite codes ``(N, L)``, from those of PCA on."""
        ...


METHODS: dict[str, type] = {"pca": PCA, "tsne": TSNE, "umap": UMAP}
"""The methods by name; their declared parameters are what `project` takes."""


@dataclass(frozen=True, eq=False)
class Projection:
    """Codes laid out.

    Parameters
    ----------
    method : str
    coordinates : ndarray, float32 ``(N, dims)``
        NaN for codes that are not finite.
    axes : Axes or None
        The linear map, of "pca" (and of what PCA had to stand in for).
    codes, laid_out : ndarray ``(K, L)``, ``(K, dims)``
        Those by which others are placed.
    params : dict
        The method's parameters as they were used.
    n_placed : int
        Codes that were placed by their neighbours.
    note : str
        What a person should know.
    """

    method: str
    coordinates: np.ndarray
    axes: Axes | None
    codes: np.ndarray
    laid_out: np.ndarray
    params: dict[str, Any] = field(default_factory=dict)
    n_placed: int = 0
    note: str = ""

    def place(self, codes: np.ndarray) -> np.ndarray:
        """Return where new codes ``(M, L)`` belong, float32 ``(M, dims)``.

        Exact for "pca"; else a mean of the places of the nearest codes (`explorer.analysis.nearest.place`), an
        approximation that cannot leave what is there already.
        """
        if self.axes is not None:
            return self.axes.apply(codes).astype(np.float32)
        return place(codes, self.codes, self.laid_out).astype(np.float32)


def project(
    codes: np.ndarray,
    method: str = "pca",
    dims: int = 2,
    params: Mapping[str, Any] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Projection:
    """Lay codes out in few dimensions. The same codes, parameters and seed give the same coordinates.

    Parameters
    ----------
    codes : ndarray ``(N, L)``
        Rows with a NaN or an infinity are left out.
    method : {"pca", "tsne", "umap"}
    dims : int
        2 or 3.
    params : mapping, optional
        What the method declares. Over `most` codes, as many are drawn and laid out, and the others are placed by
        their neighbours among them.
    seed : int
    progress : Progress, optional

    Raises
    ------
    InputError
        If a method or parameter does not exist or fit, or no code is finite.
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    if dims not in (2, 3):
        raise InputError(f"codes cannot be shown in {dims} dimensions", remedy="Give 2 or 3")
    how = make_method(METHODS, method, params, "projection")
    rows = np.flatnonzero(np.isfinite(codes).all(axis=1))
    if not len(rows):
        raise InputError("no code is a number", remedy="Train another model")
    finite = np.asarray(codes[rows], np.float64)
    progress.report(0.0, "principal components")
    check(progress)
    axes = PCA().fit(finite, dims)
    coordinates = np.full((len(codes), dims), np.nan, np.float32)
    notes = []
    if len(rows) < len(codes):
        notes.append(f"{len(codes) - len(rows)} codes are no numbers and have no place.")
    chosen, linear = np.arange(len(rows)), method == "pca"
    if not linear and len(np.unique(finite, axis=0)) < FEWEST:
        notes.append(f"Fewer than {FEWEST} different codes have no neighbourhoods to keep: this is PCA.")
        linear = True
    if linear:
        laid_out = axes.apply(finite)
    else:
        if len(rows) > how.most:
            chosen = np.sort(np.random.default_rng(seed).choice(len(rows), how.most, replace=False))
            notes.append(
                f"{how.most:,} of {len(rows):,} codes were laid out; each of the others stands at a weighted mean "
                f"of its {NEIGHBOURS} nearest."
            )
        laid_out = how.lay_out(finite[chosen], axes.apply(finite[chosen]), seed, progress)
        if not np.isfinite(laid_out).all():
            raise InputError(f"the projection by {how.title} fell apart", remedy="Try other parameters or another seed")
    found = Projection(
        method, coordinates, axes if linear else None, finite[chosen], laid_out, values_of(how),
        len(rows) - len(chosen), " ".join(notes),
    )  # fmt: skip
    coordinates[rows] = laid_out if len(chosen) == len(rows) else found.place(finite)
    progress.report(1.0, how.title)
    return found
