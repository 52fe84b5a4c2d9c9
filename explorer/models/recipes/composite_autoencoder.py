"""Composite autoencoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np

from explorer.data.dataset import Dataset
from explorer.models.forecaster import Forecaster
from explorer.models.forecasts import split_times
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.composition import Composition
    from explorer.models.spec import SampleSpec


@dataclass(kw_only=True, eq=False, repr=False)
class CompositeAutoencoder(Forecaster):
    """Reads the past of a series into one code, from which one decoder writes it again and another its future.

    The past is written backwards. A code for both can neither merely copy what it has seen, nor forget all but the
    last of it (Srivastava et al. 2015).
    """

    title: ClassVar[str] = "Composite autoencoder"

    reconstruction_weight: Annotated[
        float, Param("Weight of the past in the loss; 0: only the future is learnt.", ge=0, le=1000)
    ] = 1.0
    forecast_weight: Annotated[
        float, Param("Weight of the future in the loss; 0: only the past is learnt.", ge=0, le=1000)
    ] = 1.0

    def compose(self, spec: SampleSpec) -> Composition:
        """Return recurrent encoder of the past → linear code → recurrent decoders of past, backwards, and future."""
        from explorer.models.parts.composition import Composition
        from explorer.models.parts.future import FutureDecoder, PastEncoder, Within
        from explorer.models.parts.outputs import reconstruction
        from explorer.models.parts.weighted import Weighted

        horizon = self._horizon(spec)
        encoder = PastEncoder(self._encoder(spec), horizon)
        past = self._decoder(spec, spec.steps - horizon, "reversed")
        decoder = FutureDecoder(self._decoder(spec, horizon), horizon, spec.steps, past)
        term, link = reconstruction(self.chosen_loss(spec))
        terms = [
            Weighted(Within(term, "past", horizon), self.reconstruction_weight),
            Weighted(Within(term, "future", horizon), self.forecast_weight),
        ]
        return Composition(encoder, self._code(encoder.width), decoder, terms, link=link)

    def measure(self, dataset: Dataset) -> dict[str, float]:
        """Return the errors of the forecasts, and of the past."""
        begins = split_times(dataset.values, dataset.lengths, self.horizon_)
        errors = self.errors(dataset)
        past = (np.arange(errors.shape[1]) < begins[:, None])[:, :, None] & np.isfinite(errors)
        known = float(errors[past].mean(dtype=np.float64)) if past.any() else float("nan")
        return {**super().measure(dataset), "past_mse": known}
