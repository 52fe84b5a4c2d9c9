"""Fully connected encoders and decoders, over flattened samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from explorer.models.parts.composition import Decoder, Encoder
from explorer.training.step import Batch, Step

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "linear": nn.Identity,
}


def layers(widths: Sequence[int], activation: str) -> nn.Sequential:
    """Return linear layers from ``widths[0]`` to ``widths[-1]``, each followed by an activation."""
    made: list[nn.Module] = []
    for before, after in pairwise(widths):
        made += [_linear(before, after, activation), ACTIVATIONS[activation]()]
    return nn.Sequential(*made)


def _linear(before: int, after: int, activation: str = "linear") -> nn.Linear:
    """Return a layer that keeps the size of signals and gradients (Glorot & Bengio 2010, He et al. 2015)."""
    layer = nn.Linear(before, after)
    if activation in ("relu", "elu", "gelu", "silu"):
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
    else:
        nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class DenseEncoder(Encoder):
    """Flattened sample → hidden layers, each with an activation. Without hidden layers: the flattened sample."""

    def __init__(self, sample_shape: tuple[int, ...], hidden: Sequence[int], activation: str = "relu") -> None:
        widths = [math.prod(sample_shape), *hidden]
        super().__init__(widths[-1])
        self.layers = layers(widths, activation)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, width)``."""
        return self.layers(batch.inputs.flatten(1))


class DenseDecoder(Decoder):
    """Code → hidden layers, each with an activation → linear layer → sample."""

    def __init__(
        self, latent_dim: int, sample_shape: tuple[int, ...], hidden: Sequence[int], activation: str = "relu"
    ) -> None:
        super().__init__()
        widths = [latent_dim, *hidden]
        self.layers = layers(widths, activation)
        self.last = _linear(widths[-1], math.prod(sample_shape))
        self.sample_shape = sample_shape

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return samples ``(B, *sample_shape)``."""
        return self.last(self.layers(z)).unflatten(1, self.sample_shape)
