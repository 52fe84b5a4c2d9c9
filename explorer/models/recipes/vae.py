"""Variational autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.models.networks import Activation
from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class VAE(NeuralModel):
    """Codes each sample as a distribution, so that points between the codes decode to something plausible.

    Maximises the ELBO (Kingma & Welling 2014) with a Gaussian likelihood whose σ is learnt: its loss is in nats, summed
    over the entries of a sample.
    """

    title: ClassVar[str] = "Variational autoencoder (VAE)"
    exact: ClassVar[bool] = True

    hidden: Annotated[
        tuple[int, ...], Param("Units of each layer of the encoder; the decoder mirrors them.", ge=1, le=65536)
    ] = (128, 64)
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 5e-3
    beta: Annotated[float, Param("Weight β of the KL term; 1 is the ELBO.", ge=0)] = 1.0
    warm_up: Annotated[
        int, Param("Epochs over which β rises from 0, so that the code is not given up.", ge=0, unit="epochs")
    ] = 20
    free_bits: Annotated[
        float, Param("KL of each dimension of the code that costs nothing.", ge=0, unit="nats", advanced=True)
    ] = 0.0
    activation: Activation = "elu"
    clip: Annotated[float, Param("Largest norm of a gradient; 0: any.", ge=0, advanced=True)] = 0.0

    @property
    def regularised(self) -> bool:
        """Whether the KL term counts."""
        return self.beta > 0

    def compose(self, spec: SampleSpec) -> Composition:
        """Return dense encoder → Gaussian code → mirrored decoder, negative log likelihood and KL."""
        from explorer.models.parts.codes import VariationalCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.dense import DenseDecoder, DenseEncoder
        from explorer.models.parts.kl import GaussianKL
        from explorer.models.parts.reconstruction import GaussianNLL

        encoder = DenseEncoder(spec.shape, self.hidden, self.activation)
        code = VariationalCode(encoder.width, self.latent_dim)
        decoder = DenseDecoder(self.latent_dim, spec.shape, self.hidden[::-1], self.activation)
        return Composition(encoder, code, decoder, [GaussianNLL(), GaussianKL(self.beta, self.warm_up, self.free_bits)])
