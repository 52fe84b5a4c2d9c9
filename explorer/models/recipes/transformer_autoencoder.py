"""Transformer autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from explorer.data.dataset import Layout
from explorer.models.network_autoencoder import NetworkAutoencoder
from explorer.parameters import Param


@dataclass(kw_only=True, eq=False, repr=False)
class TransformerAutoencoder(NetworkAutoencoder):
    """Lets every step of a series look at all others, sums up what they found in the code, and writes from that.

    The decoder writes all steps at once, each of which looks at those before it (Vaswani et al. 2017).
    """

    title: ClassVar[str] = "Transformer autoencoder"
    layouts: ClassVar[tuple[Layout, ...]] = ("series",)
    network: ClassVar[str] = "transformer"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 4
    hidden: Annotated[int, Param("Width of each step; a multiple of the heads.", ge=1, le=4096)] = 32
    layers: Annotated[int, Param("Blocks of the encoder, and of the decoder.", ge=1, le=64)] = 2
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 60
    heads: Annotated[int, Param("Ways in which a block looks at other steps.", ge=1, le=64, advanced=True)] = 2

    @property
    def widths(self) -> tuple[int, ...]:
        """Width of each block."""
        return (self.hidden,) * self.layers

    @property
    def options(self) -> dict[str, Any]:
        """The heads."""
        return {"heads": self.heads}
