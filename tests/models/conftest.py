"""Small data of every kind that a recipe may be given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
import torch

from explorer.data.dataset import Dataset
from explorer.models.base import RECIPES, LatentModel
from explorer.models.neural import NeuralModel
from explorer.models.spec import SampleSpec
from explorer.parameters import parameters
from tests.models.tokens import OF_TOKENS

NEURAL = [name for name in RECIPES.names() if name not in OF_TOKENS and issubclass(RECIPES.load(name), NeuralModel)]
QUICK = {"epochs": 3, "batch_size": 16, "members": 3, "device": "cpu"}
"""What makes a fit quick, and the same to the last bit on every machine, for recipes that declare it."""


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def made(name: str, **params: object) -> LatentModel:
    """Return an unfitted recipe that is quick to fit."""
    cls = RECIPES.load(name)
    declared = {parameter.name for parameter in parameters(cls)}
    return cls(**{**{key: value for key, value in QUICK.items() if key in declared}, **params})


def samples(name: str, n: int = 40, steps: int = 12, seed: int = 0) -> np.ndarray:
    """Return an array that a recipe takes: vectors, else series, else images."""
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 6.28, (n, 1))
    curves = (3 * np.sin(phase + 0.5 * np.arange(steps)) + 7 + 0.1 * rng.standard_normal((n, steps))).astype(np.float32)
    layouts = RECIPES.load(name).layouts
    if "profile" in layouts:
        return curves
    return curves[:, :, None] if "series" in layouts else curves.reshape(n, -1, 4, 1)


def answers(model: LatentModel, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the labels and masks that a recipe needs: every other sample; where values are above their median."""
    masks = (values[..., 0] > np.nanmedian(values[..., 0])).astype(np.int64) if values.ndim > 2 else None
    if masks is not None:
        masks.flat[:2] = 0, 1  # constant samples too have both classes
    known = {"labels": np.arange(len(values)) % 2, "masks": masks}
    return {need: known[need] for need in model.needs}


def fit(model: LatentModel, X: Dataset | np.ndarray, **options: Any) -> Any:
    """Fit on samples, with the labels and masks that the recipe needs."""
    if isinstance(X, Dataset):
        wanted = {need: each for need, each in answers(model, X.values).items() if getattr(X, need) is None}
        return model.fit(replace(X, **wanted), **options)
    given = list(answers(model, X).values())
    return model.fit(X, given[0] if given else None, **options)


@lru_cache(maxsize=32)
def fitted(name: str) -> LatentModel:
    """Return a recipe that was fitted on `samples`; for tests that only use it."""
    return fit(made(name), samples(name))


def spec(name: str, shape: tuple[int, ...]) -> SampleSpec:
    """Return the spec of samples of a shape, with the classes that `fit` gives a recipe."""
    needs = RECIPES.load(name).needs
    return SampleSpec(shape, 2 if "labels" in needs else 0, 2 if "masks" in needs else 0)


def learnt(model: LatentModel) -> int:
    """Return how many numbers a fitted model learnt."""
    if isinstance(model, NeuralModel):
        return sum(parameter.numel() for parameter in model._module.parameters())
    arrays = model._arrays()
    return arrays["mean"].size + arrays["components"].size


def series(n: int = 40, steps: int = 12, channels: int = 2, seed: int = 0, **fields: object) -> Dataset:
    """Return series of some channels."""
    values = np.random.default_rng(seed).standard_normal((n, steps, channels)).cumsum(axis=1).astype(np.float32)
    return Dataset(values=values, **fields)


def unequal(n: int = 20, steps: int = 12, channels: int = 2, seed: int = 0) -> Dataset:
    """Return series of unequal lengths, NaN beyond their ends."""
    data = series(n, steps, channels, seed, lengths=np.arange(n) % (steps // 2) + steps // 2 + 1)
    return padded(data, 0)


def padded(data: Dataset, more: int, value: float = np.nan) -> Dataset:
    """Return series with `more` steps, and `value` at each beyond a series' own end."""
    assert data.lengths is not None
    values = np.pad(data.values, ((0, 0), (0, more), (0, 0)))
    within = np.arange(values.shape[1]) < data.lengths[:, None]
    values = np.where(within[:, :, None], values, np.float32(value))
    return replace(data, values=values, observed=np.broadcast_to(within[:, :, None], values.shape))


def collection(name: str, n: int = 40) -> Dataset:
    """Return a data set that a recipe takes: series, else images, with its default split."""
    data = series(n)
    if "series" in RECIPES.load(name).layouts:
        return data
    return Dataset(values=data.values.reshape(n, 4, 3, 2))
