"""PCA on digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from explorer.analysis.digits import judge_codes
from explorer.analysis.experiment import Experiment, Measured, Target
from explorer.data.generated import make
from explorer.models.recipes.pca import PCA
from explorer.progress import Progress

WIDTHS = (2, 8, 16, 32)
FEW = 40
"""Samples of the fit with fewer samples than features, which takes another way (the Gram matrix)."""


@dataclass(kw_only=True, eq=False, repr=False)
class PCAOnDigits(Experiment):
    """The slides' PCA equals scikit-learn's, and reaches the known errors on digits that it has not seen.

    8 × 8 digits of 0 to 1, the first 1300 for training and 497 for the test. The difference is the largest one in
    mean, components, variances, codes and reconstructions, with more samples than features and with fewer. There is
    nothing random in it.
    """

    title: ClassVar[str] = "PCA on digits, equal to scikit-learn's"
    minutes: ClassVar[float] = 0.05
    seeds: ClassVar[tuple[int, ...]] = (0,)
    targets: ClassVar[tuple[Target, ...]] = (
        Target("difference", "<=", 1e-6),
        Target("difference_few_samples", "<=", 1e-6),
        Target("test_mse_k2", "<=", 0.05195),
        Target("test_mse_k8", "<=", 0.02485),
        Target("test_mse_k16", "<=", 0.01225),
        Target("test_mse_k32", "<=", 0.00285),
        Target("knn_accuracy_k2", ">=", 0.5765),
        Target("knn_accuracy_k8", ">=", 0.9235),
        Target("knn_accuracy_k16", ">=", 0.9675),
        Target("knn_accuracy_k32", ">=", 0.9675),
        Target("trustworthiness_k2", ">=", 0.8185),
    )

    def measure(self, seed: int, progress: Progress) -> Measured:
        """Fit each width, and compare the widest with scikit-learn's."""
        data = make("digits", split_at=1300)
        train, test = data.part("train"), data.part("test")
        values = {
            "difference": difference(train.values, test.values),
            "difference_few_samples": difference(train.values[:FEW], test.values),
        }
        for k in WIDTHS:
            judged = judge_codes(PCA(latent_dim=k).fit(data), data)
            values |= {f"{name}_k{k}": value for name, value in judged.items()}
        usual = np.bincount(train.labels if train.labels is not None else []).argmax()
        return Measured(
            values,
            {
                "mean_test_mse": float(np.mean((test.values - train.values.mean(axis=0)) ** 2)),
                "usual_digit_accuracy": float(np.mean(test.labels == usual)),
            },
        )


def difference(train: np.ndarray, test: np.ndarray) -> float:
    """Return the largest difference between this PCA and scikit-learn's, in anything that either gives."""
    import sklearn.decomposition

    k = min(max(WIDTHS), len(train) - 1)
    ours = PCA(latent_dim=k).fit(train)
    flat, others = (each.reshape(len(each), -1).astype(np.float64) for each in (train, test))
    theirs = sklearn.decomposition.PCA(k, svd_solver="full").fit(flat)
    codes = theirs.transform(others)
    pairs = (
        (ours.mean_, theirs.mean_),
        (ours.components_, theirs.components_),
        (ours.explained_variance_, theirs.explained_variance_),
        (ours.transform(test), codes),
        (ours.reconstruct(test).reshape(len(test), -1), theirs.inverse_transform(codes)),
    )
    return max(float(np.abs(first - second).max()) for first, second in pairs)
