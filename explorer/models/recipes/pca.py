"""Principal component analysis, as on the slides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

import numpy as np

from explorer.data.blocks import blocks
from explorer.data.dataset import Dataset
from explorer.data.gaps import fill_gaps
from explorer.data.scaling import Scaler
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.models.moments import IN_MEMORY, Principal, principal, principal_of_few
from explorer.models.samples import check_shape, checked
from explorer.models.spec import SampleSpec
from explorer.parameters import Param, validate, values_of
from explorer.progress import Progress, Silent, check
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
        """Find the components; see `LatentModel.fit`.

        Samples are gone through block by block, so that a memory map stays on the disk.

        Raises
        ------
        Cancelled
            If the person cancelled: there is nothing to keep of what was done.
        """
        validate(type(self), values_of(self))
        dataset = checked(self, X, reset=True, allow_nan=not _is_table(X))
        rows = dataset.indices("train") if isinstance(X, Dataset) else np.arange(len(dataset))
        if not len(rows):
            raise InputError("no sample is for training", source=dataset.name, remedy="Change the split")
        flat = _Flat(dataset, None if len(rows) == len(dataset) else rows, progress or Silent())
        found = flat.principal(self.latent_dim)
        self.sample_shape_ = dataset.sample_shape
        self.latent_dim_ = len(found.components)
        self.history_ = History(stopped="finished", notes=_notes(flat.missing, dataset.values.ndim, found.settled))
        self.mean_, self.components_ = found.mean, _pointing(found.components)
        self.explained_variance_ = found.variances
        shares = found.variances / found.total if found.total > 0 else np.zeros_like(found.variances)
        self.explained_variance_ratio_ = shares
        return self

    def transform(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the codes, float32; see `LatentModel.transform`."""
        self._check_fitted()
        dataset = checked(self, X, reset=False, allow_nan=not _is_table(X))
        check_shape(dataset, self.sample_shape_)
        codes = np.empty((len(dataset), self.latent_dim_), dtype=np.float32)
        for first, block in blocks(dataset.values):
            filled = fill_gaps(block, self.mean_.reshape(self.sample_shape_))
            flat = filled.reshape(len(block), -1).astype(np.float64)
            codes[first : first + len(block)] = (flat - self.mean_) @ self.components_.T
        return codes

    def inverse_transform(self, Z: np.ndarray) -> np.ndarray:
        """Return the samples of codes, float32; see `LatentModel.inverse_transform`."""
        codes = self._checked_codes(Z)
        samples = np.empty((len(codes), self.components_.shape[1]), dtype=np.float32)
        for first, block in blocks(samples):
            samples[first : first + len(block)] = codes[first : first + len(block)] @ self.components_ + self.mean_
        return samples.reshape(-1, *self.sample_shape_)

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


def _notes(missing: float, axes: int, settled: bool) -> list[str]:
    """Return what a person should know: of the share of values that were filled, and of what was not found exactly."""
    notes = []
    if missing:
        how = "by straight lines along time" if axes == 3 else "by the mean"
        notes.append(f"{100 * missing:.2g} % of the values for training were missing; PCA had them filled {how}.")
    if not settled:
        notes.append("The last components have almost the same variance as those after them: they are approximate.")
    return notes


class _Flat:
    """Samples as rows of numbers ``(n, D)``, without gaps, a block at a time.

    `missing` is the share of the values that were filled, known after a pass.
    """

    def __init__(self, dataset: Dataset, rows: np.ndarray | None, progress: Progress) -> None:
        self._values, self._rows, self._progress = dataset.values, rows, progress
        self._whole = dataset.whole
        self._usual: np.ndarray | None = None
        self._gaps = 0
        self.n = len(dataset) if rows is None else len(rows)
        self.d = int(np.prod(dataset.sample_shape))

    @property
    def missing(self) -> float:
        return self._gaps / (self.n * self.d)

    def principal(self, count: int) -> Principal:
        """Return the directions of the greatest variance, as many as there are at most."""
        count = min(count, self.n, self.d)
        if self.n < self.d and 8 * self.n * self.d <= IN_MEMORY:
            return principal_of_few(np.concatenate(list(self._blocks())), count)
        return principal(self._blocks, self.n, self.d, count)

    def _blocks(self) -> Iterator[np.ndarray]:
        gaps = 0
        for first, block in blocks(self._values, self._rows):
            check(self._progress)
            self._progress.report(first / self.n, "going through the samples")
            if not self._whole and (missing := int(np.count_nonzero(np.isnan(block)))):
                gaps += missing
                block = fill_gaps(block, self._usual_value() if block.ndim != 3 else block)
            yield block.reshape(len(block), -1)
        self._gaps = gaps

    def _usual_value(self) -> np.ndarray:
        if self._usual is None:
            self._usual = Scaler("standard").fit(self._values, rows=self._rows).shift_
        return self._usual


def _pointing(rows: np.ndarray) -> np.ndarray:
    """Return directions such that the largest entry of each is positive."""
    largest = np.abs(rows).argmax(axis=1)
    signs = np.sign(rows[np.arange(len(rows)), largest])
    return rows * np.where(signs == 0, 1.0, signs)[:, None]
