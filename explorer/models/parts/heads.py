"""Heads: what is predicted from a code beside the sample, or instead of it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Coded, Decoder, Encoder, Head
from explorer.models.parts.dense import layers
from explorer.training.step import Batch, Step


class ClassHead(Head):
    """Code → (one hidden layer with ELU →) a logit of each class.

    It looks at the mean where the code is a distribution. `settle` makes it see codes of mean 0 and deviation 1,
    whatever scale an encoder that was trained before writes them in.

    Parameters
    ----------
    latent_dim, classes : int
    hidden : int
        Units of the hidden layer; 0: none, the head is linear.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, latent_dim: int, classes: int, hidden: int = 0) -> None:
        super().__init__()
        self.layers = layers([latent_dim, hidden], "elu") if hidden else nn.Identity()
        self.last = nn.Linear(hidden or latent_dim, classes)
        self.register_buffer("shift", torch.zeros(latent_dim))
        self.register_buffer("scale", torch.ones(latent_dim))

    def settle(self, codes: Tensor) -> None:
        """Take mean and deviation of codes ``(N, latent_dim)`` as those to expect."""
        self.shift.copy_(codes.mean(0))
        # A dimension that is not used would be blown up to noise.
        deviation = codes.std(0, correction=0)
        self.scale.copy_(torch.where(deviation > 1e-6 * deviation.max(), deviation, 1.0))

    def forward(self, seen: Coded, batch: Batch) -> Tensor:
        """Return logits ``(B, classes)``."""
        return self.last(self.layers((seen.mean - self.shift) / self.scale))


class NoDecoder(Decoder):
    """Stands where nothing is decoded."""

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return samples without entries, ``(B, 0)``."""
        return z.new_empty((len(z), 0))


class FrozenEncoder(Encoder):
    """An encoder that has learnt, and learns no more: no gradients, no dropout, no running means."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder.width, any_length=encoder.any_length)
        self.encoder = encoder.requires_grad_(False)

    def train(self, mode: bool = True) -> FrozenEncoder:
        """Stay in eval mode."""
        return super().train(False)

    def forward(self, batch: Batch) -> Tensor:
        """Return the features of a batch's inputs."""
        with torch.no_grad():
            return self.encoder(batch)


def thawed(encoder: Encoder) -> Encoder:
    """Return the encoder within a frozen one, free to learn again; any other as it is."""
    return encoder.encoder.requires_grad_(True) if isinstance(encoder, FrozenEncoder) else encoder
