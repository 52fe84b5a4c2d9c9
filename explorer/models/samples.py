"""From what a person gives to what a model learns from: checked, corrupted, scaled, missing values filled."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from explorer.data.corruption import Corruption
from explorer.data.dataset import Dataset, as_dataset
from explorer.data.scaling import Scaler
from explorer.errors import InputError


def checked(model: Any, X: object, *, reset: bool, allow_nan: bool) -> Dataset:
    """Return the samples that a person gave to `fit` (`reset`) or `transform` as a `Dataset`.

    Tables (arrays of two axes, lists, data frames) are checked by scikit-learn, which also remembers
    ``n_features_in_`` and ``feature_names_in_`` on the model.

    Raises
    ------
    InputError, ValueError, TypeError
        If they are no samples, or of another shape than those that the model was fitted on.
    """
    if isinstance(X, Dataset):
        dataset = X
        if reset:
            _remember_features(model, dataset)
    elif isinstance(X, np.ndarray) and X.ndim > 2:
        dataset = as_dataset(X)
        if reset:
            _remember_features(model, dataset)
    else:
        from sklearn.utils.validation import validate_data

        # A model that was fitted on series has no number of features; the shape is checked below.
        known = reset or hasattr(model, "n_features_in_")
        finite = "allow-nan" if allow_nan else True
        given: Any = X  # scikit-learn's stubs claim that it is text
        table = validate_data(model, given, reset=reset, ensure_all_finite=finite) if known else X
        dataset = as_dataset(np.asarray(table))
    if reset and np.isnan(dataset.values[0]).all() and np.isnan(dataset.values).all():
        raise InputError("all values are missing", source=dataset.name, remedy="Give samples with values to learn from")
    if not allow_nan and np.isnan(dataset.values).any():
        at = tuple(int(i) for i in np.argwhere(np.isnan(dataset.values))[0])
        raise InputError(
            f"{model.title} cannot learn from missing values",
            source=dataset.name,
            place=f"sample {dataset.sample_name(at[0])}, entry {at[1:]}",
            remedy="Fill them first, or take an autoencoder: those leave missing values out of their loss",
        )
    return dataset


def _remember_features(model: Any, dataset: Dataset) -> None:
    for name in ("n_features_in_", "feature_names_in_"):
        if hasattr(model, name):
            delattr(model, name)
    if dataset.values.ndim == 2:
        model.n_features_in_ = dataset.values.shape[1]


def check_shape(dataset: Dataset, sample_shape: tuple[int, ...], *, any_length: bool = False) -> None:
    """Raise `InputError` unless the samples have the shape that a model was fitted on."""
    shape = dataset.sample_shape
    same = len(shape) == len(sample_shape) and (
        shape == sample_shape or (any_length and len(shape) == 2 and shape[1] == sample_shape[1])
    )
    if not same:
        raise InputError(
            f"samples of shape {shape} do not fit a model that was fitted on {sample_shape}",
            source=dataset.name,
            remedy="Give samples with the same steps and channels, or fit a new model",
        )


class Samples:
    """Some samples of a data set, ready for a network; see `explorer.training.batches.Source`.

    Parameters
    ----------
    dataset : Dataset
    rows : ndarray, int64
        Which samples.
    scaler : Scaler
    target : {"clean", "input"}
        What the decoder should produce: the clean targets where there are some, or the input itself.
    corruption : Corruption, optional
        Spoils what the decoder should produce, afresh whenever samples are gathered; that is the input then.
    size : ndarray, optional
        Typical size of each channel, for the corruption.
    """

    def __init__(
        self,
        dataset: Dataset,
        rows: np.ndarray,
        scaler: Scaler,
        *,
        target: Literal["clean", "input"] = "clean",
        corruption: Corruption | None = None,
        size: np.ndarray | None = None,
    ) -> None:
        self.dataset, self.rows, self.scaler = dataset, rows, scaler
        self.corruption, self.size = corruption, size
        self.targets = dataset.clean if target == "clean" else dataset.values
        self.fresh = corruption is not None
        paired = self.fresh or self.targets is not dataset.values
        self.sample_bytes = int(np.prod(dataset.sample_shape)) * (8 if paired else 4)

    def __len__(self) -> int:
        return len(self.rows)

    def gather(self, indices: np.ndarray, draw: tuple[int, ...] = (0,)) -> dict[str, np.ndarray]:
        """Return ``inputs``, ``targets`` and where needed ``observed`` and ``lengths`` of the samples at `indices`."""
        rows = self.rows[indices]
        wanted = np.asarray(self.targets[rows])
        if self.corruption is not None:
            size = np.ones(1, np.float32) if self.size is None else self.size
            given = self.corruption.apply(wanted, np.random.default_rng(draw), size)
        elif self.targets is not self.dataset.values:
            given = np.asarray(self.dataset.values[rows])
        else:
            given = wanted
        known = np.isfinite(wanted)
        if self.dataset.observed is not None and self.targets is self.dataset.values:
            known &= self.dataset.observed[rows]
        inputs = _filled(self.scaler.apply(given))
        fields = {"inputs": inputs, "targets": inputs if given is wanted else _filled(self.scaler.apply(wanted))}
        lengths = None if self.dataset.lengths is None else self.dataset.lengths[rows].astype(np.int64)
        if lengths is not None:
            within = np.arange(wanted.shape[1]) < lengths[:, None]
            known &= within.reshape(within.shape + (1,) * (wanted.ndim - 2))
            fields["lengths"] = lengths
        if not known.all():
            fields["observed"] = known
        return fields


def _filled(values: np.ndarray) -> np.ndarray:
    """Return scaled values with 0, the mean, where they are missing."""
    missing = np.isnan(values)
    return np.where(missing, np.float32(0), values) if missing.any() else values
