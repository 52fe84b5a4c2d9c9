"""One recurrent network over a batch of series: by torch, or by our own kernel where that is faster."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from explorer.models.parts.differentiation import once_is_enough

KERNEL_HIDDEN = 12
"""LSTMs of up to so many units train faster in the kernel (4 times at 4 units); wider ones in torch, by BLAS."""


def scan(network: nn.RNNBase, x: Tensor, steps: int, state: Tensor | tuple[Tensor, Tensor] | None = None) -> Tensor:
    """Return the hidden states ``(B, T, H)`` of the last layer.

    Parameters
    ----------
    network : RNN, GRU or LSTM
        With ``batch_first``.
    x : Tensor ``(B, T, C)``, or ``(B, 1, C)`` for the same input at each of `steps`
    steps : int
    state : Tensor or tuple of Tensor, optional
        Before the first step, as torch takes it; 0 by default.
    """
    if state is None and uses_kernel(network, x):
        w_x, w_h, bias_x, bias_h = network.parameters()
        return LSTMScan.apply(x.permute(1, 2, 0).contiguous(), w_x, w_h, bias_x + bias_h, steps).permute(2, 0, 1)
    states, _ = network(x if x.shape[1] == steps else x.expand(-1, steps, -1), state)
    return states


def uses_kernel(network: nn.RNNBase, x: Tensor) -> bool:
    """Whether the kernel takes this: training of one narrow LSTM layer in one direction, in float32 on a CPU.

    Gradients of its gradients there are none: see `explorer.models.parts.differentiation`.
    """
    return (
        torch.is_grad_enabled()
        and once_is_enough()
        and isinstance(network, nn.LSTM)
        and network.hidden_size <= KERNEL_HIDDEN
        and network.num_layers == 1
        and not network.bidirectional
        and network.proj_size == 0
        and network.bias
        and x.device.type == "cpu"
        and x.dtype == torch.float32
    )


class LSTMScan(torch.autograd.Function):
    """The kernel as an operation that torch can differentiate once."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, w_x: Tensor, w_h: Tensor, bias: Tensor, steps: int) -> Tensor:
        """Return the hidden states ``(T, H, B)`` of inputs ``(T or 1, C, B)``."""
        from explorer.models.parts.kernels import lstm

        hidden, n = w_h.shape[1], x.shape[2]
        gates = np.empty((steps, 4 * hidden, n), np.float32)
        cells, squashed, states = (np.empty((steps, hidden, n), np.float32) for _ in range(3))
        arrays = [tensor.detach().numpy() for tensor in (x, w_x, w_h, bias)]
        lstm.forward(*arrays, gates, cells, squashed, states)
        ctx.saved = (*arrays[:3], gates, cells, squashed, states)
        return torch.from_numpy(states)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(  # pyright: ignore[reportIncompatibleMethodOverride] - the decorator hides the names
        ctx: Any, *gradients: Tensor
    ) -> tuple[Tensor | None, ...]:
        """Return the gradients of all inputs of `forward`."""
        from explorer.models.parts.kernels import lstm

        x, w_x, w_h = ctx.saved[:3]
        d_x, d_w_x, d_w_h = np.zeros_like(x), np.zeros_like(w_x), np.zeros_like(w_h)
        d_bias = np.zeros(len(w_h), np.float32)
        want_x = bool(ctx.needs_input_grad[0])
        lstm.backward(*ctx.saved, gradients[0].contiguous().numpy(), d_x, d_w_x, d_w_h, d_bias, want_x)
        found = [torch.from_numpy(array) for array in (d_x, d_w_x, d_w_h, d_bias)]
        return (found[0] if want_x else None, *found[1:], None)
