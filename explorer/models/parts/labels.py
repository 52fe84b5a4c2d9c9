"""The term that compares a head's prediction with the labels, where these are known."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Pass, Term
from explorer.training.step import Step


class LabelCrossEntropy(Term):
    """Mean over the labelled samples of −w_y log softmax(ŷ)_y, in nats; samples of label −1 are left out.

    Parameters
    ----------
    classes : int
    head : str
        Name of the head that writes the logits.
    """

    name = "label"
    weights: Tensor

    def __init__(self, classes: int, head: str = "label") -> None:
        super().__init__()
        self.head = head
        self.register_buffer("weights", torch.ones(classes))

    def balance(self, labels: np.ndarray) -> None:
        """Weigh the classes so that each adds as much to the loss as every other.

        A class of n_c of all n labelled samples weighs n / (K n_c), where K classes occur; the mean weight of a
        sample stays 1.
        """
        counts = np.bincount(labels[labels >= 0], minlength=len(self.weights))
        found = counts > 0
        balanced = np.where(found, counts.sum() / (found.sum() * np.maximum(counts, 1)), 1.0)
        self.weights.copy_(torch.from_numpy(balanced))

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the cross-entropy, twice; 0 where no sample of the batch has a label."""
        labels = seen.batch.labels
        if labels is None:
            raise TypeError("this term needs labels")
        nats = nn.functional.cross_entropy(seen.heads[self.head], labels, ignore_index=-1, reduction="none")
        known = labels >= 0
        weighted = nats * self.weights[labels.clamp(min=0)]
        error = torch.where(known, weighted, 0.0).sum() / known.sum().clamp(min=1)
        return error, error
