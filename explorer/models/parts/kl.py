"""The Kullback-Leibler term of the ELBO, and how its weight rises while it trains."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.models.annealing import kl_weight
from explorer.models.parts.composition import Pass, Term
from explorer.training.step import Step


def gaussian_kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Return KL(N(μ, σ²) ‖ N(0, 1)) of each entry in nats: (μ² + σ² − 1 − log σ²) / 2."""
    return 0.5 * (mean.square() + log_variance.exp() - 1.0 - log_variance)


class GaussianKL(Term):
    """KL(q(z|x) ‖ N(0, I)) in nats, summed over the code.

    Parameters
    ----------
    beta : float
        Its weight; 1 makes the loss the negative ELBO (Higgins et al. 2017 for others).
    warm_up : int
        Epochs over which the weight rises; see `explorer.models.annealing.kl_weight`.
    free_bits : float
        Nats of each dimension, averaged over the batch, that cost nothing (Kingma et al. 2016).
    schedule : {"linear", "cyclical", "delayed"}
        How the weight rises.
    """

    name = "kl"

    def __init__(
        self, beta: float = 1.0, warm_up: int = 0, free_bits: float = 0.0, *, schedule: str = "linear"
    ) -> None:
        super().__init__()
        self.beta, self.warm_up, self.free_bits, self.schedule = beta, warm_up, free_bits, schedule

    def weight(self, step: Step) -> float:
        """Return the weight at a step; while validating that of the last epoch, so that epochs can be compared."""
        epoch = step.epoch if step.training else step.epochs
        return self.beta * kl_weight(self.schedule, epoch, self.warm_up)

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the divergence, and its weighted share beyond the free bits."""
        if seen.code.log_variance is None:
            raise TypeError("this term needs a variational code")
        by_dimension = gaussian_kl(seen.code.mean, seen.code.log_variance).mean(0)
        costly = torch.clamp(by_dimension, min=self.free_bits) if self.free_bits else by_dimension
        return by_dimension.sum(), self.weight(step) * costly.sum()
