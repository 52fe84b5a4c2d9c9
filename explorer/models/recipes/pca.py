"""Principal component analysis, as on the slides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.gaps import fill_gaps
from explorer.data.scaling import Scaler
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.models.samples import check_shape, checked
from explorer.models.spec import SampleSpec
from explorer.parameters import Param, validate, values_of
from explorer.progress import Progress
from explorer.training.history import History


@dataclass(kw_only=True, eq=False, repr=False)
class PCA(LatentModel):
    """The directions in which the samples vary most; fast, exact and linear.

    The eigenvectors U of the covariance C = 1/(N−1) Σ (xᵢ − x̄)(xᵢ − x̄)ᵀ = U Σ Uᵀ. Codes are z = Uᵀ(x − x̄), and
    samples come back as x̂ = U z + x̄ (slides, eq. 1). Series and images are flattened. Missing values are filled: in
    series along time by straight lines, beyond a shorter one's end by its last value, elsewhere by the mean; tables
    (N, D) with NaN are refused, as scikit-learn's PCA does.

    Attributes
    ----------
    mean_ : ndarray, float64 ``(D,)``
    components_ : ndarray, float64 ``(latent_dim_, D)``
        Unit vectors; the sign is such that the largest entry of each is positive, as in scikit-learn.
    explained_variance_, explained_variance_ratio_ : ndarray, float64 ``(latent_dim_,)``
        Eigenvalues, and their share of the whole variance.
    """

    title: ClassVar[str] = "PCA"
    family: ClassVar[str] = "Linear"

    latent_dim: Annotated[
        int, Param("Number of components; at most as many as there are features or samples.", ge=1, le=4096)
    ] = 2

    def fit(self, X: Dataset | np.ndarray, y: object = None, *, progress: Progress | None = None) -> Self:
        """Find the components; see `LatentModel.fit`."""
        validate(type(self), values_of(self))
        dataset = checked(self, X, reset=True, allow_nan=not _is_table(X))
        values = dataset.values if not isinstance(X, Dataset) else dataset.values[dataset.indices("train")]
        if not len(values):
            raise InputError("no sample is for training", source=dataset.name, remedy="Change the split")
        missing = float(np.isnan(values).mean())
        filled = fill_gaps(values, Scaler("standard").fit(values).shift_) if missing else values
        flat = filled.reshape(len(values), -1).astype(np.float64)
        self.sample_shape_ = dataset.sample_shape
        self.latent_dim_ = min(self.latent_dim, *flat.shape)
        self.history_ = History(stopped="finished", notes=_notes(missing, values.ndim))
        self.mean_ = flat.mean(axis=0)
        variances, self.components_ = _components(flat - self.mean_, self.latent_dim_)
        total = flat.var(axis=0, ddof=1).sum() if len(flat) > 1 else 0.0
        self.explained_variance_ = variances
        self.explained_variance_ratio_ = variances / total if total > 0 else np.zeros_like(variances)
        return self

    def transform(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the codes, float32; see `LatentModel.transform`."""
        self._check_fitted()
        dataset = checked(self, X, reset=False, allow_nan=not _is_table(X))
        check_shape(dataset, self.sample_shape_)
        filled = fill_gaps(dataset.values, self.mean_.reshape(self.sample_shape_))
        flat = filled.reshape(len(dataset), -1).astype(np.float64)
        return ((flat - self.mean_) @ self.components_.T).astype(np.float32)

    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        """Return the samples of codes, float32; see `LatentModel.inverse_transform`."""
        codes = self._checked_codes(Z).astype(np.float64)
        flat = codes @ self.components_ + self.mean_
        return flat.reshape(-1, *self.sample_shape_).astype(np.float32)

    def size(self, data: SampleSpec | Dataset | tuple[int, ...]) -> int:
        """Return the entries of components and mean."""
        features = int(np.prod(SampleSpec.of(data).shape))
        return (min(self.latent_dim, features) + 1) * features

    def _arrays(self) -> dict[str, np.ndarray]:
        return {
            "mean": self.mean_,
            "components": self.components_,
            "explained_variance": self.explained_variance_,
            "explained_variance_ratio": self.explained_variance_ratio_,
        }

    def _facts(self) -> dict[str, Any]:
        return {**self._shape_facts(), "notes": self.history_.notes}

    def _restore(self, arrays: dict[str, np.ndarray], facts: dict[str, Any]) -> None:
        self.mean_, self.components_ = arrays["mean"], arrays["components"]
        self._restore_shape(facts, len(self.components_))
        if (
            self.components_.shape[1] != int(np.prod(self.sample_shape_))
            or self.mean_.size != self.components_.shape[1]
        ):
            raise ValueError("components do not fit the samples' shape")
        self.explained_variance_ = arrays["explained_variance"]
        self.explained_variance_ratio_ = arrays["explained_variance_ratio"]
        self.history_ = History(stopped="finished", notes=list(facts.get("notes", [])))


def _is_table(X: object) -> bool:
    """Whether this is an array or a list of two axes, which scikit-learn's rules hold for."""
    return not isinstance(X, Dataset) and getattr(X, "ndim", 2) <= 2


def _notes(missing: float, axes: int) -> list[str]:
    """Return what a person should know of the share of values that were filled."""
    if not missing:
        return []
    how = "by straight lines along time" if axes == 3 else "by the mean"
    return [f"{100 * missing:.2g} % of the values for training were missing; PCA had them filled {how}."]


def _components(centred: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest eigenvalues of the covariance of centred samples ``(N, D)``, and their eigenvectors as rows.

    With fewer samples than features the N×N Gram matrix has the same eigenvalues, and a smaller problem to solve.
    """
    n, d = centred.shape
    divisor = max(1, n - 1)
    if n >= d:
        variances, vectors = np.linalg.eigh(centred.T @ centred / divisor)
        rows = vectors.T[::-1][:count]
    else:
        variances, vectors = np.linalg.eigh(centred @ centred.T / divisor)
        rows = _orthonormal(vectors.T[::-1][:count] @ centred)
    variances = np.maximum(variances[::-1][:count], 0.0)
    largest = np.abs(rows).argmax(axis=1)
    signs = np.sign(rows[np.arange(len(rows)), largest])
    return variances, rows * np.where(signs == 0, 1.0, signs)[:, None]


def _orthonormal(rows: np.ndarray) -> np.ndarray:
    """Return unit vectors along `rows`; those that are lost in rounding become any that are orthogonal to the rest."""
    triangular = np.linalg.qr(rows.T)
    signs = np.sign(np.diag(triangular.R))
    return triangular.Q.T * np.where(signs == 0, 1.0, signs)[:, None]
