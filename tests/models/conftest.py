"""Small data of every kind that a recipe may be given."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from explorer.data.dataset import Dataset
from explorer.models.base import RECIPES, LatentModel

NEURAL = [name for name in RECIPES.names() if name != "pca"]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def made(name: str, **params: object) -> LatentModel:
    """Return an unfitted recipe that is quick to fit."""
    cls = RECIPES.load(name)
    quick = {} if name == "pca" else {"epochs": 3, "batch_size": 16}
    return cls(**{**quick, **params})


def samples(name: str, n: int = 40, steps: int = 12, seed: int = 0) -> np.ndarray:
    """Return an array that a recipe takes: series for those that take nothing else, else vectors."""
    rng = np.random.default_rng(seed)
    phase = rng.uniform(0, 6.28, (n, 1))
    curves = (3 * np.sin(phase + 0.5 * np.arange(steps)) + 7 + 0.1 * rng.standard_normal((n, steps))).astype(np.float32)
    return curves if "profile" in RECIPES.load(name).layouts else curves[:, :, None]


def series(n: int = 40, steps: int = 12, channels: int = 2, seed: int = 0, **fields: object) -> Dataset:
    """Return series of some channels."""
    values = np.random.default_rng(seed).standard_normal((n, steps, channels)).cumsum(axis=1).astype(np.float32)
    return Dataset(values=values, **fields)
