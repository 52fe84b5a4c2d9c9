"""Convolutional encoders and decoders of series ``(B, T, C)`` and images ``(B, H, W, C)`` of any size.

A series is an image of one row here, and channels stay last in memory: torch's two-dimensional convolutions are
three to six times as fast on a CPU as its one-dimensional ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypedDict

import torch
from torch import Tensor, nn

from explorer.errors import InputError
from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.dense import ACTIVATIONS
from explorer.models.parts.positions import within
from explorer.training.step import Batch, Step

Grid = tuple[int, int]


def grids(places: tuple[int, ...], halvings: int) -> list[Grid]:
    """Return the rows and columns of a series ``(T,)`` or image ``(H, W)``, and those after each halving, rounded up.

    A single row stays one, and so does a single column.
    """
    found: list[Grid] = [(1, places[0]) if len(places) == 1 else (places[0], places[1])]
    for _ in range(halvings):
        rows, columns = found[-1]
        found.append((-(-rows // 2), -(-columns // 2)))
    return found


class ConvolutionalEncoder(Encoder):
    """Convolutions that halve the grid, each followed by an activation; then all that is left, flattened.

    What stands behind the end of a shorter series is taken as 0 before every layer, so it cannot change the features.

    Parameters
    ----------
    sample_shape : tuple of int
        ``(T, C)`` or ``(H, W, C)``.
    hidden : sequence of int
        Channels after each layer.
    activation : str
    kernel : int
        Steps or pixels that a convolution spans, odd.
    """

    def __init__(
        self, sample_shape: tuple[int, ...], hidden: Sequence[int], activation: str = "elu", kernel: int = 5
    ) -> None:
        widths = [sample_shape[-1], *hidden]
        super().__init__(widths[-1] * math.prod(grids(sample_shape[:-1], len(hidden))[-1]))
        flat = len(sample_shape) == 2
        self.layers = nn.ModuleList(
            _started(nn.Conv2d(before, after, **_halving(kernel, flat))) for before, after in pairwise(widths)
        )
        self.activation = ACTIVATIONS[activation]()

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, width)``."""
        x = channels_first(batch.inputs)
        known = within(batch.lengths, x.shape[-1])
        for layer in self.layers:
            if known is not None:
                x = torch.where(known[:, None, None, :], x, 0.0)
                known = known[:, ::2]
            x = self.activation(layer(x))
        if known is not None:
            x = torch.where(known[:, None, None, :], x, 0.0)
        return x.flatten(1)


class ConvolutionalDecoder(Decoder):
    """Code → linear layer onto a coarse grid → transposed convolutions that double it, each after an activation.

    Parameters
    ----------
    latent_dim : int
    output_shape : tuple of int
        ``(T, C)`` or ``(H, W, C)``.
    hidden : sequence of int
        Channels of each grid from the coarsest; as many layers follow.
    activation : str
    kernel : int
        Steps or pixels that a convolution spans, odd.
    """

    def __init__(
        self,
        latent_dim: int,
        output_shape: tuple[int, ...],
        hidden: Sequence[int],
        activation: str = "elu",
        kernel: int = 5,
    ) -> None:
        super().__init__()
        sizes = grids(output_shape[:-1], len(hidden))[::-1]
        widths = [*hidden, output_shape[-1]]
        self.coarse, self.flat = (widths[0], *sizes[0]), len(output_shape) == 2
        self.first = nn.Linear(latent_dim, math.prod(self.coarse))
        self.layers = nn.ModuleList(
            _started(nn.ConvTranspose2d(before, after, output_padding=extra, **_halving(kernel, self.flat)))
            for (before, after), extra in zip(pairwise(widths), _missing(sizes), strict=True)
        )
        self.activation = ACTIVATIONS[activation]()

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return samples ``(B, *output_shape)``."""
        x = self.first(z).unflatten(1, self.coarse).contiguous(memory_format=torch.channels_last)
        for layer in self.layers:
            x = layer(self.activation(x))
        x = x.movedim(1, -1)
        return x.squeeze(1) if self.flat else x


def channels_first(x: Tensor) -> Tensor:
    """Return series or images, channels last, as a view ``(B, C, rows, columns)``; series have one row."""
    return (x.unsqueeze(1) if x.ndim == 3 else x).movedim(-1, 1)


class _Halving(TypedDict):
    kernel_size: Grid
    stride: Grid
    padding: Grid


def _halving(kernel: int, flat: bool) -> _Halving:
    """Return the settings of a convolution that halves a grid, rounding up; a single row stays as it is."""
    if kernel % 2 == 0:
        raise InputError(f"a kernel of {kernel} has no middle", remedy="Choose an odd number")
    if flat:
        return {"kernel_size": (1, kernel), "stride": (1, 2), "padding": (0, kernel // 2)}
    return {"kernel_size": (kernel, kernel), "stride": (2, 2), "padding": (kernel // 2, kernel // 2)}


def _missing(sizes: Sequence[Grid]) -> list[Grid]:
    """Return how much doubled grids, rounded down, fall short of the next: 0 or 1 rows and columns."""
    return [
        (rows_after - 2 * rows + 1, columns_after - 2 * columns + 1)
        for (rows, columns), (rows_after, columns_after) in pairwise(sizes)
    ]


def _started(layer: nn.Conv2d | nn.ConvTranspose2d) -> nn.Module:
    """Return the layer with weights that keep the size of signals (He et al. 2015)."""
    # A transposed convolution of stride s adds up only 1 / s² of its kernel at each place.
    shared = math.prod(layer.stride) if isinstance(layer, nn.ConvTranspose2d) else 1
    fan_in = layer.in_channels * math.prod(layer.kernel_size) / shared
    nn.init.normal_(layer.weight, std=math.sqrt(2.0 / fan_in))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer
