"""Contractive autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from explorer.models.losses import Loss
from explorer.models.networks import Hidden, Network
from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class ContractiveAutoencoder(NeuralModel):
    """Learns codes that hardly react to their inputs, but where the reconstruction needs it: along the data.

    The loss is the reconstruction's and λ‖∂h/∂x‖²_F, the squared norm of the Jacobian of the code h, for any kind of
    encoder (S. Rifai et al., ICML 2011). Its exact computation costs as much as one more pass for every dimension of
    the code. The decoder is free, so codes partly obey by shrinking while its weights grow: on digits, with λ = 0.1
    instead of 0, they spread half as far, and the decoder's first weights grew by a tenth.
    """

    title: ClassVar[str] = "Contractive autoencoder"
    exact: ClassVar[bool] = True

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 16
    weight: Annotated[float, Param("Weight λ of the penalty ‖∂h/∂x‖², of scaled samples.", ge=0, log=True)] = 0.01
    network: Network = "dense"
    hidden: Hidden = None
    penalty: Annotated[
        Literal["exact", "hutchinson"],
        Param(
            "Exact, or Hutchinson's estimate from random probes: for very wide codes; with 8 probes it was 14 to 40 % "
            "off for single samples, by the kind of cell.",
            advanced=True,
        ),
    ] = "exact"
    probes: Annotated[int, Param("Random probes of Hutchinson's estimate.", ge=1, le=4096, advanced=True)] = 8
    loss: Loss = "auto"

    @property
    def regularised(self) -> bool:
        """Whether the penalty counts."""
        return self.weight > 0 or super().regularised

    def compose(self, spec: SampleSpec) -> Composition:
        """Return encoder → sigmoid code → decoder of the chosen network."""
        from torch import nn

        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.contraction import Contraction
        from explorer.models.parts.networks import build
        from explorer.models.parts.outputs import reconstruction

        encoder, decoder = build(self.network, spec, self.latent_dim, self.hidden)
        code = PlainCode(encoder.width, self.latent_dim, activation=nn.Sigmoid())
        term, link = reconstruction(self.chosen_loss(spec))
        contraction = Contraction(self.weight, penalty=self.penalty, probes=self.probes)
        return Composition(encoder, code, decoder, [term, contraction], link=link)
