"""Small data of tokens, for every recipe that takes such."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from explorer.data.dataset import TOKENS, Dataset
from explorer.data.texts import text_data
from explorer.models.base import RECIPES

OF_TOKENS = [name for name in RECIPES.names() if set(RECIPES.load(name).layouts) & set(TOKENS)]
"""The recipes that take tokens; those alone, since no recipe takes numbers as well."""
_NOUNS, _VERBS = ("cat", "dog", "bird", "fox"), ("runs", "sleeps", "sings")


@lru_cache(maxsize=32)
def token_data(name: str, n: int = 40) -> Dataset:
    """Return a data set that a recipe takes, all of it for training but a quarter: sentences, or melodies."""
    rng = np.random.default_rng(0)
    split = (np.arange(n) % 4 == 3).astype(np.int8) * (1 + np.arange(n) // 4 % 2).astype(np.int8)
    if "text" not in RECIPES.load(name).layouts:
        vocabulary = ("hold", "rest", *(str(pitch) for pitch in range(60, 72)))
        starts = np.arange(32) % 4 == 0
        values = np.where(starts, 2 + (rng.integers(12, size=(n, 1)) + np.arange(32) // 4) % 12, 0)
        return Dataset(values=values, vocabulary=vocabulary, layout="notes", split=split)
    texts, others = [], []
    for _ in range(n):
        words = [str(rng.choice(_NOUNS)), str(rng.choice(_VERBS))]
        texts.append(" ".join((["the"] if rng.random() < 0.5 else ["a", "small"]) + words))
        others.append(" ".join(reversed(words)))
    translated: Any = others if "targets" in RECIPES.load(name).needs else None
    data = text_data(texts, translated, target_characters=True)
    return replace(data, split=split, labels=np.arange(n) % 3, class_names=("a", "b", "c"))


def longer(data: Dataset, more: int) -> Dataset:
    """Return the same samples with other tokens behind their ends, and room for more."""
    values = np.pad(data.values, ((0, 0), (0, more)))
    if data.lengths is not None:
        values = np.where(np.arange(values.shape[1]) < data.lengths[:, None], values, 5)
    return replace(data, values=values)
