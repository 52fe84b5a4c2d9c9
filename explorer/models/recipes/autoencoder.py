"""Feed-forward autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.models.losses import Loss
from explorer.models.networks import Activation
from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class Autoencoder(NeuralModel):
    """Squeezes each sample through a narrow code and learns to restore it; layers are fully connected.

    A code wider than the sample (overcomplete) can copy its input: corrupt the input then. Without an activation it
    is linear and spans the same subspace as PCA.
    """

    title: ClassVar[str] = "Autoencoder"
    exact: ClassVar[bool] = True

    hidden: Annotated[
        tuple[int, ...], Param("Units of each layer of the encoder; the decoder mirrors them.", ge=1, le=65536)
    ] = (128, 64)
    activation: Activation = "elu"
    loss: Loss = "auto"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return dense encoder → linear code → mirrored decoder."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.dense import DenseDecoder, DenseEncoder
        from explorer.models.parts.outputs import reconstruction

        encoder = DenseEncoder(spec.shape, self.hidden, self.activation)
        code = PlainCode(encoder.width, self.latent_dim)
        decoder = DenseDecoder(self.latent_dim, spec.shape, self.hidden[::-1], self.activation)
        term, link = reconstruction(self.chosen_loss(spec))
        return Composition(encoder, code, decoder, [term], link=link)
