"""Several draws of each sample's code in one step: a better estimate of what the ELBO expects."""

from __future__ import annotations

from typing import Any

from explorer.models.parts.composition import Composition, Pass
from explorer.training.step import Batch, Step


class SeveralDraws(Composition):
    """A composition that encodes each sample once, and draws and decodes its code several times while it trains.

    Parameters
    ----------
    *parts, **options
        As of `Composition`.
    draws : int
    """

    def __init__(self, *parts: Any, draws: int = 1, **options: Any) -> None:
        super().__init__(*parts, **options)
        self.draws = draws

    def forward(self, batch: Batch, step: Step) -> Pass:
        """Pass a batch through all parts; what is drawn stands behind each other, as `Batch.repeated` has it."""
        if self.draws == 1 or not step.training:
            return super().forward(batch, step)
        features = self.encoder(batch).repeat(self.draws, 1)
        batch = batch.repeated(self.draws)
        code = self.code(features, step)
        return Pass(self, batch, features, code, self.decoder(code.z, batch, step))
