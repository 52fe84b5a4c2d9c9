"""Terms that compare the decoder's output with the targets, where these were observed."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Pass, Term
from explorer.training.step import Step


def masked_mean(values: Tensor, observed: Tensor | None) -> Tensor:
    """Return the mean over the observed entries, 0 where there are none."""
    if observed is None:
        return values.mean()
    return torch.where(observed, values, 0.0).sum() / observed.sum().clamp(min=1)


class SquaredError(Term):
    """Mean over the entries of ``(x̂ − x)²``."""

    name = "mse"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the error, twice."""
        if seen.batch.observed is None:
            error = nn.functional.mse_loss(seen.output, seen.batch.targets)
        else:
            error = masked_mean((seen.output - seen.batch.targets).square(), seen.batch.observed)
        return error, error


class AbsoluteError(Term):
    """Mean over the entries of ``|x̂ − x|``."""

    name = "mae"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the error, twice."""
        error = masked_mean((seen.output - seen.batch.targets).abs(), seen.batch.observed)
        return error, error


class BinaryCrossEntropy(Term):
    """Mean over the entries of −x log x̂ − (1−x) log(1−x̂), of logits; in nats."""

    name = "bce"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the cross-entropy, twice."""
        entries = nn.functional.binary_cross_entropy_with_logits(seen.output, seen.batch.targets, reduction="none")
        error = masked_mean(entries, seen.batch.observed)
        return error, error


class CrossEntropy(Term):
    """Mean over the steps of −Σ x log softmax(x̂) for one-hot channels, of logits; in nats."""

    name = "cross_entropy"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the cross-entropy, twice."""
        places = -(seen.batch.targets * seen.output.log_softmax(-1)).sum(-1)
        known = None if seen.batch.observed is None else seen.batch.observed.all(-1)
        error = masked_mean(places, known)
        return error, error
