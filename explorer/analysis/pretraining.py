"""Pre-training: how many labels an encoder saves that has already learnt to reconstruct."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.split import TRAIN, VALIDATION
from explorer.errors import InputError
from explorer.models.base import LatentModel
from explorer.models.classifier import EncoderClassifier
from explorer.models.neural import NeuralModel
from explorer.progress import Part, Progress, Silent, check

BATCH = 32
STEPS = 400
"""Steps of the optimiser, at least, …"""
EPOCHS = 30
"""… and passes over the labelled samples."""
HEAD = 32
"""Units of the classifier's hidden layer: a code of two numbers is rarely divided by straight lines."""
WAYS = {"scratch": "from scratch", "frozen": "encoder frozen", "pretrained": "pre-trained"}
"""In the order in which they are trained: the last begins where the one before it ended."""
ENOUGH = 5
"""Labels of each class, on average, from which on a fifth of them stops the training early."""


@dataclass(frozen=True)
class LabelCurve:
    """Accuracy on the test part by the number of labels; see `label_curve`.

    Attributes
    ----------
    counts : tuple of int
        Numbers of labelled samples, F of them.
    seeds : tuple of int
        S of them.
    pretrained, scratch, frozen : ndarray, float64 ``(S, F)``
        With the encoder's weights to begin with, all of them learnt further; from fresh weights; and with the
        encoder's weights as they are, so that the head alone learns.
    baseline : float
        What the most frequent class of the train part reaches.
    """

    counts: tuple[int, ...]
    seeds: tuple[int, ...]
    pretrained: np.ndarray
    scratch: np.ndarray
    frozen: np.ndarray
    baseline: float


def label_curve(
    model: LatentModel,
    dataset: Dataset,
    counts: Sequence[int],
    seeds: Sequence[int] = (0, 1, 2),
    progress: Progress | None = None,
) -> LabelCurve:
    """Train classifiers on few labels, with and without pre-training, and judge them on the test part.

    The encoder has learnt from the samples of the train part, without their labels. A classifier then sees `counts`
    labels of that part, the same for every way of training, the fewer among the more, of each class alike. From 5 a
    class on a fifth of them is held out to stop the training early; of fewer all are learnt from for a fixed number
    of steps. Labels of the validation part are not used, and the test part is only judged.

    Parameters
    ----------
    model : NeuralModel
        Fitted: it is the encoder for all seeds. Else it is fitted anew for each seed.
    dataset : Dataset
        With labels.
    counts : sequence of int
        Numbers of labelled samples.
    seeds : sequence of int
        Of the choice of labels, of fresh weights and of the order of samples.
    progress : Progress, optional

    Raises
    ------
    InputError
        If the model is no network or learnt from labels, or there are fewer labels than asked for.
    Cancelled
        If the person cancelled.
    """
    base = _checked(model)
    labels, test = _labels(dataset, counts)
    progress = progress or Silent()
    found = np.zeros((3, len(seeds), len(counts)))
    classes = len(np.unique(labels[labels >= 0]))
    pieces = len(seeds) * (1 + 3 * len(counts))

    def listener(done: int, doing: str) -> Progress:
        check(progress)
        return _Fractions(Part(progress, done / pieces, 1 / pieces, doing))

    for i, seed in enumerate(seeds):
        done = i * (1 + 3 * len(counts))
        start = base if base.__sklearn_is_fitted__() else _fitted(base, dataset, seed, listener(done, "pre-training"))
        order = _drawn(dataset, seed)
        for j, count in enumerate(counts):
            part = _labelled(dataset, order[:count], classes)
            begin: dict[str, NeuralModel | None] = {"scratch": None, "frozen": start}
            for way, name in enumerate(WAYS):
                classifier = _classifier(start, count, seed, name, early=bool((part.split == VALIDATION).any()))
                told = listener(done + 1 + 3 * j + way, f"{count} labels, {WAYS[name]}")
                # What is learnt further begins with the head that suits the encoder (Kumar et al. 2022): a fresh one
                # would spoil the encoder before it has learnt anything itself.
                classifier.fit(part, progress=told, start_from=begin[name])
                begin["pretrained"] = classifier
                found[way, i, j] = classifier.measure(test)["accuracy"]
    check(progress)
    train = labels[dataset.indices("train")]
    usual = np.bincount(train[train >= 0]).argmax()
    known = test.labels if test.labels is not None else np.empty(0)
    baseline = float(np.mean(known[known >= 0] == usual))
    curves = dict(zip(WAYS, found, strict=True))
    return LabelCurve(tuple(counts), tuple(seeds), **curves, baseline=baseline)


