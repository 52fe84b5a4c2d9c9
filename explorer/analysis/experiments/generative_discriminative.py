"""A generative and a discriminative model of digits, with few labels and with all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from explorer.analysis.decision import SamplePlane, decision_map, sure_of_nonsense
from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.models.classifier import EncoderClassifier
from explorer.models.recipes.autoencoder import Autoencoder
from explorer.models.recipes.conditional_vae import ConditionalVAE
from explorer.progress import Part, Progress

LABELS = (20, 50, 100, 300, 1300)
WIDTH = 8
HIDDEN = (128, 64)
GRID = 40


@dataclass(kw_only=True, eq=False, repr=False)
class GenerativeDiscriminative(Experiment):
    """A class-conditional VAE, p(x, y), beside a network that learns p(y|x) alone, as labels get few.

    Digits as in the experiment ``pca``: 1300 to learn from, of which 20, 50, … have labels, as many of each class; the
    VAE learns from the others, too (M2 of D. Kingma et al., NeurIPS 2014). It tells the class by Bayes' rule from
    importance-weighted bounds of log p(x, y) with 16 draws; "recognised" is its own network q(y|x). The discriminative
    network has the same encoder, 64-128-64-8, and a linear layer. "Sure" is the share of the plane of the two principal
    components on which a model that has all labels is surer of a class than 0.9; the share that is like digits has a
    higher p(x, y) than one of twenty test samples has. The settings are the recipes' own but for epochs and widths.
    """

    title: ClassVar[str] = "Generative beside discriminative, with few labels"
    minutes: ClassVar[float] = 3.0
    targets: ClassVar[tuple[Target, ...]] = (
        Target("advantage_100", ">=", 0.0),
        Target("bayes_accuracy_1300", ">=", 0.90),
    )
    epochs: ClassVar[int] = 60
    counts: ClassVar[tuple[int, ...]] = LABELS

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Train both with each number of labels, and tell their accuracy on the test samples."""
        whole = make("digits", split_at=1300)
        values: dict[str, float] = {}
        baselines: dict[str, float] = {}
        share = 1 / len(self.counts)
        for i, count in enumerate(self.counts):
            found, beside = self.judge(whole, count, seed, Part(progress, i * share, share, f"{count} labels, "))
            values |= {f"{name}_{count}": value for name, value in found.items()}
            baselines |= {f"{name}_{count}": value for name, value in beside.items()}
        test = whole.part("test")
        assert test.labels is not None
        baselines["usual_digit_accuracy"] = float(np.bincount(test.labels).max() / len(test))
        return Measured(values, baselines)

    def judge(
        self, whole: Dataset, count: int, seed: int, progress: Progress
    ) -> tuple[dict[str, float], dict[str, float]]:
        """Return what the VAE reaches with so many labels, and what the others reach."""
        from sklearn.linear_model import LogisticRegression

        data, test = with_labels(whole, count, seed), whole.part("test")
        vae = ConditionalVAE(
            latent_dim=WIDTH, hidden=HIDDEN, epochs=self.epochs, warm_up=10, patience=0, seed=seed
        ).fit(data, progress=Part(progress, 0.0, 0.7))
        base = Autoencoder(latent_dim=WIDTH, hidden=HIDDEN)
        network = EncoderClassifier(base=base, epochs=2 * self.epochs, patience=0, seed=seed)
        network.fit(data, progress=Part(progress, 0.7, 0.3))
        train = data.part("train")
        assert train.labels is not None
        known = train.labels >= 0
        flat, others = (each.reshape(len(each), -1) for each in (train.values[known], test.values))
        logistic = LogisticRegression(max_iter=2000).fit(flat, train.labels[known])
        bayes, discriminative = _accuracy(vae.predict(test), test), _accuracy(network.predict(test), test)
        found = {
            "bayes_accuracy": bayes,
            "recognised_accuracy": _accuracy(vae.recognised(test).argmax(1), test),
            "advantage": bayes - discriminative,
            "elbo": vae.elbo(test)["elbo"],
        }
        beside = {
            "discriminative_accuracy": discriminative,
            "logistic_accuracy": _accuracy(logistic.predict(others), test),
        }
        if count == max(self.counts):
            plane = SamplePlane.of(whole)
            around = plane.flat(whole.part("train").values)
            generative = decision_map(plane, around, vae.predict_proba, vae.joint, GRID)
            found["sure"] = sure_of_nonsense(generative)
            beside["discriminative_sure"] = sure_of_nonsense(
                decision_map(plane, around, network.predict_proba, grid=GRID)
            )
            assert generative.likelihood is not None
            like_digits = np.quantile(vae.joint(test).max(axis=1), 0.05)
            found["share_of_the_plane_like_digits"] = float((generative.likelihood > like_digits).mean())
        return found, beside


def with_labels(data: Dataset, count: int, seed: int) -> Dataset:
    """Return the data with only `count` labels for training, as many of each class; the test part keeps all."""
    assert data.labels is not None
    rows = data.indices("train")
    if count >= len(rows):
        return data
    rng = np.random.default_rng(seed)
    kept = np.concatenate(
        [
            rng.choice(rows[data.labels[rows] == label], count // len(data.class_names), replace=False)
            for label in range(len(data.class_names))
        ]
    )
    labels = np.where(np.isin(np.arange(len(data)), rows) & ~np.isin(np.arange(len(data)), kept), -1, data.labels)
    return replace(data, labels=labels)


def _accuracy(told: np.ndarray, test: Dataset) -> float:
    return float(np.mean(told == test.labels))
