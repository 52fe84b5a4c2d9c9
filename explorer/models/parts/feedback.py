"""A recurrent network whose output comes in again: step by step, since no step can begin before the last is done.

With gradients torch's cells run, one after the other; without, the same cells over bare arrays: for one code a step
is a few products of a matrix and a vector, and torch would take several times as long to call them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

State = Tensor | tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Loop:
    """What runs in a loop.

    Parameters
    ----------
    network : RNN, GRU or LSTM
        Its input is what comes in again, then what is the same at every step.
    last : Linear
        From the hidden state of the last layer to what is written.
    written : {"values", "logits", "classes"}
        What comes in again of it: itself, its sigmoid, or the most probable class of each step, one-hot.
    channels : int
        Of a step; a frame of several steps has as many classes to choose.
    draw : callable, optional
        Turns what is written of each step, ``(B, steps, channels)``, into a draw of it: that is kept, and comes in
        again as it is.
    table : Tensor, optional, ``(channels, E)``
        What stands for each class as it comes in again, instead of one-hot channels; of frames of one step.
    """

    network: nn.RNNBase
    last: nn.Linear
    written: str
    channels: int
    draw: Callable[[Tensor], Tensor] | None = None
    table: Tensor | None = None

    @property
    def fed(self) -> int:
        """How many numbers come in again."""
        return self.last.out_features if self.table is None else self.table.shape[1]


def run(
    loop: Loop,
    constant: Tensor,
    count: int,
    state: State | None = None,
    truth: Tensor | None = None,
    coins: Tensor | None = None,
) -> Tensor:
    """Return what is written at `count` steps, ``(B, count, F)``; at the first comes in 0.

    Parameters
    ----------
    loop : Loop
    constant : Tensor ``(B, L)``
        Comes in at every step.
    count : int
    state : Tensor or tuple of Tensor, optional
        Of the network before the first step, as torch takes it; 0 by default.
    truth : Tensor, optional, ``(B, count, fed)``
        What comes in instead of what was written at the step before, where `coins` fell.
    coins : Tensor, optional, bool ``(B, count, 1)``
    """
    if not torch.is_grad_enabled() and truth is None and loop.draw is None and constant.device.type == "cpu":
        return _run_arrays(loop, constant, count, state)
    return _run_cells(loop, constant, count, state, truth, coins)


CELLS: dict[type[nn.RNNBase], Callable[..., Any]] = {
    nn.RNN: torch.rnn_tanh_cell,
    nn.GRU: torch.gru_cell,
    nn.LSTM: torch.lstm_cell,
}


def _run_cells(
    loop: Loop, constant: Tensor, count: int, state: State | None, truth: Tensor | None, coins: Tensor | None
) -> Tensor:
    network, n = loop.network, len(constant)
    cell, lstm = CELLS[type(network)], isinstance(network, nn.LSTM)
    weights = network.all_weights
    zeros = constant.new_zeros(network.num_layers, n, network.hidden_size)
    if state is None:
        state = (zeros, zeros) if lstm else zeros
    states: list[Any] = list(zip(*state, strict=True)) if lstm else list(state)
    back = constant.new_zeros(n, loop.fed)
    written = []
    for t in range(count):
        if truth is not None and coins is not None:
            back = torch.where(coins[:, t], truth[:, t], back)
        x = torch.cat([back, constant], 1)
        for k, layer in enumerate(weights):
            states[k] = cell(x, states[k], *layer)
            x = states[k][0] if lstm else states[k]
        output = loop.last(x)
        if loop.draw is not None:
            output = back = loop.draw(output.unflatten(1, (-1, loop.channels))).flatten(1)
        else:
            back = _back(output, loop)
        written.append(output)
    return torch.stack(written, 1)


def _back(output: Tensor, loop: Loop) -> Tensor:
    if loop.written == "values":
        return output
    if loop.written == "logits":
        return torch.sigmoid(output)
    chosen = output.unflatten(1, (-1, loop.channels)).argmax(-1)
    if loop.table is not None:
        return loop.table[chosen[:, 0]]
    return nn.functional.one_hot(chosen, loop.channels).to(output.dtype).flatten(1)


def _run_arrays(loop: Loop, constant: Tensor, count: int, state: State | None) -> Tensor:
    """Do the same over bare arrays."""
    network, n = loop.network, len(constant)
    step, layers = _STEPS[type(network)], network.num_layers
    fed = loop.fed
    table = None if loop.table is None else loop.table.numpy()
    last, bias = loop.last.weight.numpy().T.copy(), loop.last.bias.numpy()
    kind = last.dtype
    if state is None:
        nothing = np.zeros((n, network.hidden_size), kind)
        states = [(nothing, nothing) for _ in range(layers)]
    else:
        parts = [part.numpy() for part in (state if isinstance(state, tuple) else (state, state))]
        states = [(parts[0][k], parts[1][k]) for k in range(layers)]
    weights = []
    for k, (w_x, w_h, b_x, b_h) in enumerate(network.all_weights):
        x_of, h_of, add_x, add_h = (each.numpy() for each in (w_x, w_h, b_x, b_h))
        start = add_x
        if k == 0:  # what the constant adds to the gates is the same at every step
            start, x_of = constant.numpy() @ x_of[:, fed:].T + add_x, x_of[:, :fed]
        weights.append((np.ascontiguousarray(x_of.T), np.ascontiguousarray(h_of.T), start, add_h))
    back = np.zeros((n, fed), kind)
    written = np.empty((n, count, loop.last.out_features), kind)
    for t in range(count):
        x = back
        for k, (x_of, h_of, start, add_h) in enumerate(weights):
            states[k] = step(x @ x_of + start, states[k], h_of, add_h)
            x = states[k][0]
        output = x @ last + bias
        written[:, t] = output
        if loop.written == "values":
            back = output
        elif loop.written == "logits":
            back = _sigmoid(output)
        else:
            chosen = output.reshape(n, -1, loop.channels).argmax(-1)
            if table is not None:
                back = table[chosen[:, 0]]
                continue
            back = np.eye(loop.channels, dtype=kind)[chosen].reshape(n, fed)
    return torch.from_numpy(written)


Pair = tuple[np.ndarray, np.ndarray]


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 0.5 * np.tanh(0.5 * x) + 0.5  # does not overflow


def _rnn(x: np.ndarray, state: Pair, w_h: np.ndarray, b_h: np.ndarray) -> Pair:
    h = np.tanh(x + (state[0] @ w_h + b_h))
    return h, h


def _gru(x: np.ndarray, state: Pair, w_h: np.ndarray, b_h: np.ndarray) -> Pair:
    before = state[0]
    width = before.shape[1]
    r = before @ w_h + b_h
    gates = _sigmoid(x[:, : 2 * width] + r[:, : 2 * width])
    new = np.tanh(x[:, 2 * width :] + gates[:, :width] * r[:, 2 * width :])
    h = new + gates[:, width:] * (before - new)
    return h, h


def _lstm(x: np.ndarray, state: Pair, w_h: np.ndarray, b_h: np.ndarray) -> Pair:
    before, c = state
    width = before.shape[1]
    gates = x + (before @ w_h + b_h)
    open_ = _sigmoid(gates)
    new = np.tanh(gates[:, 2 * width : 3 * width])
    c = open_[:, width : 2 * width] * c + open_[:, :width] * new
    return open_[:, 3 * width :] * np.tanh(c), c


_STEPS: dict[type[nn.RNNBase], Callable[[np.ndarray, Pair, np.ndarray, np.ndarray], Pair]] = {
    nn.RNN: _rnn,
    nn.GRU: _gru,
    nn.LSTM: _lstm,
}