def _checked(model: LatentModel) -> NeuralModel:
    if not isinstance(model, NeuralModel):
        raise InputError(f"{model.title} is no network whose weights could start a classifier", remedy="Choose another")
    if model.needs:
        raise InputError(
            f"{model.title} learns from {model.needs[0]} already, so it shows nothing about pre-training without them",
            remedy="Choose a model that learns from the samples alone",
        )
    return model


def _labels(dataset: Dataset, counts: Sequence[int]) -> tuple[np.ndarray, Dataset]:
    """Return the labels and the test part, both checked."""
    if dataset.labels is None:
        raise InputError("there are no labels to learn from", source=dataset.name, remedy="Choose data with labels")
    test = dataset.part("test")
    if test.labels is None or not (test.labels >= 0).any():
        raise InputError("no sample of the test part has a label", source=dataset.name, remedy="Change the split")
    most = int((dataset.labels[dataset.indices("train")] >= 0).sum())
    if not counts or min(counts) < 1 or max(counts) > most:
        raise InputError(
            f"numbers of labels {list(counts)} are not possible: the train part has {most}",
            source=dataset.name,
            remedy=f"Give numbers from 1 to {most}",
        )
    return dataset.labels, test


def _fitted(base: NeuralModel, dataset: Dataset, seed: int, progress: Progress) -> NeuralModel:
    """Return a fresh model of the same parameters that was fitted without labels."""
    model = type(base)(**{**base.get_params(), "seed": seed})
    model.fit(replace(dataset, labels=None, class_names=()), progress=progress)
    check(progress)
    return model


def _drawn(dataset: Dataset, seed: int) -> np.ndarray:
    """Return the labelled training samples in a random order in which the classes take turns."""
    assert dataset.labels is not None
    rows = dataset.indices("train")
    rows = np.random.default_rng(seed).permutation(rows[dataset.labels[rows] >= 0])
    labels = dataset.labels[rows]
    turn = np.empty(len(rows))
    for label in np.unique(labels):
        own = labels == label
        # The first of each class come first, then the second of each: the fewer are always among the more.
        turn[own] = np.arange(own.sum())
    return rows[np.argsort(turn, kind="stable")]


def _labelled(dataset: Dataset, chosen: np.ndarray, classes: int) -> Dataset:
    """Return the data with the labels of the chosen samples alone; where there are enough, a fifth validates."""
    assert dataset.labels is not None
    labels, split = np.full(len(dataset), -1, np.int64), dataset.split.copy()
    labels[chosen] = dataset.labels[chosen]
    if len(chosen) >= ENOUGH * classes:
        # The classes take turns in `chosen`: each stride of five turns through them holds as many of each.
        turns = np.arange(len(chosen)) // classes
        split[chosen[turns % 5 == 4]] = VALIDATION
        split[chosen[turns % 5 != 4]] = TRAIN
    return replace(dataset, labels=labels, split=split)


def _classifier(start: NeuralModel, count: int, seed: int, way: str, *, early: bool) -> EncoderClassifier:
    batches = math.ceil(count / BATCH)
    epochs = max(EPOCHS, math.ceil(STEPS / batches)) * (2 if way == "scratch" else 1)  # the others have two trainings
    return EncoderClassifier(
        base=copy.copy(start),
        epochs=epochs,
        batch_size=BATCH,
        learning_rate=1e-3 if way == "pretrained" else 3e-3,
        optimiser="adam",
        patience=max(10, epochs // 4) if early else 0,
        head=HEAD,
        frozen=way == "frozen",
        seed=seed,
    )


class _Fractions:
    """Passes on how far the work is, but not the epochs of its many trainings."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def report(self, fraction: float, message: str = "", payload: Any = None) -> None:
        self._progress.report(fraction, "")

    def cancelled(self) -> bool:
        return self._progress.cancelled()
