"""Which class a model takes each point of a plane of samples to be."""

from __future__ import annotations

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef


class MapDecisions(msgspec.Struct, frozen=True):
    """Ask a class-conditional VAE for the class of each point of a plane of samples. Result: `Decisions`.

    `grid` points along each side.
    """

    model: ModelRef
    data: Dataset
    grid: int = 48
    seed: int = 0


class Decisions(msgspec.Struct, frozen=True):
    """What p(x, y) by Bayes' rule ("generative") and the network q(y|x) ("discriminative") say all over a plane.

    The grid is at `x` ``(G,)`` and `y` ``(G,)``; `classes` and `confidence` ``(G, G)`` by who says so, classes being
    indices into `names`; `likelihood` ``(G, G)`` is log p(x) in nats, and `typical` the value that 95 of 100 judged
    samples are above. `points` ``(M, 2)`` are where `rows` of the data lie, `labels` their classes, -1 where unknown;
    of more samples than can be seen some are drawn. `accuracy` by who, "usual" being the most frequent class of
    training, is of `n_samples` labelled ones of the `part` that is named, and empty where there are none. `examples`
    ``(K, E, *sample_shape)`` are new samples of each class.
    """

    model: ModelRef
    names: list[str]
    x: np.ndarray
    y: np.ndarray
    classes: dict[str, np.ndarray]
    confidence: dict[str, np.ndarray]
    likelihood: np.ndarray
    typical: float
    points: np.ndarray
    rows: np.ndarray
    labels: np.ndarray
    accuracy: dict[str, float]
    n_samples: int
    examples: np.ndarray
    part: str = "test"
