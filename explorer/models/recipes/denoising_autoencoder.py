"""Denoising autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition


@dataclass(kw_only=True, eq=False, repr=False)
class DenoisingAutoencoder(NeuralModel):
    """Learns to restore clean samples from noisy ones; the noise is drawn anew at every step.

    The noise comes on top of the inputs; where the data have clean targets those are restored, else the inputs before
    the noise. Another corruption takes its place if one is chosen (Vincent et al. 2010).
    """

    title: ClassVar[str] = "Denoising autoencoder"
    exact: ClassVar[bool] = True

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 8
    hidden: Annotated[
        tuple[int, ...], Param("Units of each layer of the encoder; the decoder mirrors them.", ge=1, le=65536)
    ] = (128, 64)
    noise: Annotated[
        float,
        Param("Gaussian noise on the inputs while it trains, where no other corruption is chosen.", ge=0, unit="σ"),
    ] = 0.3
    activation: Annotated[
        Literal["relu", "elu", "gelu", "silu", "tanh", "sigmoid", "linear"],
        Param("What follows each layer; linear: nothing.", advanced=True),
    ] = "elu"

    def compose(self, sample_shape: tuple[int, ...]) -> Composition:
        """Return noise → dense encoder → linear code → mirrored decoder, squared error."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.dense import DenseDecoder, DenseEncoder
        from explorer.models.parts.noise import GaussianNoise
        from explorer.models.parts.reconstruction import SquaredError

        encoder = DenseEncoder(sample_shape, self.hidden, self.activation)
        code = PlainCode(encoder.width, self.latent_dim)
        decoder = DenseDecoder(self.latent_dim, sample_shape, self.hidden[::-1], self.activation)
        spoil = None if self.corruption else GaussianNoise(self.noise)
        return Composition(encoder, code, decoder, [SquaredError()], spoil=spoil)
