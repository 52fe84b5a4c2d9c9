"""What spoils the inputs while training: noise makes an autoencoder a denoising one."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.training.step import Step


class GaussianNoise(nn.Module):
    """Independent normal noise on every input, drawn anew at every step.

    Parameters
    ----------
    sigma : float
        Standard deviation, of the scaled data.
    """

    def __init__(self, sigma: float) -> None:
        super().__init__()
        self.sigma = sigma

    def forward(self, inputs: Tensor, step: Step) -> Tensor:
        """Return noisy inputs."""
        noise = torch.randn(inputs.shape, generator=step.generator, device=inputs.device, dtype=inputs.dtype)
        return inputs + self.sigma * noise


class StepDropout(nn.Module):
    """Whole time steps of series are not seen, each by its own chance: 0, the mean, comes in for them.

    Parameters
    ----------
    share : float
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, inputs: Tensor, step: Step) -> Tensor:
        """Return series ``(B, T, C)`` with steps left out while training, and whole ones while validating."""
        if not step.training or not self.share:
            return inputs
        chances = torch.rand((*inputs.shape[:2], 1), generator=step.generator, device=inputs.device)
        return torch.where(chances < self.share, 0.0, inputs)
