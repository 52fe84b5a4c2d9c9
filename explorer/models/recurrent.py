"""What all recipes of recurrent networks share: their cells, and how a series is read and written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np

from explorer.data.dataset import Dataset, Layout
from explorer.errors import UnsupportedError
from explorer.models.losses import Loss
from explorer.models.neural import NeuralModel
from explorer.models.teaching import Teaching
from explorer.parameters import Param

if TYPE_CHECKING:
    from explorer.models.parts.codes import PlainCode
    from explorer.models.parts.conditioned import ConditionedDecoder
    from explorer.models.parts.recurrent import RecurrentDecoder, RecurrentEncoder
    from explorer.models.spec import SampleSpec

Feedback = Annotated[
    Literal["unconditioned", "conditioned"],
    Param("Whether the decoder sees the step that it wrote before (conditioned), or only the code."),
]
"""The parameter that recipes declare as ``decoder: Feedback = "unconditioned"``."""


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentLayers(NeuralModel):
    """A recipe that reads series step by step, whatever its code is and however it writes."""

    layouts: ClassVar[tuple[Layout, ...]] = ("series",)
    family: ClassVar[str] = "Recurrent"

    latent_dim: Annotated[int, Param("Width of the code.", ge=1, le=4096)] = 4
    hidden: Annotated[int, Param("Units of each layer, in each direction.", ge=1, le=4096)] = 64
    epochs: Annotated[int, Param("Passes over the training samples, at most.", ge=1, le=1_000_000)] = 150
    learning_rate: Annotated[float, Param("Highest step size.", gt=0, le=1, log=True)] = 5e-3
    batch_size: Annotated[int, Param("Samples in a step.", ge=1, le=1_000_000, advanced=True)] = 128
    cell: Annotated[
        Literal["gru", "lstm", "rnn"],
        Param("Kind of recurrent unit: gated, long short-term memory, or a plain tanh layer."),
    ] = "gru"
    layers: Annotated[int, Param("Recurrent layers of encoder and decoder.", ge=1, le=16, advanced=True)] = 1
    bidirectional: Annotated[bool, Param("Read each series in both directions.", advanced=True)] = True
    frame: Annotated[
        int | None,
        Param(
            "Steps read and written at once: fewer, larger steps learn faster. None: by length.",
            ge=1,
            le=1000,
            advanced=True,
        ),
    ] = None
    decoder: Feedback = "unconditioned"
    code_to: Annotated[
        Literal["steps", "state", "both"],
        Param("Where the code enters the decoder: at every step, as its first state, or both.", advanced=True),
    ] = "steps"

    def _encoder(self, spec: SampleSpec) -> RecurrentEncoder:
        from explorer.models.parts.recurrent import RecurrentEncoder

        return RecurrentEncoder(
            spec.channels,
            self.hidden,
            self.cell,
            layers=self.layers,
            bidirectional=self.bidirectional,
            frame=self._frame(spec),
        )

    def _decoder(
        self,
        spec: SampleSpec,
        steps: int,
        order: Literal["forward", "reversed"] = "forward",
        conditioned: type[ConditionedDecoder] | None = None,
        **more: Any,
    ) -> RecurrentDecoder:
        """Return the decoder of series; `more` goes to a `conditioned` one alone."""
        from explorer.models.parts.conditioned import WRITTEN, ConditionedDecoder
        from explorer.models.parts.recurrent import RecurrentDecoder

        sizes = (self.latent_dim, self.hidden, steps, spec.channels, self.cell)
        options: dict[str, Any] = {
            "layers": self.layers,
            "frame": min(self._frame(spec), steps),
            "order": order,
            "code_to": self.code_to,
        }
        if self.decoder == "unconditioned":
            return RecurrentDecoder(*sizes, **options)
        written = WRITTEN[self.chosen_loss(spec)]
        return (conditioned or ConditionedDecoder)(*sizes, **options, written=written, **more)

    def _frame(self, spec: SampleSpec) -> int:
        from explorer.models.parts.frames import usual_frame

        return usual_frame(spec) if self.frame is None else min(self.frame, spec.steps)


@dataclass(kw_only=True, eq=False, repr=False)
class RecurrentModel(RecurrentLayers):
    """A recipe that reads series step by step into a code, and writes step by step from it."""

    teacher_forcing: Teaching = "linear"
    loss: Loss = "auto"

    def reconstruct_taught(self, X: Dataset | np.ndarray) -> np.ndarray:
        """Return what a conditioned decoder makes of the codes of `X` where it always sees the true step before.

        To be set beside `reconstruct`, where it only sees what it wrote: that is how it is used.

        Raises
        ------
        UnsupportedError
            If the decoder is unconditioned.
        """
        import torch

        from explorer.models.parts.conditioned import ConditionedDecoder
        from explorer.models.parts.future import FutureDecoder

        module, dataset = self._ready(X)
        decoder = module.decoder
        if self.decoder != "conditioned" or not isinstance(decoder, ConditionedDecoder | FutureDecoder):
            raise UnsupportedError("an unconditioned decoder has no teacher")
        true = replace(dataset, values=dataset.clean, targets=None)
        with torch.inference_mode():
            written = [
                decoder.taught(module.encode(batch).mean, truth)
                for batch, truth in zip(self._chunks(dataset, module), self._chunks(true, module), strict=True)
            ]
            series = torch.cat([each if module.link is None else module.link(each) for each in written])
        return self._undone(series.float().numpy())

    def _code(self, width: int) -> PlainCode:
        """Return the code of features: they themselves where one state is as wide as the code."""
        from explorer.models.parts.codes import PlainCode

        one_state = self.layers == 1 and not self.bidirectional
        return PlainCode(width, self.latent_dim, direct=one_state and width == self.latent_dim)

    def _decoder(
        self,
        spec: SampleSpec,
        steps: int,
        order: Literal["forward", "reversed"] = "forward",
        conditioned: type[ConditionedDecoder] | None = None,
        **more: Any,
    ) -> RecurrentDecoder:
        if self.decoder == "conditioned":
            more = {"teaching": self.teacher_forcing, **more}
        return super()._decoder(spec, steps, order, conditioned, **more)
