"""Convolutional autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from explorer.data.dataset import Layout
from explorer.models.network_autoencoder import NetworkAutoencoder
from explorer.models.networks import Activation
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class ConvolutionalAutoencoder(NetworkAutoencoder):
    """Looks for the same patterns everywhere in an image or a series, on ever coarser grids, down to the code.

    Each layer halves the grid (stride 2), and those of the decoder double it again.
    """

    title: ClassVar[str] = "Convolutional autoencoder"
    layouts: ClassVar[tuple[Layout, ...]] = ("series", "image")
    network: ClassVar[str] = "convolutional"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 8
    hidden: Annotated[
        tuple[int, ...], Param("Channels of each layer of the encoder; the decoder mirrors them.", ge=1, le=4096)
    ] = (32, 64)
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 100
    kernel: Annotated[
        int, Param("Steps or pixels that a convolution spans; an odd number.", ge=1, le=99, advanced=True)
    ] = 5
    activation: Activation = "elu"

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of each layer."""
        return self.hidden

    @property
    def options(self) -> dict[str, Any]:
        """Kernel and activation."""
        return {"kernel": self.kernel, "activation": self.activation}
