"""Likelihoods p(x|z): what a decoder's output says of the sample, in nats summed over all its entries.

The term of an ELBO, not an error: no mean over entries, which would weigh the KL differently in wider samples.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Pass, Term
from explorer.models.parts.frames import within
from explorer.training.step import Batch, Step


class Likelihood(Term):
    """−log p(x|z) in nats, summed over the observed entries of a sample, of the scaled data.

    Parameters
    ----------
    link : Module, optional
        Turns the decoder's output into the mean of p(x|z).
    """

    name = "nll"

    def __init__(self, link: nn.Module | None = None) -> None:
        super().__init__()
        self.link = link

    def entries(self, output: Tensor, targets: Tensor) -> Tensor:
        """Return −log p of each entry, shape of `targets`; of a choice among channels the first tells all."""
        raise NotImplementedError

    def of_samples(self, output: Tensor, batch: Batch) -> Tensor:
        """Return −log p(x|z) of each sample ``(B,)``, over what of it was observed and is within its length."""
        nats = self.entries(output, batch.targets)
        if batch.observed is not None:
            nats = torch.where(batch.observed, nats, 0.0)
        return nats.flatten(1).sum(1)

    def draw(self, output: Tensor, generator: torch.Generator) -> Tensor:
        """Return samples x ~ p(x|z) of the decoder's outputs, of the same shape."""
        raise NotImplementedError

    def sigma(self) -> Tensor | None:
        """Return σ of the scaled data, one or one per channel; None where it has none."""
        return None

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the mean over the samples, twice."""
        nll = self.of_samples(seen.output, seen.batch).mean()
        return nll, nll


class GaussianLikelihood(Likelihood):
    """N(x; x̂, σ²): σ is learnt, one for all entries or one per channel, or it is given.

    Parameters
    ----------
    channels : int
        0: one σ for all entries; else so many, one for each entry of the last axis.
    sigma : float, optional
        A fixed one, of the scaled data.
    """

    log_variance: Tensor

    def __init__(self, channels: int = 0, sigma: float | None = None) -> None:
        super().__init__()
        # It starts below the variance of scaled data: with σ = 1 the KL term wins at first, and codes are given up.
        start = torch.full((channels,) if channels else (), -3.0 if sigma is None else 2 * math.log(sigma))
        if sigma is None:
            self.log_variance = nn.Parameter(start)
        else:
            self.register_buffer("log_variance", start)

    def _bounded(self) -> Tensor:
        # Data that are reproduced exactly (constants) would drive σ to 0 and the likelihood to infinity.
        return self.log_variance.clamp(min=-14.0)

    def entries(self, output: Tensor, targets: Tensor) -> Tensor:
        """Return ((x̂ − x)² / σ² + log σ² + log 2π) / 2."""
        log_variance = self._bounded()
        error = (output - targets).square() * torch.exp(-log_variance)
        return 0.5 * (error + log_variance + math.log(2 * math.pi))

    def draw(self, output: Tensor, generator: torch.Generator) -> Tensor:
        """Return x̂ + σ ε."""
        noise = torch.randn(output.shape, generator=generator, device=output.device, dtype=output.dtype)
        return output + torch.exp(0.5 * self._bounded()) * noise

    def sigma(self) -> Tensor:
        """Return σ."""
        return torch.exp(0.5 * self._bounded())


class BernoulliLikelihood(Likelihood):
    """Each entry is 1 with the probability whose logit the decoder writes."""

    def __init__(self) -> None:
        super().__init__(nn.Sigmoid())

    def entries(self, output: Tensor, targets: Tensor) -> Tensor:
        """Return −x log p − (1 − x) log(1 − p)."""
        return nn.functional.binary_cross_entropy_with_logits(output, targets, reduction="none")

    def draw(self, output: Tensor, generator: torch.Generator) -> Tensor:
        """Return 0 or 1."""
        return torch.bernoulli(output.sigmoid(), generator=generator)


class TokenLikelihood(Likelihood):
    """Each token is one of the vocabulary, with probabilities whose logits ``(B, T, V)`` the decoder writes.

    Summed over the tokens of a sentence, its end token included; what stands behind that counts for nothing.
    """

    def entries(self, output: Tensor, targets: Tensor) -> Tensor:
        """Return −log p of each token ``(B, T)``."""
        flat = nn.functional.cross_entropy(output.flatten(0, 1), targets.flatten(), reduction="none")
        return flat.view_as(targets)

    def of_samples(self, output: Tensor, batch: Batch) -> Tensor:
        """Return −log p(x|z) of each sentence ``(B,)``; of a translation where there is one."""
        nats = self.entries(output, batch.targets)
        lengths = batch.target_lengths if batch.target_lengths is not None else batch.lengths
        if lengths is not None:
            nats = torch.where(within(lengths, nats.shape[1]).squeeze(-1), nats, 0.0)
        return nats.sum(1)

    def draw(self, output: Tensor, generator: torch.Generator) -> Tensor:
        """Return numbers of tokens, int64 ``(B, T)``."""
        flat = output.softmax(-1).flatten(0, -2)
        return torch.multinomial(flat, 1, generator=generator).view(output.shape[:-1])


class CategoricalLikelihood(Likelihood):
    """Just one channel of each step or pixel is 1, with probabilities whose logits the decoder writes."""

    def __init__(self) -> None:
        super().__init__(nn.Softmax(dim=-1))

    def entries(self, output: Tensor, targets: Tensor) -> Tensor:
        """Return −x log p of each channel; that of the one which is 1 is that of the place."""
        return -(targets * output.log_softmax(-1))

    def draw(self, output: Tensor, generator: torch.Generator) -> Tensor:
        """Return one-hot channels."""
        flat = output.softmax(-1).flatten(0, -2)
        chosen = torch.multinomial(flat, 1, generator=generator).squeeze(1)
        return nn.functional.one_hot(chosen, output.shape[-1]).to(output.dtype).view_as(output)
