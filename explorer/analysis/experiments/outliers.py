"""Samples of a kind that was hardly seen stand out by the error of their reconstruction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.analysis.outliers import baseline_errors, judge, sample_scores
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.data.split import TEST
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.progress import Part, Progress, check

KEPT = 3
"""Samples of the rare class among those to learn from; nobody tells which they are."""
DIGITS = 10


@dataclass(kw_only=True, eq=False, repr=False)
class Outliers(Experiment):
    """A digit that was hardly seen in training is found by the error of its reconstruction.

    Each of the ten digits in turn is the rare one: of it 3 samples are left among about 1,300 to learn from, without
    a label. An autoencoder with a code of 8 learns to restore these; the samples of the test part, of which a tenth
    show the rare digit, are then ranked by their mean squared error. AUROC and average precision, the rare digit being
    the positive class, are means over the ten. Beside them random scores, the distance to the mean image, PCA (as many
    components as explain nine tenths of the variance) and the distance to the nearest image to learn from.
    """

    title: ClassVar[str] = "Outliers: a rare digit among the others"
    minutes: ClassVar[float] = 1.0
    seeds: ClassVar[tuple[int, ...]] = (0, 1, 2)
    targets: ClassVar[tuple[Target, ...]] = (
        Target("auroc", ">=", 0.93),
        Target("auroc_over_pca", ">=", 0.05),
        Target("average_precision_over_prevalence", ">=", 0.5),
    )
    digits: ClassVar[tuple[int, ...]] = tuple(range(DIGITS))
    epochs: ClassVar[int] = 100

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Let each digit be the rare one."""
        data = make("digits", seed=seed)
        rows: dict[str, list[dict[str, float]]] = {}
        for i, digit in enumerate(self.digits):
            check(progress)
            part = Part(progress, i / len(self.digits), 1 / len(self.digits), f"{digit} is rare, ")
            images, rare = with_rare(data, digit, seed)
            model = Autoencoder(latent_dim=8, epochs=self.epochs, seed=seed).fit(images, progress=part)
            test = images.indices("test")
            errors = {"autoencoder": model.errors(images.subset(test)), **baseline_errors(images, test, seed)}
            for name, each in errors.items():
                scores = sample_scores(each)
                if name == "random":  # the means of many random numbers would all be alike
                    scores = np.random.default_rng(seed).random(len(test))
                rows.setdefault(name, []).append(judge(rare[test], scores))
        values, baselines = {}, {}
        for name, found in rows.items():
            for measure, short in (("roc_auc", "auroc"), ("average_precision", "average_precision")):
                mean = float(np.mean([each[measure] for each in found]))
                if name == "autoencoder":
                    values[short] = mean
                else:
                    baselines[f"{name}_{short}"] = mean
        baselines["prevalence"] = float(np.mean([each["prevalence"] for each in rows["random"]]))
        values["auroc_over_pca"] = values["auroc"] - baselines["pca_auroc"]
        values["average_precision_over_prevalence"] = values["average_precision"] - baselines["prevalence"]
        return Measured(values, baselines)


def with_rare(data: Dataset, digit: int, seed: int) -> tuple[Dataset, np.ndarray]:
    """Return images without labels, with but a few of a digit among those to learn from; and which show it, bool."""
    assert data.labels is not None
    seen = np.flatnonzero((data.labels == digit) & (data.split != TEST))
    kept = np.random.default_rng(seed).choice(seen, KEPT, replace=False)
    rows = np.setdiff1d(np.arange(len(data)), np.setdiff1d(seen, kept))
    return replace(data.subset(rows), labels=None, class_names=()), data.labels[rows] == digit
