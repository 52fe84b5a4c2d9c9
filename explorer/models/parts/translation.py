"""Sequence to sequence: an encoder whose every state can be looked at, and a decoder that attends to them."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor, nn

from explorer.models.parts.composition import Coded, Composition, Pass
from explorer.models.parts.frames import flipped, within
from explorer.models.parts.recurrent import recurrent
from explorer.models.parts.scan import scan
from explorer.models.parts.tokens import Encoder, TokenDecoder, stepped, table_of
from explorer.models.parts.writing import beam_search, write
from explorer.training.step import Batch, Step

Attention = Literal["none", "dot", "additive"]


class StatesEncoder(Encoder):
    """Table of tokens → recurrent networks in both directions → the state at every token, and at the ends.

    Parameters
    ----------
    vocabulary, width, hidden : int
        Tokens, entries of each in the table, and units of each layer and direction.
    cell : {"rnn", "gru", "lstm"}
    layers : int
    """

    def __init__(self, vocabulary: int, width: int, hidden: int, cell: str = "gru", *, layers: int = 1) -> None:
        super().__init__(2 * hidden, any_length=True)
        self.table = table_of(vocabulary, width)
        sizes = [width] + [2 * hidden] * (layers - 1)
        self.ahead = nn.ModuleList(recurrent(cell, size, hidden) for size in sizes)
        self.back = nn.ModuleList(recurrent(cell, size, hidden) for size in sizes)

    def states(self, batch: Batch) -> Tensor:
        """Return the states ``(B, T, width)`` of the last layer: first those that know the tokens before."""
        x, lengths, steps = self.table(batch.inputs), batch.lengths, batch.inputs.shape[1]
        for ahead, back in zip(self.ahead, self.back, strict=True):
            assert isinstance(ahead, nn.RNNBase) and isinstance(back, nn.RNNBase)
            behind = flipped(scan(back, flipped(x, lengths), steps), lengths)
            x = torch.cat([scan(ahead, x, steps), behind], 2)
        return x

    def ends(self, states: Tensor, lengths: Tensor | None) -> Tensor:
        """Return what both directions know at their ends ``(B, width)``."""
        half = self.width // 2
        rows = torch.arange(len(states), device=states.device)
        last = rows.new_full((len(states),), states.shape[1]) if lengths is None else lengths.clamp(min=1)
        return torch.cat([states[rows, last - 1, :half], states[:, 0, half:]], 1)

    def forward(self, batch: Batch) -> Tensor:
        """Return features ``(B, width)``."""
        return self.ends(self.states(batch), batch.lengths)


class AttentiveDecoder(TokenDecoder):
    """A `TokenDecoder` whose logits also see a mean of the encoder's states, weighted by how well they fit.

    The weights are the softmax of a score of the decoder's state h and each encoder state s: hᵀ W s ("dot", Luong et
    al. 2015, there called general), or vᵀ tanh(W h + U s) ("additive", the score of Bahdanau et al. 2015). As in
    Luong's global attention the context enters behind the recurrent network: tanh(W [h; context]) → logits.

    Without states to look at (the code alone is decoded) the context is 0. So that it can do that, too, it is shown
    nothing of a share `blind` of the sentences while it trains.
    """

    def __init__(self, *sizes: Any, memory: int, kind: Attention, blind: float, **options: Any) -> None:
        super().__init__(*sizes, **options)
        hidden = self.network.hidden_size
        self.kind, self.blind = kind, blind
        self.keys = nn.Linear(memory, hidden, bias=False)
        self.query = nn.Linear(hidden, hidden) if kind == "additive" else None
        self.weight = nn.Linear(hidden, 1, bias=False) if kind == "additive" else None
        self.values = nn.Linear(memory, hidden, bias=False)
        self.mixed = nn.Linear(2 * hidden, hidden)

    def taught(self, z: Tensor, given: Batch, step: Step, memory: Memory) -> Tensor:
        """Return logits ``(B, T, V)`` of the true tokens."""
        inputs = self._inputs(z, given.targets, step)
        states = scan(self.network, inputs, inputs.shape[1], self.start(z))
        context = self._context(states, self.prepared(memory))
        if step.training and self.blind:
            coins = torch.rand((len(z), 1, 1), generator=step.generator, device=z.device) < self.blind
            context = torch.where(coins, 0.0, context)
        return self._logits(states, context)

    def prepared(self, memory: Memory) -> Memory:
        """Return keys and values of the encoder's states, and where these are."""
        states, known = memory
        return torch.cat([self.keys(states), self.values(states)], 2), known

    def _context(self, states: Tensor, memory: Memory) -> Tensor:
        both, known = memory
        keys, values = both.chunk(2, 2)
        if self.query is None or self.weight is None:
            scores = states @ keys.transpose(1, 2)
        else:
            scores = self.weight(torch.tanh(self.query(states)[:, :, None] + keys[:, None])).squeeze(-1)
        return scores.masked_fill(~known[:, None], -torch.inf).softmax(-1) @ values

    def _logits(self, states: Tensor, context: Tensor) -> Tensor:
        return self.last(torch.tanh(self.mixed(torch.cat([states, context], -1))))

    def forward(self, z: Tensor, given: Batch | None = None, step: Step | None = None) -> Tensor:
        """Return what it writes of the code alone; see `taught` for the rest."""
        return write(self, self._before(z), len(z), self.steps)

    def next(self, ids: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Return the logits of the next token, and the state: code, keys and values, where these are, and states."""
        z, both, known, *parts = state
        assert self.table is not None
        x, parts = stepped(self.network, torch.cat([self.table(ids), z], 1), parts)
        context = self._context(x[:, None], (both, known)).squeeze(1) if both.shape[1] else torch.zeros_like(x)
        return self._logits(x, context), (z, both, known, *parts)

    def _before(self, z: Tensor, memory: Memory | None = None) -> tuple[Tensor, ...]:
        both, known = (z.new_zeros(len(z), 0, 2), z.new_zeros(len(z), 0)) if memory is None else self.prepared(memory)
        code, *parts = super()._before(z)
        return code, both, known, *parts


Memory = tuple[Tensor, Tensor]
"""The encoder's states ``(B, T, width)``, and which of them there are, bool ``(B, T)``."""


class AttentiveComposition(Composition):
    """A composition of a `StatesEncoder` and an `AttentiveDecoder`: the one's states go to the other."""

    encoder: StatesEncoder
    decoder: AttentiveDecoder

    def _read(self, batch: Batch, step: Step | None = None) -> tuple[Tensor, Coded, Memory]:
        states = self.encoder.states(batch)
        features = self.encoder.ends(states, batch.lengths)
        steps = batch.inputs.shape[1]
        known = torch.ones(batch.inputs.shape, dtype=torch.bool, device=states.device)
        if batch.lengths is not None:
            known = within(batch.lengths, steps).squeeze(-1)
        return features, self.code(features, step), (states, known)

    def forward(self, batch: Batch, step: Step) -> Pass:
        """Pass a batch through all parts."""
        features, code, memory = self._read(batch, step)
        return Pass(self, batch, features, code, self.decoder.taught(code.z, batch, step, memory))

    def decode(self, z: Tensor, given: Batch | None = None) -> Tensor:
        """Return the translations of codes: of what they were made from, where that is given, else of them alone."""
        return self.search(z, given, 1)

    def search(self, z: Tensor, given: Batch | None, beams: int, normalisation: float = 0.6) -> Tensor:
        """Return the best translations that `beams` beams find."""
        before = self.decoder._before(z, None if given is None else self._read(given)[2])
        if beams == 1:
            return write(self.decoder, before, len(z), self.decoder.steps)
        return beam_search(self.decoder, before, len(z), self.decoder.steps, beams, normalisation=normalisation)
