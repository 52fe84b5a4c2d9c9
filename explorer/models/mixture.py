"""A few Gaussians: where the codes of samples lie."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

COMPONENTS = 8
FEWEST = 50
"""Codes for each component."""
SMALLEST = 1e-4
"""Variance that is added in every direction."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of Gaussians: weights ``(K,)``, means ``(K, L)``, and Cholesky factors of covariances ``(K, L, L)``."""

    weights: np.ndarray
    means: np.ndarray
    factors: np.ndarray

    @classmethod
    def of(cls, codes: np.ndarray, seed: int = 0) -> Self:
        """Return the mixture that codes ``(N, L)`` are likeliest from, found by expectation maximisation."""
        from sklearn.mixture import GaussianMixture

        codes = codes.astype(np.float64)
        count = max(1, min(COMPONENTS, len(codes) // FEWEST))
        if count == 1:
            covariance = (
                np.atleast_2d(np.cov(codes.T, bias=True)) if len(codes) > 1 else np.zeros((codes.shape[1],) * 2)
            )
            factor = np.linalg.cholesky(covariance + SMALLEST * np.eye(codes.shape[1]))
            return cls(np.ones(1), codes.mean(axis=0, keepdims=True), factor[None])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it could be a little better yet
            found: Any = GaussianMixture(count, reg_covar=SMALLEST, random_state=seed, max_iter=100).fit(codes)
        return cls(found.weights_, found.means_, np.linalg.cholesky(found.covariances_))

    def draw(self, n: int, seed: int = 0) -> np.ndarray:
        """Return `n` codes, float32 ``(n, L)``."""
        rng = np.random.default_rng(seed)
        which = rng.choice(len(self.weights), n, p=self.weights / self.weights.sum())
        noise = rng.standard_normal((n, self.means.shape[1]))
        return (self.means[which] + np.einsum("nij,nj->ni", self.factors[which], noise)).astype(np.float32)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return what `from_arrays` reads back."""
        return {"prior.weights": self.weights, "prior.means": self.means, "prior.factors": self.factors}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self | None:
        """Return the mixture of `to_arrays`; None where there is none."""
        if "prior.weights" not in arrays:
            return None
        return cls(*(arrays[f"prior.{name}"] for name in ("weights", "means", "factors")))
