"""Autoencoder of WaveNet's blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from explorer.data.dataset import Layout
from explorer.models.network_autoencoder import NetworkAutoencoder
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class WavenetAutoencoder(NetworkAutoencoder):
    """Reads and writes series by causal convolutions whose reach doubles from block to block (WaveNet's blocks).

    There are as many blocks as it takes for the last step to see the whole series. The decoder writes all steps at
    once, each told the code (van den Oord et al. 2016; global conditioning). Residual blocks (Bai et al. 2018)
    remember over far more steps.
    """

    title: ClassVar[str] = "WaveNet autoencoder"
    layouts: ClassVar[tuple[Layout, ...]] = ("series",)
    network: ClassVar[str] = "wavenet"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 4
    hidden: Annotated[int, Param("Channels of each block.", ge=1, le=4096)] = 32
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 60
    block: Annotated[
        Literal["gated", "residual"],
        Param("What a block is: WaveNet's gated unit, or two convolutions beside a shortcut.", advanced=True),
    ] = "gated"
    kernel: Annotated[int, Param("Steps that a convolution spans.", ge=2, le=64, advanced=True)] = 2

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of all blocks."""
        return (self.hidden,)

    @property
    def options(self) -> dict[str, Any]:
        """The kernel and the kind of block."""
        return {"kernel": self.kernel, "block": self.block}
