"""What stands between encoder and decoder: a vector, or a distribution over vectors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Code, Coded
from explorer.training.step import Step


class PlainCode(Code):
    """A linear map of the features, and what follows it; the features themselves where `direct`.

    Parameters
    ----------
    width, latent_dim : int
        Of features and code; the same where `direct`.
    direct : bool
    activation : Module, optional
        What follows the map: bounds the code, or makes it sparse.
    """

    def __init__(
        self, width: int, latent_dim: int, *, direct: bool = False, activation: nn.Module | None = None
    ) -> None:
        super().__init__()
        if direct and width != latent_dim:
            raise ValueError(f"features of width {width} are no code of {latent_dim}")
        self.map: nn.Module = nn.Identity() if direct else nn.Linear(width, latent_dim)
        self.activation = activation

    def forward(self, features: Tensor, step: Step | None = None) -> Coded:
        """Return the codes."""
        z = self.map(features)
        if self.activation is not None:
            z = self.activation(z)
        return Coded(z, z)


class VariationalCode(Code):
    """A diagonal Gaussian q(z|x) = N(μ, σ²), drawn by z = μ + σ ε, ε ~ N(0, I) (Kingma & Welling 2014).

    Parameters
    ----------
    width, latent_dim : int
    shared : bool
        One σ for all samples, as the exact posterior of a linear model has; else each has its own.
    """

    def __init__(self, width: int, latent_dim: int, *, shared: bool = False) -> None:
        super().__init__()
        self.mean = nn.Linear(width, latent_dim)
        self.log_variance = _Constant(latent_dim) if shared else nn.Linear(width, latent_dim)
        # Start with the same spread for every sample; a large one would drown the code in noise.
        if isinstance(self.log_variance, nn.Linear):
            nn.init.zeros_(self.log_variance.weight)
        nn.init.constant_(self.log_variance.bias, -2.0)

    def forward(self, features: Tensor, step: Step | None = None) -> Coded:
        """Return the codes: draws with a step, means without."""
        mean = self.mean(features)
        # Beyond these bounds exp() leaves float32 or the draw is exact; the optimum lies far inside.
        log_variance = self.log_variance(features).clamp(-20.0, 10.0)
        if step is None:
            return Coded(mean, mean, log_variance)
        noise = torch.randn(mean.shape, generator=step.generator, device=mean.device, dtype=mean.dtype)
        return Coded(mean + torch.exp(0.5 * log_variance) * noise, mean, log_variance)


class _Constant(nn.Module):
    """The same for all samples."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, features: Tensor) -> Tensor:
        return self.bias.expand(len(features), -1)
