"""A recurrent decoder of p(x|z) = Π p(x_t | x_<t, z): it is shown the steps before, for they are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from torch import Tensor

from explorer.models.parts.conditioned import ConditionedDecoder
from explorer.models.parts.feedback import run
from explorer.models.parts.frames import number_of_frames
from explorer.models.parts.noise import StepDropout
from explorer.training.step import Batch, Step


class TaughtDecoder(ConditionedDecoder):
    """The true frame before and the code at every step → recurrent network → the same linear layer at every step.

    So it is while training and wherever a likelihood is told. In use, without a step, it sees what it wrote; where a
    sample is drawn, what was drawn.

    Parameters
    ----------
    latent_dim, hidden, steps, channels, cell, layers, frame, order, code_to, written
        As in `ConditionedDecoder`.
    dropout : float
        Share of frames that it is not shown while training, so that it has to learn from the code (word dropout, Bowman
        et al. 2016).
    """

    def __init__(self, *args: Any, dropout: float = 0.0, **options: Any) -> None:
        super().__init__(*args, teaching="constant", **options)
        self.dropout = StepDropout(dropout)

    def _frames(self, z: Tensor, count: int, given: Batch | None, step: Step | None) -> Tensor:
        if given is None or step is None:
            return super()._frames(z, count, given, None)
        return self._taught_frames(z, count, given, step)

    def _taught_frames(self, z: Tensor, count: int, given: Batch, step: Step | None = None) -> Tensor:
        shown = self._true_frames(given, count)
        return self._from_shown(z, shown if step is None else self.dropout(shown, step))

    def drawn(self, z: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Return samples of p(x|z), one step drawn after the other; see `Decoder.drawn`."""
        state, code = self._start(z)
        frames = run(replace(self._loop(), draw=draw), code, number_of_frames(self.steps, self.frame), state)
        return self._series(frames, self.steps, None)
