"""All measures of a generated set at once, with those of the controls beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.analysis.generation.controls import CONTROLS
from explorer.analysis.generation.features import Features
from explorer.analysis.generation.fidelity import Variables, compare_variables
from explorer.analysis.generation.manifold import manifold_scores
from explorer.analysis.generation.memory import memory_scores
from explorer.analysis.generation.networks import discriminative_score, predictive_score, widths
from explorer.analysis.generation.usefulness import useful_scores
from explorer.data.dataset import Dataset
from explorer.errors import InputError
from explorer.progress import Part, Progress, Silent, check

MOST = 2000
"""Samples at most that distances are taken between."""
LEARNT = 5000
"""Samples of a control at most; so many learn to tell labels."""
FEWEST = 20
"""Samples of each part below which nothing can be said."""


@dataclass(frozen=True)
class Measure:
    """What a measure is called, which way is better, what it would be for perfect samples, and what it tells."""

    title: str
    better: Literal["lower", "higher", "half", "one"]
    tells: str


MEASURES: dict[str, Measure] = {
    "discriminative": Measure(
        "discriminative score, d/2", "lower", "|accuracy − ½| of a GRU of half as many units as channels"
    ),
    "discriminative_wide": Measure("discriminative score, 4 d", "lower", "the same of one of four times as many units"),
    "predictive": Measure("predictive score", "lower", "error on real series of what learnt from generated ones"),
    "tstr_auroc": Measure("AUROC, learnt from generated", "higher", "labels of real samples, told from generated ones"),
    "trtr_auroc": Measure("AUROC, learnt from real", "higher", "the same told from real ones"),
    "tstr_accuracy": Measure("accuracy, learnt from generated", "higher", "as the AUROC"),
    "trtr_accuracy": Measure("accuracy, learnt from real", "higher", "as the AUROC"),
    "ks": Measure("marginals: KS", "lower", "greatest distance of the distribution functions, mean over variables"),
    "wasserstein": Measure("marginals: Wasserstein", "lower", "in deviations, mean over variables"),
    "missingness_error": Measure("share measured: error", "lower", "mean absolute difference over variables"),
    "correlation_error": Measure("correlations: error", "lower", "mean absolute difference over pairs of variables"),
    "precision": Measure("precision", "higher", "share of the generated that lie among real ones (3 neighbours)"),
    "recall": Measure("recall", "higher", "share of the real that lie among generated ones (3 neighbours)"),
    "density": Measure("density", "one", "how densely real samples surround the generated; 1 for real ones"),
    "coverage": Measure("coverage", "higher", "share of the real that have a generated one near (5 neighbours)"),
    "closer_to_train": Measure(
        "nearer to training than to unseen", "half", "share of the generated; ½ where nothing was learnt by heart"
    ),
    "copies": Measure("near copies", "lower", "share as near to a training sample as 1 % of unseen ones; .01 is usual"),
}
"""In the order of tables. Sources stand with the functions that compute them."""


@dataclass(frozen=True)
class Judged:
    """How a generated set, and each control, was judged.

    Parameters
    ----------
    scores : dict of str to dict of str to float
        By who was judged ("generated", and names of `explorer.analysis.generation.controls.CONTROLS`), then by measure
        (a key of `MEASURES`; "closer_low", "closer_high" and "closer_p" go with "closer_to_train").
    variables : Variables
        Of the generated set.
    n_samples : int
        Of each kind.
    part : str
        Which real samples it was set beside: "test", "held-out", or "all".
    """

    scores: dict[str, dict[str, float]]
    variables: Variables
    n_samples: int
    part: str


def judge_generated(
    made: Dataset,
    real: Dataset,
    *,
    controls: Sequence[str] = tuple(CONTROLS),
    steps: int = 1000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Judged:
    """Return how generated samples compare with real ones that their generator has not seen.

    Parameters
    ----------
    made : Dataset
        As many as there are for training, if you can: labels are learnt from so many. For the rest as many are used as
        there are real ones.
    real : Dataset
        With the split that the generator was trained by: its train part makes the controls and the memory test, its
        test part (with the validation part where that has fewer than 500) is what the generated are set beside.
    controls : sequence of str
        Names in `CONTROLS`.
    steps : int
        That each judging network learns for.
    seed : int
    progress : Progress, optional

    Raises
    ------
    InputError
        If the shapes differ, the data are tokens, or there are too few samples.
    Cancelled
        If the person cancelled.
    """
    progress = progress or Silent()
    check_judgeable(real)
    if made.sample_shape != real.sample_shape:
        raise InputError(
            f"generated samples of shape {made.sample_shape} cannot be set beside real ones of {real.sample_shape}",
            source=made.name,
            remedy="Give the data that the generator learnt from",
        )
    part, unseen = unseen_part(real)
    train = real.part("train") if len(real.indices("train")) else real
    count = min(len(made), len(unseen))
    for what, size in (("generated", len(made)), ("real", len(unseen)), ("training", len(train))):
        if size < FEWEST:
            raise InputError(
                f"{size} {what} samples are too few to judge by", source=real.name, remedy=f"Give at least {FEWEST}"
            )
    judge = _Judge(train, unseen, count, steps, seed)
    rng = np.random.default_rng(seed)
    size = max(count, min(len(train), LEARNT))
    judged = {"generated": made, **{name: CONTROLS[name](train, size, rng) for name in controls}}
    scores, variables = {}, None
    for i, (name, data) in enumerate(judged.items()):
        scores[name], found = judge.scores(data, Part(progress, i / len(judged), 1 / len(judged), f"{name}: "))
        variables = variables or found
    assert variables is not None
    return Judged(scores, variables, count, part)


def check_judgeable(real: Dataset) -> None:
    """Raise `InputError` for data that these measures say nothing of."""
    if real.values.dtype.kind not in "f":
        raise InputError(
            "texts and melodies are not judged by these measures: they compare numbers",
            source=real.name,
            remedy="Judge series, vectors or images",
        )


def unseen_part(real: Dataset) -> tuple[str, Dataset]:
    """Return the samples that a generator has not learnt from, and what they are called."""
    test, validation = real.indices("test"), real.indices("validation")
    if len(test) >= 500 or (len(test) >= FEWEST and not len(validation)):
        return "test", real.subset(test)
    held = np.sort(np.concatenate([test, validation]))
    return ("held-out", real.subset(held)) if len(held) >= FEWEST else ("all", real)


class _Judge:
    """What stays the same for all who are judged."""

    def __init__(self, train: Dataset, unseen: Dataset, count: int, steps: int, seed: int) -> None:
        self.train, self.unseen, self.count, self.steps, self.seed = train, unseen, count, steps, seed
        self.features = Features(train)
        rng = np.random.default_rng(seed)
        self.around = self.features.of(unseen.subset(_some(len(unseen), min(count, MOST), rng)).values)
        self.learnt = self.features.of(train.subset(_some(len(train), 10 * MOST, rng)).values)
        self.real = useful_scores(train, unseen, "trtr")

    def scores(self, made: Dataset, progress: Progress) -> tuple[dict[str, float], Variables]:
        """Return the measures of one set."""
        rng = np.random.default_rng(self.seed)
        part = made.subset(_some(len(made), self.count, rng))
        found: dict[str, float] = {}
        narrow, wide = widths(made.values.shape[-1])
        options = {"steps": self.steps, "seed": self.seed}
        for i, (name, hidden) in enumerate((("discriminative", narrow), ("discriminative_wide", wide))):
            some = Part(progress, 0.3 * i, 0.3)
            found[name] = discriminative_score(self.unseen, part, hidden, **options, progress=some)
            check(progress)
        if made.values.ndim == 3 and made.values.shape[1] > 1:
            found["predictive"] = predictive_score(part, self.unseen, **options, progress=Part(progress, 0.6, 0.2))
            check(progress)
        progress.report(0.8, "distances")
        useful = useful_scores(made.subset(_some(len(made), len(self.train), rng)), self.unseen, "tstr")
        found |= useful | (self.real if useful else {})
        variables = compare_variables(self.unseen.values, part.values, self.unseen.channel_names, self.seed)
        found |= variables.scores()
        vectors = self.features.of(part.values)
        found |= manifold_scores(self.around, vectors[:MOST], Part(progress, 0.85, 0.05))
        found |= memory_scores(self.learnt, self.around, vectors[:MOST], seed=self.seed, progress=progress)
        return {name: found[name] for name in (*MEASURES, "closer_low", "closer_high", "closer_p") if name in found}, (
            variables
        )


def _some(size: int, count: int, rng: np.random.Generator) -> np.ndarray:
    return np.sort(rng.permutation(size)[:count])
