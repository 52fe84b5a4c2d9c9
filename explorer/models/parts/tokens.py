"""Encoders and decoders of sentences: tokens ``(B, T)``, each an entry of a learnt table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from explorer.data.tokens import PAD, START, UNKNOWN
from explorer.models.parts.composition import Decoder, Encoder, Pass, Term
from explorer.models.parts.feedback import CELLS
from explorer.models.parts.likelihoods import TokenLikelihood
from explorer.models.parts.recurrent import InitialState, recurrent
from explorer.models.parts.scan import last_states, scan
from explorer.models.parts.writing import beam_search, write
from explorer.training.step import Batch, Step


def table_of(vocabulary: int, width: int) -> nn.Embedding:
    """Return a table of tokens, small enough that sums over many do not saturate what reads them."""
    table = nn.Embedding(vocabulary, width)
    nn.init.normal_(table.weight, std=0.1)
    return table


class TokenEncoder(Encoder):
    """Table of tokens → recurrent network → its last state, at each sentence's own end.

    Parameters
    ----------
    vocabulary, width, hidden : int
        Tokens, entries of each in the table, and units of each layer and direction.
    cell : {"rnn", "gru", "lstm"}
    layers : int
    bidirectional : bool
    """

    def __init__(
        self,
        vocabulary: int,
        width: int,
        hidden: int,
        cell: str = "gru",
        *,
        layers: int = 1,
        bidirectional: bool = False,
    ) -> None:
        super().__init__(hidden * layers * (2 if bidirectional else 1), any_length=True)
        self.table = table_of(vocabulary, width)
        self.network = recurrent(cell, width, hidden, layers=layers, bidirectional=bidirectional)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, width)``."""
        return last_states(self.network, self.table(batch.inputs), batch.lengths)


class TokenDecoder(Decoder):
    """The token before, and the code at every step → recurrent network → logits of the next token.

    The code also makes the network's first state. While it trains and validates, it is shown the true tokens before;
    in use it sees what it wrote, and writes the likeliest tokens until the end token.

    Parameters
    ----------
    latent_dim, hidden, steps, vocabulary, width : int
        `steps` are those written at most; `width` is that of the table of tokens.
    cell : {"rnn", "gru", "lstm"}
    layers : int
    word_dropout : float
        While it trains, so many of the tokens before are shown as unknown, so that the decoder has to look at the code
        (Bowman et al. 2016).
    inputless : bool
        It sees no token before at all: the code is all it has, but how many tokens it wrote, by its state.
    target : bool
        It writes translations, as long as `steps`, and not as long as what it is given.
    """

    def __init__(
        self,
        latent_dim: int,
        hidden: int,
        steps: int,
        vocabulary: int,
        width: int,
        cell: str = "gru",
        *,
        layers: int = 1,
        word_dropout: float = 0.0,
        inputless: bool = False,
        target: bool = False,
    ) -> None:
        super().__init__()
        self.steps, self.word_dropout, self.inputless, self.target = steps, word_dropout, inputless, target
        self.table = None if inputless else table_of(vocabulary, width)
        self.network = recurrent(cell, latent_dim + (0 if inputless else width), hidden, layers=layers)
        self.start = InitialState(latent_dim, self.network)
        self.last = nn.Linear(hidden, vocabulary)

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return logits ``(B, T, V)`` of the tokens given with a step; without, numbers of tokens ``(B, T)``."""
        if given is None or step is None:
            steps = self.steps if given is None or self.target else given.inputs.shape[1]
            return write(self, self._before(z), len(z), steps)
        inputs = self._inputs(z, given.targets, step)
        return self.last(scan(self.network, inputs, inputs.shape[1], self.start(z)))

    def drawn(self, z: Tensor, draw: Callable[[Tensor], Tensor]) -> Tensor:
        """Return sentences of which each token is drawn, and seen by the next; see `Decoder.drawn`."""
        return write(self, self._before(z), len(z), self.steps, lambda logits: draw(logits[:, None]).squeeze(1))

    def search(self, z: Tensor, beams: int, normalisation: float = 0.6) -> Tensor:
        """Return the best sentences that `beams` beams find; see `explorer.models.parts.writing.beam_search`."""
        if beams == 1:
            return write(self, self._before(z), len(z), self.steps)
        return beam_search(self, self._before(z), len(z), self.steps, beams, normalisation=normalisation)

    def _inputs(self, z: Tensor, targets: Tensor, step: Step) -> Tensor:
        """Return what comes in at each step ``(B, T, width + L)``: the true token before, and the code."""
        steps = targets.shape[1]
        code = z.unsqueeze(1).expand(-1, steps, -1)
        if self.table is None:
            return code
        before = nn.functional.pad(targets, (1, 0), value=START)[:, :-1]
        if step.training and self.word_dropout:
            coins = torch.rand(before.shape, generator=step.generator, device=z.device) < self.word_dropout
            before = torch.where(coins & (before != START) & (before != PAD), UNKNOWN, before)
        return torch.cat([self.table(before), code], 2)

    # As a `Writer`: the state is the code, and then the network's states, sentences first.

    def _before(self, z: Tensor) -> tuple[Tensor, ...]:
        state = self.start(z)
        return z, *(part.transpose(0, 1) for part in (state if isinstance(state, tuple) else (state,)))

    def next(self, ids: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Return the logits of the next token, and the state; see `explorer.models.parts.writing.Writer`."""
        z, *parts = state
        x = z if self.table is None else torch.cat([self.table(ids), z], 1)
        x, parts = stepped(self.network, x, parts)
        return self.last(x), (z, *parts)


class TokenCrossEntropy(Term):
    """Mean over all tokens of a batch of −log p, in nats: end tokens count, padding does not, nor divides."""

    name = "cross_entropy"

    def __init__(self) -> None:
        super().__init__()
        self.likelihood = TokenLikelihood()

    def forward(self, seen: Pass, step: Step) -> tuple[Tensor, Tensor]:
        """Return the cross-entropy, twice."""
        batch = seen.batch
        lengths = batch.target_lengths if batch.target_lengths is not None else batch.lengths
        count = batch.targets.numel() if lengths is None else lengths.sum()
        error = self.likelihood.of_samples(seen.output, batch).sum() / count
        return error, error


def stepped(network: nn.RNNBase, x: Tensor, parts: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
    """Return the output of one step of a network, and its states ``(B, layers, hidden)`` after it."""
    cell, lstm = CELLS[type(network)], isinstance(network, nn.LSTM)
    after: list[list[Tensor]] = [[] for _ in parts]
    for k, weights in enumerate(network.all_weights):
        layer = tuple(part[:, k] for part in parts)
        found = cell(x, layer if lstm else layer[0], *weights)
        x = found[0] if lstm else found
        for kept, state in zip(after, found if lstm else (found,), strict=True):
            kept.append(state)
    return x, [torch.stack(states, 1) for states in after]
