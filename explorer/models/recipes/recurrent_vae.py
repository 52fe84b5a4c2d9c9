"""Recurrent variational autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from explorer.models.likelihood import LikelihoodName, Sigma, SigmaPer
from explorer.models.recurrent import RecurrentLayers
from explorer.models.variational import VariationalModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentVAE(RecurrentLayers, VariationalModel):
    """Reads a series into a distribution of codes, and writes series step by step from a code: also from one drawn.

    The RNN-VAE of the slides (Bowman et al. 2016; the baseline of Rubanova et al. 2019), for series of unequal lengths
    with missing values. An unconditioned decoder sees the code alone. A conditioned one also sees the step before,
    p(x|z) = Π p(x_t | x_<t, z), and may then do without the code: dropout of what it sees, a KL that rises slowly and
    free bits keep it from that.
    """

    title: ClassVar[str] = "Recurrent VAE"
    family: ClassVar[str] = "Generative"

    step_dropout: Annotated[
        float, Param("Share of true steps that a conditioned decoder is not shown while it trains.", ge=0, le=1)
    ] = 0.25
    input_dropout: Annotated[
        float, Param("Share of steps that the encoder does not see while it trains.", ge=0, lt=1, advanced=True)
    ] = 0.0
    likelihood: LikelihoodName = "auto"
    sigma: Sigma = None
    sigma_per: SigmaPer = "data"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return recurrent encoder → Gaussian code → recurrent decoder, negative log likelihood and KL."""
        from explorer.models.parts.codes import VariationalCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.noise import StepDropout
        from explorer.models.parts.taught import TaughtDecoder

        encoder = self._encoder(spec)
        taught: dict[str, Any] = {"dropout": self.step_dropout} if self.decoder == "conditioned" else {}
        likelihood = self.likelihood_term(spec)
        return Composition(
            encoder,
            VariationalCode(encoder.width, self.latent_dim),
            self._decoder(spec, spec.steps, conditioned=TaughtDecoder, **taught),
            [likelihood, self.kl_term()],
            spoil=StepDropout(self.input_dropout),
            link=likelihood.link,
        )
