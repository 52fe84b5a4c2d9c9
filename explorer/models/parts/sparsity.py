"""Codes of which few entries are active: what makes them so, what counts them, and what they are decoded by."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Decoder, Pass, Term
from explorer.training.step import Batch, Step


class L1(Term):
    """λ Σ |h|, summed over the code; the mean over the batch.

    The decoder must not be free to grow: else h shrinks, W grows, and nothing becomes sparse; see `Dictionary`.

    Parameters
    ----------
    weight : float
        λ.
    """

    name = "l1"

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = weight

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the sum, and its weighted share."""
        value = seen.code.mean.abs().sum(1).mean()
        return value, self.weight * value


class ActiveEntries(Term):
    """How many entries of a code are not 0 (L0), the mean over the batch. It is only reported: it has no gradient."""

    name = "l0"

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the number, and 0."""
        value = (seen.code.mean != 0).sum(1).to(seen.code.mean.dtype).mean()
        return value, torch.zeros_like(value)


class SoftThreshold(nn.Module):
    """Shrinks values of either sign towards 0, by a threshold learnt for each: sign(a) max(|a| − θ, 0).

    As in the iterative shrinkage of sparse coding (I. Daubechies, M. Defrise and C. De Mol 2004), and in its learnt
    form (K. Gregor and Y. LeCun, ICML 2010).

    Parameters
    ----------
    width : int
        Number of values.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.threshold = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, values: Tensor) -> Tensor:
        """Return shrunk values ``(B, width)``."""
        # Written so that the threshold has a gradient wherever a value passes it; one below 0 counts as 0.
        threshold = self.threshold.clamp(min=0)
        return torch.relu(values - threshold) - torch.relu(-values - threshold)


class Dictionary(Decoder):
    """One linear map whose columns, the atoms, have length 1: x̂ = W h + b.

    The lengths are divided out in the forward pass, so that any optimiser keeps to them.

    Parameters
    ----------
    latent_dim : int
    sample_shape : tuple of int
    """

    def __init__(self, latent_dim: int, sample_shape: tuple[int, ...]) -> None:
        super().__init__()
        self.sample_shape = sample_shape
        self.directions = nn.Parameter(torch.randn(math.prod(sample_shape), latent_dim))
        self.bias = nn.Parameter(torch.zeros(math.prod(sample_shape)))

    def atoms(self) -> Tensor:
        """Return W ``(D, latent_dim)``."""
        return nn.functional.normalize(self.directions, dim=0)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return samples ``(B, *sample_shape)``."""
        return nn.functional.linear(z, self.atoms(), self.bias).unflatten(1, self.sample_shape)
