"""Variational autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.models.likelihood import LikelihoodName, Sigma, SigmaPer
from explorer.models.networks import Activation, Hidden, Network
from explorer.models.variational import VariationalModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class VAE(VariationalModel):
    """Codes each sample as a distribution, so that points between the codes decode to something plausible.

    Maximises the ELBO (Kingma & Welling 2014): of real numbers with a Gaussian likelihood whose σ is learnt, of 0 and
    1 with a Bernoulli likelihood, of one-hot channels with a categorical one. Its loss is in nats, summed over the
    entries of a sample.
    """

    title: ClassVar[str] = "Variational autoencoder (VAE)"
    family: ClassVar[str] = "Generative"
    exact: ClassVar[bool] = True

    hidden: Hidden = None
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 5e-3
    network: Network = "dense"
    likelihood: LikelihoodName = "auto"
    sigma: Sigma = None
    sigma_per: SigmaPer = "data"
    shared_spread: Annotated[
        bool, Param("One σ of the code for all samples, as a linear model's exact posterior has.", advanced=True)
    ] = False
    activation: Activation = "elu"
    clip: Annotated[float, Param("Largest norm of a gradient; 0: any.", ge=0, advanced=True)] = 0.0

    def compose(self, spec: SampleSpec) -> Composition:
        """Return encoder → Gaussian code → decoder, negative log likelihood and KL."""
        from explorer.models.parts.codes import VariationalCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.networks import build

        encoder, decoder = build(self.network, spec, self.latent_dim, self.hidden, activation=self.activation)
        code = VariationalCode(encoder.width, self.latent_dim, shared=self.shared_spread)
        likelihood = self.likelihood_term(spec)
        return Composition(encoder, code, decoder, [likelihood, self.kl_term()], link=likelihood.link)
