"""An autoencoder whose encoder and decoder are of one kind of network."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from explorer.models.losses import Loss
from explorer.models.neural import NeuralModel

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class NetworkAutoencoder(NeuralModel):
    """Encoder → linear code → decoder. A recipe names the kind of network and declares what that can be told."""

    network: ClassVar[str]
    """As `explorer.models.parts.networks.BUILDERS` lists it."""
    family: ClassVar[str] = "Convolutional and attention"

    loss: Loss = "auto"

    @property
    @abstractmethod
    def widths(self) -> tuple[int, ...]:
        """Width of each layer of the encoder."""

    @property
    @abstractmethod
    def options(self) -> dict[str, Any]:
        """What else the network is built with."""

    def compose(self, spec: SampleSpec) -> Composition:
        """Return encoder → linear code → decoder."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.networks import build
        from explorer.models.parts.outputs import reconstruction

        encoder, decoder = build(self.network, spec, self.latent_dim, self.widths, **self.options)
        code = PlainCode(encoder.width, self.latent_dim)
        term, link = reconstruction(self.chosen_loss(spec))
        return Composition(encoder, code, decoder, [term], link=link)
