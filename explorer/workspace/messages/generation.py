"""What a generative model makes, judged against real samples."""

from __future__ import annotations

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef


class JudgeGenerated(msgspec.Struct, frozen=True):
    """Judge what a run generates against real samples, and controls beside it. Result: `GeneratedScores`.

    `steps` are those that each judging network learns for; `controls` are names of
    `explorer.analysis.generation.controls.CONTROLS`.
    """

    model: ModelRef
    data: Dataset
    controls: list[str] = msgspec.field(default_factory=lambda: ["real", "bootstrap", "gaussian", "repeated"])
    steps: int = 500
    seed: int = 0


class GeneratedScores(msgspec.Struct, frozen=True):
    """How what a run generates was judged: `scores` by who ("generated", the controls), then by measure.

    The measures, which way they are better and what they tell is in `explorer.analysis.generation.judging`. Variable
    by variable `ks` and `wasserstein` ``(C,)``, the share of steps at which it is there in real and generated samples,
    and correlations ``(C, C)``, which are empty where there are too many. `n_samples` of each kind were compared,
    the real ones of the `part` that is named. `examples` ``(E, *sample_shape)`` are a few of the generated, NaN where
    something is missing.
    """

    model: ModelRef
    scores: dict[str, dict[str, float]]
    names: list[str]
    ks: np.ndarray
    wasserstein: np.ndarray
    real_rate: np.ndarray
    made_rate: np.ndarray
    real_correlation: np.ndarray
    made_correlation: np.ndarray
    n_samples: int
    examples: np.ndarray
    part: str = "test"
    seed: int = 0
