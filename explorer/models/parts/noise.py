"""Noise on the inputs while training: what makes an autoencoder a denoising one."""

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
