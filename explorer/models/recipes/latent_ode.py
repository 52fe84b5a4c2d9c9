"""Latent ODE: a variational autoencoder of irregular series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.models.annealing import Annealing
from explorer.models.continuous import Between, ContinuousModel
from explorer.models.likelihood import Sigma, SigmaPer
from explorer.models.variational import VariationalModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class LatentOde(ContinuousModel, VariationalModel):
    """A variational autoencoder for irregular series: its code is where a curve starts, as a distribution.

    An ODE-RNN reads the observations back to the start of time and tells where the state was then; an equation carries
    a draw of it on, and gives the values at all times, between the observations and beyond them (Rubanova et al. 2019).
    The KL term waits for ten epochs and then comes slowly, and each sample is drawn three times.
    """

    title: ClassVar[str] = "Latent ODE"

    latent_dim: Annotated[int, Param("Width of the code, the state at the start of time.", ge=1, le=4096)] = 10
    encoder: Annotated[int, Param("Width of the encoder's state.", ge=1, le=4096, advanced=True)] = 40
    between: Between = "euler"
    draws: Annotated[
        int, Param("Codes drawn of each sample in a step of the training.", ge=1, le=100, advanced=True)
    ] = 3
    warm_up: Annotated[int, Param("Epochs before the KL term comes.", ge=0, unit="epochs")] = 10
    kl_schedule: Annealing = "delayed"
    sigma: Sigma = 0.01
    sigma_per: SigmaPer = "data"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return ODE-RNN, backwards in time → Gaussian code → equation; negative log likelihood and KL."""
        from explorer.models.parts.codes import VariationalCode
        from explorer.models.parts.draws import SeveralDraws
        from explorer.models.parts.dynamics import Field
        from explorer.models.parts.ode_rnn import OdeRnnEncoder

        field = Field(self.encoder, self.hidden, self.layers)
        encoder = OdeRnnEncoder(spec.channels, self.encoder, field, between=self.between, solver=self._solver())
        code = VariationalCode(encoder.width, self.latent_dim)
        likelihood = self.likelihood_term(spec)
        terms = [likelihood, self.kl_term()]
        return SeveralDraws(encoder, code, self._decoder(spec), terms, link=likelihood.link, draws=self.draws)
