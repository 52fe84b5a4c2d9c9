"""Real pairs: a noisy recording and a clean one of the same, in two files, as one data set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from explorer.data.dataset import Dataset, check_numbers
from explorer.errors import InputError


def paired(noisy: Dataset, clean: Dataset) -> Dataset:
    """Return the noisy samples with the clean ones as their targets.

    Samples and channels that have the same names in both, in another order, are matched by these; else they are taken
    in the order in which they are.

    Raises
    ------
    InputError
        If the two do not fit together; it names both files.
    """
    files = _Files(_file(noisy), _file(clean))
    check_numbers(noisy)
    if noisy.targets is not None:
        raise files.refuse(f"{files.noisy} has clean targets of its own", "Leave the clean file out")
    if noisy.values.ndim != clean.values.ndim:
        raise files.refuse(f"{files.noisy} holds {noisy.layout} and {files.clean} {clean.layout}")
    for axis, word in _axes(noisy):
        ours, theirs = noisy.values.shape[axis], clean.values.shape[axis]
        if ours != theirs:
            raise files.refuse(f"{files.noisy} has {ours} {word} and {files.clean} {theirs}")
    if noisy.unit and clean.unit and noisy.unit != clean.unit:
        raise files.refuse(f"{files.noisy} is in {noisy.unit} and {files.clean} in {clean.unit}")
    _same_times(noisy, clean, files)
    if noisy.names is not None and clean.names is not None:
        order = _order(noisy.sample_names, clean.sample_names, "sample", files)
        clean = clean if order is None else clean.subset(order)
    if noisy.lengths is not None or clean.lengths is not None:
        _same_lengths(noisy, clean, files)
    targets = clean.values
    order = _order(noisy.channel_names, clean.channel_names, "channel", files)
    if order is not None:
        targets = np.ascontiguousarray(targets[..., order])
    return replace(noisy, targets=targets)


class _Files:
    """The names of both files, for what is said of them."""

    def __init__(self, noisy: str, clean: str) -> None:
        self.noisy, self.clean = f"'{noisy}'", f"'{clean}'"

    def refuse(
        self, problem: str, remedy: str = "Give two files of the same samples, steps and channels"
    ) -> InputError:
        return InputError(f"the noisy and the clean file are no pair: {problem}", remedy=remedy)


def _file(dataset: Dataset) -> str:
    return dataset.name if dataset.origin.path is None else Path(dataset.origin.path).name


def _axes(dataset: Dataset) -> list[tuple[int, str]]:
    inner = {2: ["features"], 3: ["steps", "channels"], 4: ["rows", "columns", "channels"]}[dataset.values.ndim]
    return list(enumerate(["samples", *inner]))


def _same_times(noisy: Dataset, clean: Dataset, files: _Files) -> None:
    ours, theirs = noisy.sampling_rate, clean.sampling_rate
    if ours and theirs and not np.isclose(ours, theirs, rtol=1e-6):
        raise files.refuse(f"{files.noisy} has {ours:g} steps per second and {files.clean} {theirs:g}")
    if noisy.times is not None and clean.times is not None:
        ours, theirs = noisy.all_times, clean.all_times
        if not np.allclose(ours, theirs, equal_nan=True):
            row, at = (int(i) for i in np.argwhere(~np.isclose(ours, theirs, equal_nan=True))[0])
            raise files.refuse(
                f"step {at} is at {ours[row, at]:g} in {files.noisy} and at {theirs[row, at]:g} in {files.clean}"
            )


def _same_lengths(noisy: Dataset, clean: Dataset, files: _Files) -> None:
    steps = noisy.values.shape[1]
    ours, theirs = (np.full(len(noisy), steps) if of.lengths is None else of.lengths for of in (noisy, clean))
    if (differ := np.flatnonzero(ours != theirs)).size:
        at = int(differ[0])
        raise files.refuse(
            f"sample '{noisy.sample_name(at)}' has {ours[at]} steps in {files.noisy} and {theirs[at]} in {files.clean}"
        )


def _order(
    ours: Sequence[str] | np.ndarray, theirs: Sequence[str] | np.ndarray, what: str, files: _Files
) -> np.ndarray | None:
    """Return in which order to take theirs; None for the order that they have.

    Raises
    ------
    InputError
        If some names are in both and some are not: which belongs to which is then not known.
    """
    first, second = [str(name) for name in ours], [str(name) for name in theirs]
    shared = set(first) & set(second)
    if first == second or not shared or len(set(first)) < len(first) or len(set(second)) < len(second):
        return None
    for names, here, there in ((first, files.noisy, files.clean), (second, files.clean, files.noisy)):
        if missing := [name for name in names if name not in shared]:
            raise files.refuse(f"the {what} '{missing[0]}' of {here} is not in {there}")
    place = {name: at for at, name in enumerate(second)}
    return np.array([place[name] for name in first])
