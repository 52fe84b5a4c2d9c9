"""What models with a classification head share: predictions, and what these are judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from explorer.data.dataset import Dataset
from explorer.models.classes import renumbered
from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.parts.heads import ClassHead

Balance = Annotated[
    Literal["none", "balanced"],
    Param("Weights of the classes in the loss; balanced: rare ones weigh as much as frequent ones.", advanced=True),
]
"""The parameter that recipes declare as ``class_weights: Balance = "none"``."""


@dataclass(kw_only=True, eq=False, repr=False)
class Classifying(NeuralModel):
    """A network with a head ``"label"`` that tells the class of a sample from its code."""

    class_weights: Balance = "none"

    def predict_proba(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the probability of each class, float64 ``(N, K)``, in the order of `class_names_`."""
        import torch

        module, dataset = self._ready(X)
        with torch.inference_mode():
            found = [
                module.heads["label"](module.encode(batch), batch).double().softmax(-1).cpu().numpy()
                for batch in self._chunks(dataset, module)
            ]
        return np.concatenate(found)

    def predict(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return the likeliest class of each sample, int64 ``(N,)``: an index into `class_names_`."""
        return self.predict_proba(X).argmax(axis=1)

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return how well it tells the labels of the samples that have one.

        Returns
        -------
        dict
            "accuracy"; "balanced_accuracy", the mean share of each class that is found; and for two classes, of which
            the second counts as the positive one, "auroc", the area under the ROC curve, and "average_precision".
            Empty where no label is known, and without what is not defined where one class alone occurs.
        """
        if dataset.labels is None:
            return {}
        labels = renumbered(dataset.labels, dataset.class_names, self.class_names_)
        known = np.flatnonzero(labels >= 0)
        if not len(known):
            return {}
        return judged(labels[known], self.predict_proba(dataset.subset(known)))

    def _prepare(self, module: Composition, dataset: Dataset, rows: np.ndarray) -> None:
        from explorer.models.parts.labels import LabelCrossEntropy

        if self.class_weights == "balanced" and dataset.labels is not None:
            for part in module.modules():
                if isinstance(part, LabelCrossEntropy):
                    part.balance(dataset.labels[rows])


def judged(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """Return what predictions are judged by; see `Classifying.measure`.

    Parameters
    ----------
    labels : ndarray, int ``(N,)``
        All known.
    probabilities : ndarray ``(N, K)``
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    right = probabilities.argmax(axis=1) == labels
    classes = np.unique(labels)
    found = {
        "accuracy": float(right.mean()),
        "balanced_accuracy": float(np.mean([right[labels == each].mean() for each in classes])),
    }
    if probabilities.shape[1] == 2 and len(classes) == 2:
        found["auroc"] = float(roc_auc_score(labels == 1, probabilities[:, 1]))
        found["average_precision"] = float(average_precision_score(labels == 1, probabilities[:, 1]))
    return found


def class_head(latent_dim: int, classes: int, hidden: int) -> ClassHead:
    """Return the head of a code; of no class at all it has one, so that a network can be made and counted."""
    from explorer.models.parts.heads import ClassHead

    return ClassHead(latent_dim, max(1, classes), hidden)
