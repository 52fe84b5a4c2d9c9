"""From what a person gives to what a model learns from: checked, corrupted, scaled, missing values filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from explorer.data.blocks import blocks, map_of
from explorer.data.corruption import Corruption
from explorer.data.dataset import TOKENS, Dataset, as_dataset
from explorer.data.scaling import Scaler
from explorer.data.times import TimeScale
from explorer.data.tokens import SPECIAL, lengths_of, renumbered
from explorer.errors import InputError


def checked(model: Any, X: object, y: object = None, *, reset: bool, allow_nan: bool) -> Dataset:
    """Return the samples that a person gave to `fit` (`reset`) or `transform` as a `Dataset`.

    Labels or masks `y` of an array become a part of it where the model needs them; a `Dataset` brings its own.
    Tables (arrays of two axes, lists, data frames) are checked by scikit-learn, which also remembers
    ``n_features_in_`` and ``feature_names_in_`` on the model.

    Raises
    ------
    InputError, ValueError, TypeError
        If they are no samples, of another shape than those that the model was fitted on, or lack what it needs.
    """
    if isinstance(X, Dataset):
        dataset = X
        _check_tokens(model, dataset)
        if reset:
            _remember_features(model, dataset)
    elif not reset and (words := getattr(model, "vocabulary_", ())):
        dataset = _as_tokens(X, words)
    elif isinstance(X, np.ndarray) and (X.ndim > 2 or _is_mapped(X)):
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
        table = np.asarray(table)
        dataset = as_dataset(table, finite=known and finite is True and table.dtype == np.float32)
    if reset:
        dataset = _annotated(model, dataset, y)
    if dataset.vocabulary:
        return dataset if reset else _spoken(model, dataset)
    if reset and np.isnan(dataset.values[0]).all() and np.isnan(dataset.values).all():
        raise InputError("all values are missing", source=dataset.name, remedy="Give samples with values to learn from")
    if not allow_nan and not dataset.whole:
        at = _first_nan(dataset.values)
        raise InputError(
            f"{model.title} cannot learn from missing values",
            source=dataset.name,
            place=f"sample {dataset.sample_name(at[0])}, entry {at[1:]}",
            remedy="Fill them first, or take an autoencoder: those leave missing values out of their loss",
        )
    return dataset


def _check_tokens(model: Any, dataset: Dataset) -> None:
    """Raise `InputError` if these are tokens and the model takes numbers, or the other way round."""
    tokens = [layout for layout in model.layouts if layout in TOKENS]
    if dataset.layout not in model.layouts and (tokens or dataset.layout in TOKENS):
        raise InputError(
            f"{model.title} does not take data of layout '{dataset.layout}'",
            source=dataset.name,
            remedy=f"It takes: {', '.join(model.layouts)}",
        )


def _as_tokens(X: object, words: tuple[str, ...]) -> Dataset:
    """Return numbers of tokens ``(N, T)`` in a model's own vocabulary as data; text ends at its end token."""
    ids = np.asarray(X)
    text = words[: len(SPECIAL)] == SPECIAL
    if ids.ndim != 2 or ids.dtype.kind not in "iu":
        raise InputError(
            f"an array of {ids.dtype} of shape {ids.shape} does not hold tokens",
            remedy="Give whole numbers (N, T), each that of a token in the model's vocabulary",
        )
    return Dataset(
        values=ids, vocabulary=words, layout="text" if text else "notes", lengths=lengths_of(ids) if text else None
    )


def _spoken(model: Any, dataset: Dataset) -> Dataset:
    """Return data of tokens with the numbers that these have in the model's own vocabularies."""
    known = getattr(model, "vocabulary_", dataset.vocabulary)
    if dataset.vocabulary != known:
        ids = renumbered(dataset.values, dataset.vocabulary, known)
        dataset = replace(dataset, values=ids, vocabulary=known, **_clean_ids(dataset, known))
    target = getattr(model, "target_vocabulary_", ())
    if target and dataset.targets is not None and dataset.target_vocabulary not in ((), target):
        ids = renumbered(dataset.targets, dataset.target_vocabulary, target)
        dataset = replace(dataset, targets=ids, target_vocabulary=target)
    return dataset


