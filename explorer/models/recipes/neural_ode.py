"""Neural ODE: a code whose curve is the solution of a learnt equation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from explorer.models.continuous import ContinuousModel
from explorer.models.losses import Loss
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class NeuralOde(ContinuousModel):
    """Writes the code's curve by solving dz/dt = f(z) from it on, at whatever times are asked for.

    The step of the solver (Dormand–Prince 5(4)) fits itself to the error (Chen et al. 2018). A recurrent encoder reads
    the observations back to the start of time, each with the time since the one before. For series that are regular
    or not.
    """

    title: ClassVar[str] = "Neural ODE autoencoder"

    encoder: Annotated[int, Param("Units of the recurrent encoder.", ge=1, le=4096, advanced=True)] = 40
    loss: Loss = "auto"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return recurrent encoder → linear code → equation, reconstruction."""
        from explorer.models.parts.codes import PlainCode
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.ode_rnn import GapEncoder
        from explorer.models.parts.outputs import reconstruction

        encoder = GapEncoder(spec.channels, self.encoder)
        term, link = reconstruction(self.chosen_loss(spec))
        return Composition(encoder, PlainCode(encoder.width, self.latent_dim), self._decoder(spec), [term], link=link)
