"""Decoders of melodies: flat, a token after the other; or hierarchical, a bar beside the other (MusicVAE)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Decoder, Encoder
from explorer.models.parts.feedback import Loop, run
from explorer.models.parts.recurrent import InitialState, RecurrentEncoder, recurrent
from explorer.models.parts.scan import scan
from explorer.models.parts.tokens import table_of
from explorer.models.teaching import probability
from explorer.training.step import Batch, Step

PLAN = 32
"""Width of what a segment is told at every token."""


class MelodyEncoder(Encoder):
    """Embedded tokens → recurrent network in both directions → its last states.

    Parameters
    ----------
    vocabulary, embedding, hidden : int
    cell : {"gru", "lstm"}
    frame : int
        Tokens that are read at once: 4 sixteenths are a quarter note.
    """

    def __init__(self, vocabulary: int, embedding: int, hidden: int, cell: str = "gru", *, frame: int = 4) -> None:
        super().__init__(2 * hidden, any_length=False)
        self.table = table_of(vocabulary, embedding)
        self.network = RecurrentEncoder(embedding, hidden, cell, bidirectional=True, frame=frame)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, 2 · hidden)`` of tokens ``(B, T)``."""
        return self.network(replace(batch, inputs=self.table(batch.inputs)))


class MelodyDecoder(Decoder):
    """Writes the tokens of one segment after the other, each beginning anew; with one segment, all of them in a row.

    z → conductor, a recurrent network over the segments → for each segment the first state, and a plan that comes in
    at every token beside the token before → logits. Nothing that is written in a segment comes into another: all that
    joins them is the code, by way of the conductor (Roberts et al. 2018). So the segments are written side by side.

    While it trains, each is shown the true token before, instead of its own, with a probability that falls over the
    epochs (scheduled sampling, Bengio et al. 2015). While validating it is shown the true ones, for that is what
    p(x|z) is made of; in use it runs free.

    Parameters
    ----------
    latent_dim, hidden, steps, vocabulary : int
    segments : int
        By which `steps` are divisible; 1: flat, without a conductor.
    conductor, embedding : int
        Units of the conductor; numbers that stand for a token.
    cell : {"gru", "lstm"}
    teaching : str
        The schedule; see `explorer.models.teaching.probability`.
    """

    def __init__(
        self,
        latent_dim: int,
        hidden: int,
        steps: int,
        vocabulary: int,
        *,
        segments: int = 1,
        conductor: int = 128,
        embedding: int = 16,
        cell: str = "gru",
        teaching: str = "linear",
    ) -> None:
        super().__init__()
        self.steps, self.segments, self.vocabulary, self.teaching = steps, segments, vocabulary, teaching
        self.conductor = recurrent(cell, latent_dim, conductor) if segments > 1 else None
        self.conducted = InitialState(latent_dim, self.conductor) if self.conductor is not None else None
        width = latent_dim if self.conductor is None else conductor
        self.table = table_of(vocabulary, embedding)
        self.plan = nn.Linear(width, PLAN)
        self.network = recurrent(cell, embedding + PLAN, hidden)
        self.start = InitialState(width, self.network)
        self.last = nn.Linear(hidden, vocabulary)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return logits ``(B, T, V)``; without a step those of what it writes freely."""
        told = self._told(z)
        plan, length = self.plan(told), self.steps // self.segments
        if given is None or step is None:
            return self._whole(run(self._loop(), plan, length, self.start(told)))
        truth = self._before(given.targets)
        chance = probability(self.teaching, step.epoch, step.epochs) if step.training else 1.0
        if chance == 1.0:
            x = torch.cat([truth, plan.unsqueeze(1).expand(-1, length, -1)], 2)
            return self._whole(self.last(scan(self.network, x, length, self.start(told))))
        coins = torch.rand((len(told), length, 1), generator=step.generator, device=z.device) < chance
        return self._whole(run(self._loop(), plan, length, self.start(told), truth, coins))

    def drawn(self, z: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Return tokens ``(B, T)``, each drawn by `draw` from the logits that those before it led to."""
        told = self._told(z)
        plan, state = self.plan(told), self.start(told)
        back = plan.new_zeros(len(plan), self.table.embedding_dim)
        written = []
        for _ in range(self.steps // self.segments):
            hidden, state = self.network(torch.cat([back, plan], 1).unsqueeze(1), state)
            token = draw(self.last(hidden[:, -1]))
            written.append(token)
            back = self.table(token)
        return torch.stack(written, 1).reshape(-1, self.steps)

    def _told(self, z: Tensor) -> Tensor:
        """Return what each segment is told, ``(B · segments, width)``."""
        if self.conductor is None or self.conducted is None:
            return z
        return scan(self.conductor, z.unsqueeze(1), self.segments, self.conducted(z)).flatten(0, 1)

    def _before(self, tokens: Tensor) -> Tensor:
        """Return what stands for the token before each within its segment; before the first 0."""
        apart = tokens.reshape(len(tokens) * self.segments, -1)
        return nn.functional.pad(self.table(apart[:, :-1]), (0, 0, 1, 0))

    def _whole(self, logits: Tensor) -> Tensor:
        return logits.reshape(-1, self.steps, self.vocabulary)

    def _loop(self) -> Loop:
        return Loop(self.network, self.last, "classes", self.vocabulary, table=self.table.weight)