def _clean_ids(dataset: Dataset, known: tuple[str, ...]) -> dict[str, Any]:
    if dataset.targets is None or dataset.target_vocabulary:
        return {}
    return {"targets": renumbered(dataset.targets, dataset.vocabulary, known)}


def _is_mapped(X: np.ndarray) -> bool:
    """Whether this is a table on the disk, which scikit-learn would read as a whole."""
    return X.ndim == 2 and X.dtype == np.float32 and map_of(X) is not None


def _first_nan(values: np.ndarray) -> tuple[int, ...]:
    for first, block in blocks(values):
        if len(found := np.argwhere(np.isnan(block))):
            return int(found[0, 0]) + first, *map(int, found[0, 1:])
    raise ValueError("nothing is missing")


def _annotated(model: Any, dataset: Dataset, y: object) -> Dataset:
    """Return the data with the labels and masks that a model learns from."""
    for name in model.needs:
        if name == "targets":
            if not dataset.vocabulary:
                continue  # it does not take numbers at all, and says so
            if dataset.targets is None or not dataset.target_vocabulary:
                raise InputError(
                    f"{model.title} needs a translation of each sample, and the data have none",
                    source=dataset.name,
                    remedy="Choose parallel text: a source and its translation on each line",
                )
            continue
        if getattr(dataset, name) is None and y is not None:
            dataset = replace(dataset, **_classes(name, np.asarray(y)))
        if getattr(dataset, name) is None or not (getattr(dataset, name) >= 0).any():
            what = {"labels": "a label of each sample", "masks": "the class of each step or pixel (masks)"}[name]
            raise InputError(
                f"{model.title} needs {what}, and the data have none", source=dataset.name, remedy="Choose other data"
            )
    return dataset


def _classes(name: str, y: np.ndarray) -> dict[str, Any]:
    """Return the fields of a data set for classes of samples, steps or pixels."""
    found, numbers = np.unique(y, return_inverse=True)
    names = {"labels": "class_names", "masks": "mask_names"}[name]
    return {name: numbers.reshape(y.shape).astype(np.int64), names: tuple(map(str, found))}


def _remember_features(model: Any, dataset: Dataset) -> None:
    for name in ("n_features_in_", "feature_names_in_"):
        if hasattr(model, name):
            delattr(model, name)
    if dataset.values.ndim == 2:
        model.n_features_in_ = dataset.values.shape[1]


