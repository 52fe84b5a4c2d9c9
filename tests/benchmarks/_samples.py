"""Small data of every kind of sample, as long as is asked for: what a barely trained model needs to be dragged on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from explorer.data.dataset import Dataset
from explorer.data.texts import text_data

WORDS = 200
"""Different words of the sentences."""


class Kind(NamedTuple):
    """A kind of sample.

    Parameters
    ----------
    layout : str
        Recipes that take it can be dragged on.
    only : tuple of str
        The recipes that are made for it, where that are not all of the layout.
    sizes : tuple of int
        Lengths to measure; of images the side.
    make : callable
        Returns data of a length.
    """

    layout: str
    only: tuple[str, ...]
    sizes: tuple[int, ...]
    make: Callable[[int], Dataset]


def _count(steps: int) -> int:
    return 200 if steps <= 200 else 50


def series(steps: int) -> Dataset:
    """Return waves with labels of each and of each of their steps, so that every recipe can learn from them."""
    rng = np.random.default_rng(0)
    phase = rng.uniform(0, 2 * np.pi, (_count(steps), 1, 1))
    values = np.sin(phase + 4 * np.pi * np.arange(steps)[None, :, None] / steps).astype(np.float32)
    labels = (phase[:, 0, 0] > np.pi).astype(np.int64)
    return Dataset(values=values, labels=labels, masks=(values[..., 0] > 0.5).astype(np.int64), name=f"{steps} steps")


def records(steps: int) -> Dataset:
    """Return series of eight channels at times of their own, of which half of all values are missing."""
    rng = np.random.default_rng(0)
    n = _count(steps)
    times = np.sort(rng.uniform(0, 48, (n, steps)), axis=1)
    phase = rng.uniform(0, 2 * np.pi, (n, 1, 8))
    values = np.sin(phase + times[..., None] / 4).astype(np.float32)
    values[rng.random(values.shape) < 0.5] = np.nan
    values[:, 0] = 0.0
    return Dataset(
        values=values, times=times, labels=(phase[:, 0, 0] > np.pi).astype(np.int64), name=f"{steps} records"
    )


def images(side: int) -> Dataset:
    """Return pictures of a bright disc, with a label of each and of each pixel."""
    rng = np.random.default_rng(0)
    at = rng.uniform(side / 4, 3 * side / 4, (200, 2, 1, 1))
    down, right = np.mgrid[:side, :side]
    disc = np.hypot(down - at[:, 0], right - at[:, 1]) < side / 5
    return Dataset(
        values=disc[..., None].astype(np.float32), labels=(at[:, 0, 0, 0] > side / 2).astype(np.int64),
        masks=disc.astype(np.int64), layout="image", name=f"{side} pixels",
    )  # fmt: skip


def sentences(words: int) -> Dataset:
    """Return texts of so many words, and the same of each backwards as its translation."""
    rng = np.random.default_rng(0)
    texts = [" ".join(f"w{word}" for word in rng.integers(WORDS, size=words)) for _ in range(_count(words))]
    return text_data(texts, [" ".join(reversed(text.split())) for text in texts], name=f"{words} words")


def melodies(steps: int) -> Dataset:
    """Return tunes of so many sixteenths, a note on every fourth."""
    rng = np.random.default_rng(0)
    vocabulary = ("hold", "rest", *(str(pitch) for pitch in range(48, 84)))
    begins = np.arange(steps) % 4 == 0
    values = np.where(begins, 2 + rng.integers(36, size=(_count(steps), steps)), 0)
    return Dataset(values=values, vocabulary=vocabulary, layout="notes", name=f"{steps} sixteenths")


STEPS = (50, 200, 1000)
KINDS = {
    "series": Kind("series", (), STEPS, series),
    "records with gaps": Kind("series", ("latent-ode", "neural-ode", "ode-rnn", "record-vae"), STEPS, records),
    "images": Kind("image", (), (28,), images),
    "sentences": Kind("text", (), STEPS, sentences),
    "melodies": Kind("notes", (), (64, 256, 1024), melodies),
}
