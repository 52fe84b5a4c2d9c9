"""Terms that compare the decoder's output with the targets, where these were observed."""

from __future__ import annotations

import math

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


class GaussianNLL(Term):
    """−log N(x; x̂, σ² I) in nats, summed over the entries of a sample, with one learnt σ² for all of them.

    It is a likelihood of the scaled data; those of the data themselves differ by the logarithm of the scale.
    """

    name = "nll"

    def __init__(self) -> None:
        super().__init__()
        # It starts below the variance of scaled data: with σ = 1 the KL term wins at first, and codes are given up.
        self.log_variance = nn.Parameter(torch.tensor(-3.0))

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the negative log likelihood, twice."""
        # Data that are reproduced exactly (constants) would drive σ to 0 and the likelihood to infinity.
        log_variance = self.log_variance.clamp(min=-14.0)
        error = (seen.output - seen.batch.targets).square() * torch.exp(-log_variance)
        nats = 0.5 * (error + log_variance + math.log(2 * math.pi))
        if seen.batch.observed is not None:
            nats = torch.where(seen.batch.observed, nats, 0.0)
        nll = nats.sum() / len(seen.batch)
        return nll, nll
