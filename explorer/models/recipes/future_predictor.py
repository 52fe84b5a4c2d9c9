"""Future predictor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from explorer.models.base import Decodes
from explorer.models.forecaster import Forecaster

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class FuturePredictor(Forecaster):
    """Reads the past of a series into one code, and writes its future from that code alone.

    The past is all but the last steps of each series, at its own length. Of series of characters it learns to answer:
    the question is the past, the answer the future (Srivastava et al. 2015; Sutskever et al. 2014).
    """

    title: ClassVar[str] = "Future predictor"
    decodes: ClassVar[Decodes] = "future"

    def compose(self, spec: SampleSpec) -> Composition:
        """Return recurrent encoder of the past → linear code → recurrent decoder of the future."""
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.future import FutureDecoder, PastEncoder, Within
        from explorer.models.parts.outputs import reconstruction

        horizon = self._horizon(spec)
        encoder = PastEncoder(self._encoder(spec), horizon)
        decoder = FutureDecoder(self._decoder(spec, horizon), horizon, spec.steps)
        term, link = reconstruction(self.chosen_loss(spec))
        return Composition(encoder, self._code(encoder.width), decoder, [Within(term, "future", horizon)], link=link)
