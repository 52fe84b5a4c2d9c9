"""What codes of digits are judged by, in the way that the published figures were."""

from __future__ import annotations

import numpy as np

from explorer.analysis.trust import trust
from explorer.data.dataset import Dataset
from explorer.models.base import LatentModel

NEAREST = 5


def judge_codes(model: LatentModel, data: Dataset) -> dict[str, float]:
    """Return what the codes of the test samples are worth.

    Returns
    -------
    dict
        "trustworthiness" and "continuity" for 12 neighbours among the test samples; "knn_accuracy" of telling a test
        sample's class by the 5 nearest codes of training samples; "test_mse" of the reconstruction.
    """
    from sklearn.neighbors import KNeighborsClassifier

    train, test = data.part("train"), data.part("test")
    codes = model.transform(test)
    kept = trust(test.values, codes)
    neighbours = KNeighborsClassifier(NEAREST).fit(model.transform(train), train.labels)
    return {
        "trustworthiness": kept.trustworthiness,
        "continuity": kept.continuity,
        "knn_accuracy": float(neighbours.score(codes, test.labels)),
        "test_mse": float(np.mean((model.reconstruct(test) - test.values) ** 2)),
    }
