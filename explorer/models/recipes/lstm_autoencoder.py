"""The slides' LSTM autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.data.dataset import Layout
from explorer.models.neural import NeuralModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class LSTMAutoencoder(NeuralModel):
    """Reads a series step by step into one code, and writes it again step by step from that code alone.

    LSTM → last state → code → repeated at every step → LSTM → the same linear layer at every step; squared error. The
    code is the last state itself where it is as wide as the LSTM.
    """

    title: ClassVar[str] = "LSTM autoencoder"
    layouts: ClassVar[tuple[Layout, ...]] = ("series",)
    family: ClassVar[str] = "Recurrent"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 4
    hidden: Annotated[int, Param("Units of each LSTM.", ge=1, le=4096)] = 4
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 150
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 2e-2

    def compose(self, spec: SampleSpec) -> Composition:
        """Return LSTM encoder → code → LSTM decoder, squared error."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.reconstruction import SquaredError
        from explorer.models.parts.recurrent import RecurrentDecoder, RecurrentEncoder

        steps, channels = spec.shape
        encoder = RecurrentEncoder(channels, self.hidden)
        code = PlainCode(encoder.width, self.latent_dim, direct=self.latent_dim == self.hidden)
        decoder = RecurrentDecoder(self.latent_dim, self.hidden, steps, channels)
        return Composition(encoder, code, decoder, [SquaredError()])
