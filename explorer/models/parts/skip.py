"""Recurrences with skip and sparse connections, many networks at once (T. Kieu et al., IJCAI 2019)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

PATTERNS = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
"""What may reach a step: the state before it, the one L steps before it, or both; never nothing."""


class SkipScan(nn.Module):
    """Tanh units of M networks, whose states are fed by the last one and by one L steps ago.

    h_t = tanh(x_t + U (w₁ h_{t−1} + w₂ h_{t−L}) / (|w₁| + |w₂|)) with (w₁, w₂) ∈ {(1, 0), (0, 1), (1, 1)}, drawn for
    each step, and L, drawn for each network: once, when it is made. They are saved with the weights and never change.
    States before the first are the initial state. Beyond `steps` the drawn steps are gone through again.

    Parameters
    ----------
    members, hidden : int
        M and H.
    steps : int
        How many steps connections are drawn for.
    longest : int
        L is drawn from 1 … `longest`.
    """

    connections: Tensor
    skips: Tensor

    def __init__(self, members: int, hidden: int, steps: int, longest: int) -> None:
        super().__init__()
        weights = torch.empty(members, hidden, hidden)
        for each in weights:
            nn.init.orthogonal_(each)  # gradients that last (Saxe et al. 2014)
        self.weights = nn.Parameter(weights)
        drawn = torch.randint(len(PATTERNS), (steps, members))
        pairs = torch.tensor(PATTERNS)
        self.register_buffer("connections", (pairs / pairs.abs().sum(1, keepdim=True))[drawn])
        self.register_buffer("skips", torch.randint(1, longest + 1, (members,)))

    def forward(self, inputs: Tensor, start: Tensor, steps: int) -> Tensor:
        """Return the states ``(T, M, B, H)`` after each of `steps` steps.

        Parameters
        ----------
        inputs : Tensor ``(T, M, B, H)``, or ``(1, M, B, H)`` for the same at each step
            x_t, as it is added to the units.
        start : Tensor ``(M, B, H)``
            The initial state.
        """
        turns = torch.arange(steps, device=inputs.device)
        connections = self.connections[turns % len(self.connections)]
        before = (turns[:, None] + 1 - self.skips).clamp(min=0)
        return _Scan.apply(inputs, self.weights, start, connections[..., None, None, :], before)


class _Scan(torch.autograd.Function):
    """The loop over time, forwards and backwards, with a few operations a step and nothing recorded."""

    @staticmethod
    def forward(
        ctx: Any, inputs: Tensor, weights: Tensor, start: Tensor, connections: Tensor, before: Tensor
    ) -> Tensor:
        """Return the states; `before` ``(T, M)`` tells which of 0 … T is h_{t−L}, 0 being the initial state."""
        members = torch.arange(len(weights), device=weights.device)
        steps = len(connections)
        states = start.new_empty((steps + 1, *start.shape))
        states[0] = start
        near, far = connections.unbind(-1)
        for t in range(steps):
            mixed = states[before[t], members]
            mixed.mul_(far[t]).addcmul_(states[t], near[t])
            torch.baddbmm(inputs[t if len(inputs) > 1 else 0], mixed, weights, out=states[t + 1])
            states[t + 1].tanh_()
        ctx.save_for_backward(weights, connections, before, states)
        ctx.constant = len(inputs) == 1
        return states[1:]

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride] - the decorator hides the names
        ctx: Any, *gradients: Tensor
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of inputs, weights and initial state."""
        weights, connections, before, states = ctx.saved_tensors
        members = torch.arange(len(weights), device=weights.device)
        steps = len(connections)
        near, far = connections.unbind(-1)
        back = weights.transpose(1, 2).contiguous()
        slopes = states[1:].square().neg_().add_(1)  # of tanh
        arriving = torch.zeros_like(states)
        arriving[1:] = gradients[0]
        for t in range(steps - 1, -1, -1):
            d_units = slopes[t].mul_(arriving[t + 1])
            d_mixed = torch.bmm(d_units, back)
            arriving[t].addcmul_(d_mixed, near[t])
            arriving[before[t], members] += d_mixed.mul_(far[t])
        # From here on `slopes` holds the gradients at the units.
        mixed = states[:-1] * near + states[before, members] * far
        d_weights = torch.bmm(_flat(mixed).transpose(1, 2), _flat(slopes))
        d_inputs = slopes.sum(0, keepdim=True) if ctx.constant else slopes
        return d_inputs, d_weights, arriving[0], None, None


def _flat(values: Tensor) -> Tensor:
    """Return ``(T, M, B, H)`` as ``(M, T·B, H)``."""
    return values.transpose(0, 1).flatten(1, 2)
