"""One recurrent network over a batch of series: by torch, or by our own kernels where those are faster."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from explorer.models.parts.differentiation import kernels_read, once_is_enough
from explorer.models.parts.frames import flipped

State = Tensor | tuple[Tensor, Tensor]


def scan(network: nn.RNNBase, x: Tensor, steps: int, state: State | None = None) -> Tensor:
    """Return the hidden states ``(B, T, H)`` of the last layer of a network in one direction.

    Parameters
    ----------
    network : RNN, GRU or LSTM
        With ``batch_first``.
    x : Tensor ``(B, T, C)``, or ``(B, 1, C)`` for the same input at each of `steps`
    steps : int
    state : Tensor or tuple of Tensor, optional
        Before the first step, as torch takes it; 0 by default.
    """
    if not uses_kernel(network, x):
        states, _ = network(x if x.shape[1] == steps else x.expand(-1, steps, -1), state)
        return states
    series = x.permute(1, 2, 0)
    for k, weights in enumerate(network.all_weights):
        series = _layer(network, weights, series, steps, _of_layer(state, k))
    return series.permute(2, 0, 1)


def last_states(network: nn.RNNBase, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    """Return the hidden states ``(B, layers · directions · H)`` at the end of each series, by its own length.

    Parameters
    ----------
    network : RNN, GRU or LSTM
        With ``batch_first``; a second direction reads each series from its own end.
    x : Tensor ``(B, T, C)``
    lengths : Tensor, optional, int ``(B,)``
        At least 1.
    """
    if not uses_kernel(network, x):
        return _last_states_of_torch(network, x, lengths)
    steps, directions = x.shape[1], 2 if network.bidirectional else 1
    rows = torch.arange(len(x), device=x.device)
    ends = rows.new_full((len(x),), steps - 1) if lengths is None else lengths - 1
    found, series = [], x
    for k in range(network.num_layers):
        outputs = []
        for direction in range(directions):
            weights = network.all_weights[k * directions + direction]
            read = flipped(series, lengths) if direction else series
            states = _layer(network, weights, read.permute(1, 2, 0), steps, None).permute(2, 0, 1)
            # The steps after a series' end come later in time, so they cannot have changed the state at its end.
            found.append(states[rows, ends])
            outputs.append(states)
        if k + 1 < network.num_layers:
            series = outputs[0] if directions == 1 else torch.cat([outputs[0], flipped(outputs[1], lengths)], 2)
    return torch.cat(found, 1)


def _last_states_of_torch(network: nn.RNNBase, x: Tensor, lengths: Tensor | None) -> Tensor:
    if network.num_layers == 1 and not network.bidirectional:
        states, _ = network(x)
        return states[:, -1] if lengths is None else states[torch.arange(len(x), device=x.device), lengths - 1]
    if lengths is None:
        _, state = network(x)
    else:
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        _, state = network(packed)
    return (state[0] if isinstance(state, tuple) else state).transpose(0, 1).flatten(1)


def kernel_of(network: nn.RNNBase) -> ModuleType:
    """Return the compiled cell; the first use of one loads numba, and may compile for some seconds."""
    if isinstance(network, nn.LSTM):
        from explorer.models.parts.kernels import lstm as kernel
    elif isinstance(network, nn.GRU):
        from explorer.models.parts.kernels import gru as kernel
    else:
        from explorer.models.parts.kernels import rnn as kernel
    return kernel


def uses_kernel(network: nn.RNNBase, x: Tensor) -> bool:
    """Whether a kernel takes this: training of a network that is not too wide, in float32 on a CPU, and what reads it.

    Gradients of its gradients there are none: see `explorer.models.parts.differentiation`.
    """
    return (torch.is_grad_enabled() or kernels_read()) and once_is_enough() and takes(network, x)


def takes(network: nn.RNNBase, x: Tensor) -> bool:
    """Whether there is a kernel that is faster than torch for this network, whatever is wanted of it."""
    return (
        x.device.type == "cpu"
        and x.dtype == torch.float32
        and network.proj_size == 0
        and network.bias
        and (network.num_layers == 1 or not network.dropout)
        and getattr(network, "nonlinearity", "tanh") == "tanh"
        and network.hidden_size <= kernel_of(network).WIDEST
    )


def _of_layer(state: State | None, k: int) -> tuple[Tensor, ...] | None:
    """Return state, and where there is one memory, of layer `k` before the first step, each ``(H, B)``."""
    if state is None:
        return None
    return tuple(part[k].t() for part in (state if isinstance(state, tuple) else (state,)))


def _layer(
    network: nn.RNNBase, weights: Sequence[Tensor], x: Tensor, steps: int, start: tuple[Tensor, ...] | None
) -> Tensor:
    """Return the states ``(T, H, B)`` of one layer in one direction over inputs ``(T or 1, C, B)``."""
    zeros = x.new_zeros(network.hidden_size, x.shape[2])
    state, *rest = start or (zeros,)
    return KernelScan.apply(kernel_of(network), x, *weights, state, rest[0] if rest else zeros, steps)


class KernelScan(torch.autograd.Function):
    """A kernel as an operation that torch can differentiate once."""

    @staticmethod
    def forward(
        ctx: Any,
        kernel: ModuleType,
        x: Tensor,
        w_x: Tensor,
        w_h: Tensor,
        b_x: Tensor,
        b_h: Tensor,
        state: Tensor,
        memory: Tensor,
        steps: int,
    ) -> Tensor:
        """Return the hidden states ``(T, H, B)`` over inputs ``(T or 1, C, B)``."""
        hidden, n = state.shape
        kept = x.new_empty(steps, kernel.KEPT * hidden, n)
        states = x.new_empty(steps + 1, hidden, n)
        states[0] = state
        memories = x.new_empty(steps + 1 if kernel.MEMORY else 1, hidden, n)
        memories[0] = memory
        given = [each.detach().contiguous() for each in (x, w_x, w_h, b_x, b_h)]
        arrays = (*given, kept, memories, states)
        kernel.forward(*(each.numpy() for each in arrays))
        ctx.kernel, ctx.saved = kernel, (*given[:3], kept, memories, states)
        return states[1:]

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride] - the decorator hides the names
        ctx: Any, *gradients: Tensor
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of all inputs of `forward`."""
        x, w_x, w_h, *_, memories, states = ctx.saved
        before = [torch.zeros_like(each[0]) for each in (memories, states)]
        found = [torch.zeros_like(each) for each in (x, w_x, w_h)] + [x.new_zeros(len(w_h)) for _ in range(2)]
        want_x = bool(ctx.needs_input_grad[1])
        arrays = (*ctx.saved, gradients[0].contiguous(), *before, *found)
        ctx.kernel.backward(*(each.numpy() for each in arrays), want_x)
        return None, found[0] if want_x else None, *found[1:], before[1], before[0], None