def check_shape(dataset: Dataset, sample_shape: tuple[int, ...], *, any_length: bool = False) -> None:
    """Raise `InputError` unless the samples have the shape that a model was fitted on."""
    shape = dataset.sample_shape
    tokens = bool(dataset.vocabulary)
    same = len(shape) == len(sample_shape) and (
        shape == sample_shape or (any_length and (tokens or (len(shape) == 2 and shape[1] == sample_shape[1])))
    )
    if not same:
        raise InputError(
            f"samples of shape {shape} do not fit a model that was fitted on {sample_shape}",
            source=dataset.name,
            remedy=f"Give samples with the same steps{'' if tokens else ' and channels'}, or fit a new model",
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
    needs : tuple of str
        What else of the data a network learns from: "labels", "masks", "targets" (a translation).
    clock : TimeScale, optional
        Of networks that look at the times of the steps.
    beside : dict of str to ndarray ``(N, …)``, optional
        Further fields of a batch, of all samples of the data set.
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
        needs: tuple[str, ...] = (),
        clock: TimeScale | None = None,
        beside: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self.dataset, self.rows, self.scaler = dataset, rows, scaler
        self.clock, self.beside = clock, beside or {}
        self.corruption, self.size, self.needs = corruption, size, needs
        self.targets = dataset.clean if target == "clean" else dataset.values
        self.fresh = corruption is not None
        paired = self.fresh or self.targets is not dataset.values
        self.sample_bytes = int(np.prod(dataset.sample_shape)) * (8 if paired else 4)
        if clock is not None:
            self.sample_bytes += dataset.sample_shape[0] * 4

    def __len__(self) -> int:
        return len(self.rows)

    def gather(self, indices: np.ndarray, draw: tuple[int, ...] = (0,)) -> dict[str, np.ndarray]:
        """Return ``inputs``, ``targets`` and where needed the other fields of a batch, of the samples at `indices`."""
        rows = self.rows[indices]
        if self.dataset.vocabulary:
            return self._tokens(rows)
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
        fields: dict[str, np.ndarray] = {}
        if self.dataset.lengths is not None:
            fields["lengths"] = lengths = self.dataset.lengths[rows].astype(np.int64)
            within = np.arange(wanted.shape[1]) < lengths[:, None]
            within = within.reshape(within.shape + (1,) * (wanted.ndim - 2))
            known &= within
            given = np.where(within, given, np.float32(np.nan))  # whatever stands beyond a series' end
        inputs = _filled(self.scaler.apply(given))
        fields["inputs"] = inputs
        fields["targets"] = inputs if given is wanted else _filled(self.scaler.apply(wanted))
        if not known.all():
            fields["observed"] = known
        if self.clock is not None:
            seen = np.isfinite(given)
            if not seen.all():
                fields["seen"] = known if given is wanted and np.array_equal(seen, known) else seen
            fields["times"] = self._times(rows, fields.get("lengths"))
        for name, array in self.beside.items():
            fields[name] = array[rows]
        for name in self.needs:
            fields[name] = getattr(self.dataset, name)[rows].astype(np.int64)
        return fields

    def _times(self, rows: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
        """Return the scaled times of the steps ``(B, T)``; past the end of a series its last time again."""
        assert self.clock is not None
        times = self.clock.apply(self.dataset.all_times[rows])
        if lengths is not None:
            last = np.take_along_axis(times, lengths[:, None] - 1, axis=1)
            times = np.where(np.arange(times.shape[1]) < lengths[:, None], times, last)
        return times

    def _tokens(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Return the fields of samples of tokens: nothing is scaled, and whatever stands behind an end is 0."""
        data = self.dataset
        inputs = _within(data.values[rows], data.lengths, rows)
        fields = {"inputs": inputs, "targets": inputs}
        if data.lengths is not None:
            fields["lengths"] = data.lengths[rows].astype(np.int64)
        if "targets" in self.needs and data.targets is not None:
            fields["targets"] = _within(data.targets[rows], data.target_lengths, rows)
            if data.target_lengths is not None:
                fields["target_lengths"] = data.target_lengths[rows].astype(np.int64)
        elif self.targets is not data.values:
            fields["targets"] = _within(self.targets[rows], data.lengths, rows)
        for name in self.needs:
            if name != "targets":
                fields[name] = getattr(data, name)[rows].astype(np.int64)
        return fields


def _within(ids: np.ndarray, lengths: np.ndarray | None, rows: np.ndarray) -> np.ndarray:
    """Return ids as int64, 0 behind the end of each row."""
    ids = ids.astype(np.int64)
    return ids if lengths is None else np.where(np.arange(ids.shape[1]) < lengths[rows, None], ids, 0)


def token_errors(written: np.ndarray, truth: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Return 1 where a written token is wrong, 0 where it is right, NaN past the end: float32, shape of `truth`."""
    beyond = truth.shape[1] - written.shape[1]
    written = np.pad(written, ((0, 0), (0, max(0, beyond))), constant_values=-1)[:, : truth.shape[1]]
    wrong = (written != truth).astype(np.float32)
    if lengths is not None:
        wrong[np.arange(truth.shape[1]) >= lengths[:, None]] = np.nan
    return wrong


def _filled(values: np.ndarray) -> np.ndarray:
    """Return scaled values with 0, the mean, where they are missing."""
    missing = np.isnan(values)
    return np.where(missing, np.float32(0), values) if missing.any() else values
