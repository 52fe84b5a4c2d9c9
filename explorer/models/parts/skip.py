"""Recurrences with skip and sparse connections, many networks at once (T. Kieu et al., IJCAI 2019)."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

PATTERNS = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0))
"""What may reach a step: the state before it, the one L steps before it, or both; never nothing."""

KERNEL_HIDDEN = 32
"""Networks of up to so many units are computed by the kernel (4 times as fast at 8); wider ones by torch, with BLAS."""


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
        scan = _KernelScan if uses_kernel(inputs, self.weights) else _Scan
        return scan.apply(inputs, self.weights, start, connections, before)


def uses_kernel(inputs: Tensor, weights: Tensor) -> bool:
    """Whether the kernel takes this: narrow networks, in float32 on a CPU."""
    return weights.shape[-1] <= KERNEL_HIDDEN and inputs.device.type == "cpu" and inputs.dtype == torch.float32


class _KernelScan(torch.autograd.Function):
    """The loop over time in compiled code, which torch can differentiate once."""

    @staticmethod
    def forward(
        ctx: Any, inputs: Tensor, weights: Tensor, start: Tensor, connections: Tensor, before: Tensor
    ) -> Tensor:
        """Return the states; parameters as in `_Scan.forward`."""
        from explorer.models.parts.kernels import skip

        near, far = (_array(each.T) for each in connections.unbind(-1))
        fixed = (_array(weights), near, far, _array(before.T))
        states = np.empty((len(weights), len(connections) + 1, weights.shape[1], start.shape[1]), np.float32)
        states[:, 0] = start.detach().transpose(1, 2).numpy()
        skip.forward(_array(inputs.permute(1, 0, 3, 2)), *fixed, states)
        ctx.saved, ctx.steps = (*fixed, states), len(inputs)
        return torch.from_numpy(states)[:, 1:].permute(1, 0, 3, 2)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride] - the decorator hides the names
        ctx: Any, *gradients: Tensor
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of inputs, weights and initial state."""
        from explorer.models.parts.kernels import skip

        weights, states = ctx.saved[0], ctx.saved[-1]
        arriving = np.zeros_like(states)
        arriving[:, 1:] = gradients[0].permute(1, 0, 3, 2).numpy()
        d_inputs = np.zeros((len(states), ctx.steps, *states.shape[2:]), np.float32)
        d_weights = np.zeros_like(weights)
        skip.backward(*ctx.saved, arriving, d_inputs, d_weights)
        d_start = torch.from_numpy(arriving[:, 0]).transpose(1, 2)
        return torch.from_numpy(d_inputs).permute(1, 0, 3, 2), torch.from_numpy(d_weights), d_start, None, None


def _array(values: Tensor) -> np.ndarray:
    """Return a tensor as an array that lies in one piece."""
    return np.ascontiguousarray(values.detach().numpy())


class _Scan(torch.autograd.Function):
    """The loop over time, forwards and backwards, with a few operations a step and nothing recorded."""

    @staticmethod
    def forward(
        ctx: Any, inputs: Tensor, weights: Tensor, start: Tensor, connections: Tensor, before: Tensor
    ) -> Tensor:
        """Return the states.

        `connections` ``(T, M, 2)`` are w₁ and w₂, divided; `before` ``(T, M)`` tells which of the states 0 … T is
        h_{t−L}, 0 being the initial one.
        """
        members = torch.arange(len(weights), device=weights.device)
        steps = len(connections)
        states = start.new_empty((steps + 1, *start.shape))
        states[0] = start
        near, far = connections[..., None, None, :].unbind(-1)
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
        near, far = connections[..., None, None, :].unbind(-1)
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
