"""Recurrent autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from explorer.models.recurrent import Feedback, RecurrentModel
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentAutoencoder(RecurrentModel):
    """Reads a series into one code and writes it again, with any cell, in either order, with or without feedback.

    It takes series of unequal lengths: each is read, and written backwards if so chosen, within its own. To remove
    noise, choose a corruption like it: the training then never sees the same noise twice.
    """

    title: ClassVar[str] = "Recurrent autoencoder"

    decoder: Feedback = "conditioned"
    order: Annotated[
        Literal["forward", "reversed"],
        Param("Write from the first step on, or backwards from the last, which the encoder read last."),
    ] = "forward"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return recurrent encoder → linear code → recurrent decoder."""
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.outputs import reconstruction

        encoder = self._encoder(spec)
        term, link = reconstruction(self.chosen_loss(spec))
        decoder = self._decoder(spec, spec.steps, self.order)
        return Composition(encoder, self._code(encoder.width), decoder, [term], link=link)
