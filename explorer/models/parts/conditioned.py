"""Recurrent decoders that see what they wrote: the step before, or while they train the truth in its place."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from explorer.models.parts.feedback import Loop, run
from explorer.models.parts.frames import flipped, framed, number_of_frames
from explorer.models.parts.recurrent import CodeTo, Order, RecurrentDecoder, State
from explorer.models.parts.scan import scan
from explorer.models.teaching import probability
from explorer.training.step import Batch, Step

Written = Literal["values", "logits", "classes"]
WRITTEN: dict[str, Written] = {"mse": "values", "mae": "values", "bce": "logits", "cross-entropy": "classes"}
"""What a decoder writes, by the loss that judges it."""


class ConditionedDecoder(RecurrentDecoder):
    """The frame before and the code at every step → recurrent network → the same linear layer at every step.

    Before the first step comes 0. While it trains, each sample is shown the true frame before, instead of what it
    wrote, with a probability that falls over the epochs (scheduled sampling, Bengio et al. 2015); a coin is tossed
    for each sample and step. While validating and in use it only sees what it wrote: it runs free.

    Parameters
    ----------
    latent_dim, hidden, steps, channels, cell, layers, frame, order, code_to
        As in `RecurrentDecoder`.
    teaching : str
        The schedule; see `explorer.models.teaching.probability`.
    written : {"values", "logits", "classes"}
        What it writes, and so what is fed back: the values themselves; of logits the probabilities; of logits of
        classes the most probable class, one-hot.
    """

    def __init__(
        self,
        latent_dim: int,
        hidden: int,
        steps: int,
        channels: int,
        cell: str = "lstm",
        *,
        layers: int = 1,
        frame: int = 1,
        order: Order = "forward",
        code_to: CodeTo = "steps",
        teaching: str = "linear",
        written: Written = "values",
    ) -> None:
        super().__init__(
            latent_dim,
            hidden,
            steps,
            channels,
            cell,
            layers=layers,
            frame=frame,
            order=order,
            code_to=code_to,
            fed_back=frame * channels,
        )
        self.teaching, self.written = teaching, written

    def _frames(self, z: Tensor, count: int, given: Batch | None, step: Step | None) -> Tensor:
        chance = probability(self.teaching, step.epoch, step.epochs) if step is not None and step.training else 0.0
        if given is not None and chance == 1.0:
            return self._taught_frames(z, count, given)
        state, code = self._start(z)
        if given is None or step is None or chance == 0.0:
            return run(self._loop(), code, count, state)
        coins = torch.rand((len(z), count, 1), generator=step.generator, device=z.device) < chance
        return run(self._loop(), code, count, state, self._true_frames(given, count), coins)

    def taught(self, z: Tensor, given: Batch) -> Tensor:
        """Return what it writes where it always sees the true frame before: see how far it leans on that."""
        steps = given.inputs.shape[1]
        return self._series(self._taught_frames(z, number_of_frames(steps, self.frame), given), steps, given.lengths)

    def _taught_frames(self, z: Tensor, count: int, given: Batch) -> Tensor:
        return self._from_shown(z, self._true_frames(given, count))

    def _from_shown(self, z: Tensor, shown: Tensor) -> Tensor:
        """Return what is written where frames ``(B, count, frame · C)`` are shown, one before each."""
        state, code = self._start(z)
        count = shown.shape[1]
        x = torch.cat([shown, code.unsqueeze(1).expand(-1, count, -1)], 2)
        return self.last(scan(self.network, x, count, state))

    def _start(self, z: Tensor) -> tuple[State | None, Tensor]:
        """Return the state before the first step, and what of the code comes in at every step."""
        state = None if self.start is None else self.start(z)
        return state, z.new_zeros(len(z), 0) if self.code_to == "state" else z

    def _true_frames(self, given: Batch, count: int) -> Tensor:
        """Return the frame before each of `count` frames, in the order in which they are written."""
        truth = flipped(given.targets, given.lengths) if self.order == "reversed" else given.targets
        return nn.functional.pad(framed(truth, self.frame), (0, 0, 1, 0))[:, :count]

    def _loop(self) -> Loop:
        return Loop(self.network, self.last, self.written, self.channels)
