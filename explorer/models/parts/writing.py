"""Writing sentences token by token: the likeliest next one, the best of several beams, or a draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor

from explorer.data.tokens import END, PAD, START

State = tuple[Tensor, ...]
"""What is carried from token to token; the first axis of each is the sentence."""


class Writer(Protocol):
    """Tells how likely each token is to come next."""

    def next(self, ids: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Return the logits ``(B, V)`` of the token after `ids` ``(B,)``, and the state after it."""
        ...


def write(
    writer: Writer, state: State, count: int, steps: int, choose: Callable[[Tensor], Tensor] | None = None
) -> Tensor:
    """Return `count` sentences, int64 ``(count, steps)``, ended by `END` and padded.

    Parameters
    ----------
    writer : Writer
    state : tuple of Tensor
        Before the first token.
    count, steps : int
    choose : callable, optional
        Returns the token ``(B,)`` to take by its logits ``(B, V)``; by default the likeliest.
    """
    device = state[0].device
    ids = torch.full((count,), START, device=device)
    written = torch.full((count, steps), PAD, device=device)
    going = torch.ones(count, dtype=torch.bool, device=device)
    for step in range(steps):
        logits, state = writer.next(ids, state)
        logits = _possible(logits)
        ids = logits.argmax(-1) if choose is None else choose(logits)
        written[:, step] = torch.where(going, ids, PAD)
        going = going & (ids != END)
        if not going.any():
            break
    return written


def beam_search(
    writer: Writer, state: State, count: int, steps: int, beams: int, *, normalisation: float = 0.6
) -> Tensor:
    """Return the best sentence of each that `beams` beams found, int64 ``(count, steps)``.

    At each step the best continuations of all beams are kept, by log p divided by ((5 + length) / 6) to the power of
    `normalisation`, so that short sentences are not preferred for being short (Wu et al. 2016, eq. 14).

    Parameters
    ----------
    writer : Writer
    state : tuple of Tensor
        Before the first token.
    count, steps, beams : int
    normalisation : float
        0 takes the plain log p.
    """
    device, rows = state[0].device, torch.arange(count, device=state[0].device)
    state = tuple(part.repeat_interleave(beams, 0) for part in state)
    ids = torch.full((count, beams), START, device=device)
    written = torch.full((count, beams, steps), PAD, device=device)
    scores = torch.full((count, beams), -torch.inf, device=device)
    scores[:, 0] = 0.0  # all beams begin alike: only one may go on
    lengths = torch.zeros((count, beams), device=device)
    done = torch.zeros((count, beams), dtype=torch.bool, device=device)
    for step in range(steps):
        logits, state = writer.next(ids.flatten(), state)
        told = _possible(logits).log_softmax(-1).unflatten(0, (count, beams))
        size = told.shape[-1]
        # A sentence that has ended goes on in one way, at no cost.
        told = torch.where(done[..., None], -torch.inf, told)
        told[..., PAD] = torch.where(done, 0.0, -torch.inf)
        total = scores[..., None] + told
        after = lengths + (~done).to(lengths.dtype)
        ranked = total / (((5.0 + after) / 6.0) ** normalisation)[..., None]
        best = ranked.flatten(1).topk(beams, 1).indices
        source, token = best // size, best % size
        scores = total.flatten(1).gather(1, best)
        written = written[rows[:, None], source]
        written[:, :, step] = token
        lengths, done = after.gather(1, source), done.gather(1, source) | (token == END)
        flat = (rows[:, None] * beams + source).flatten()
        state = tuple(part[flat] for part in state)
        ids = token
        if done.all():
            break
    best = (scores / ((5.0 + lengths) / 6.0) ** normalisation).argmax(1)
    return written[rows, best]


def _possible(logits: Tensor) -> Tensor:
    """Return logits by which neither padding nor a beginning is ever written."""
    barred = logits.clone()
    barred[..., [PAD, START]] = -torch.inf
    return barred
