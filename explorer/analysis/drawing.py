"""Codes drawn at random for a model without a prior: from a distribution that is fitted to the codes of samples."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from explorer.errors import InputError

Source = Literal["prior", "gaussian", "kernel"]
SOURCES: tuple[Source, ...] = get_args(Source)
"""The model's own p(z); a Gaussian with the codes' mean and covariance; the codes themselves, each a little moved."""


def drawn_near(codes: np.ndarray, count: int, source: Source, seed: int = 0) -> np.ndarray:
    """Return codes that are distributed about as those of samples.

    Parameters
    ----------
    codes : ndarray ``(N, L)``
        Those that are not finite are left out.
    count : int
    source : {"gaussian", "kernel"}
        A Gaussian of their mean and covariance, which fills holes and joins clusters; or a smoothed bootstrap (Efron
        1979; Silverman 1986): a sample's code moved by a Gaussian as wide as `explorer.analysis.manifold.kernel_width`
        chooses.
    seed : int

    Returns
    -------
    ndarray, float64 ``(count, L)``

    Raises
    ------
    InputError
        If there are fewer than two finite codes.
    """
    from explorer.analysis.manifold import MOST, kernel_width

    known = np.asarray(codes[np.isfinite(codes).all(axis=1)], dtype=np.float64)
    if len(known) < 2:
        raise InputError("there are too few codes to draw others like them", remedy="Take data with more samples")
    rng = np.random.default_rng(seed)
    if source == "kernel":
        width = kernel_width(known[:: max(1, -(-len(known) // MOST))])
        return known[rng.integers(len(known), size=count)] + width * rng.standard_normal((count, known.shape[1]))
    mean, centred = known.mean(axis=0), known - known.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / (len(known) - 1))
    noise = rng.standard_normal((count, known.shape[1])) * np.sqrt(np.maximum(values, 0))
    return mean + noise @ vectors.T
