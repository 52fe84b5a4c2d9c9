"""ODE-RNN autoencoder: an encoder for irregular series, with a plain code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.models.continuous import Between, ContinuousModel
from explorer.models.losses import Loss
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class OdeRnn(ContinuousModel):
    """Reads irregular series by a recurrent state that moves on by an equation between observations.

    The ODE-RNN of Rubanova et al. (2019) as an autoencoder: it runs back in time into a narrow code, and from the code
    an equation carries a state as wide as the encoder's forward again. No distribution of codes, no KL: beside the
    latent ODE it shows what those are for.
    """

    title: ClassVar[str] = "ODE-RNN autoencoder"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 4
    encoder: Annotated[int, Param("Width of the state of encoder and decoder.", ge=1, le=4096, advanced=True)] = 40
    between: Between = "euler"
    loss: Loss = "auto"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return ODE-RNN, backwards in time → linear code → equation of a wider state; reconstruction."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.dynamics import Field
        from explorer.models.parts.ode_rnn import OdeRnnEncoder
        from explorer.models.parts.outputs import reconstruction

        field = Field(self.encoder, self.hidden, self.layers)
        encoder = OdeRnnEncoder(spec.channels, self.encoder, field, between=self.between, solver=self._solver())
        term, link = reconstruction(self.chosen_loss(spec))
        decoder = self._decoder(spec, width=self.encoder)
        return Composition(encoder, PlainCode(encoder.width, self.latent_dim), decoder, [term], link=link)
