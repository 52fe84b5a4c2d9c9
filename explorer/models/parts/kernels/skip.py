"""Recurrences with skips in compiled code, forwards and backwards, one network after the other, the batch innermost.

Arrays are float32, laid out as ``(M, T, H, B)``: networks, steps, units, samples. See `explorer.models.parts.skip`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from explorer.models.parts.kernels.basics import tanh
from explorer.training.compiling import compiled

_4D, _3D, _2D = "float32[:,:,:,::1]", "float32[:,:,::1]", "float32[:,::1]"
_STEPS = "int64[:,::1]"


@numba.njit(inline="always", fastmath=True)
def _mix(near: Any, far: Any, states: Any, t: int, before: int, mixed: Any) -> None:
    """Write what reaches the units at step `t`: ``near h_{t−1} + far h_{t−L}``."""
    for j in range(mixed.shape[0]):
        row, last, early = mixed[j], states[t, j], states[before, j]
        for b in range(mixed.shape[1]):
            row[b] = near * last[b] + far * early[b]


@compiled(f"void({_4D}, {_3D}, {_2D}, {_2D}, {_STEPS}, {_4D})")
def forward(inputs: Any, weights: Any, near: Any, far: Any, before: Any, states: Any) -> None:
    """Run all networks over all steps.

    Parameters
    ----------
    inputs : ndarray ``(M, T, H, B)``, or ``(M, 1, H, B)`` for the same input at every step
    weights : ndarray ``(M, H, H)``
        From the first of the last two axes to the second.
    near, far : ndarray ``(M, T)``
        Weights of h_{t−1} and h_{t−L}.
    before : ndarray, int64 ``(M, T)``
        Which of the states is h_{t−L}.
    states : ndarray ``(M, T + 1, H, B)``
        The first of each network is its initial state; the others are filled.
    """
    members, n_states, hidden, n = states.shape
    constant = inputs.shape[1] == 1
    mixed = np.empty((hidden, n), np.float32)
    for m in range(members):
        own = states[m]
        for t in range(n_states - 1):
            _mix(near[m, t], far[m, t], own, t, before[m, t], mixed)
            given = inputs[m, 0 if constant else t]
            for j in range(hidden):
                row, start = own[t + 1, j], given[j]
                for b in range(n):
                    row[b] = start[b]
                for k in range(hidden):
                    w, values = weights[m, k, j], mixed[k]
                    for b in range(n):
                        row[b] += w * values[b]
                for b in range(n):
                    row[b] = tanh(row[b])


@compiled(f"void({_3D}, {_2D}, {_2D}, {_STEPS}, {_4D}, {_4D}, {_4D}, {_3D})")
def backward(
    weights: Any, near: Any, far: Any, before: Any, states: Any, arriving: Any, d_inputs: Any, d_weights: Any
) -> None:
    """Propagate the gradient of the states back through time.

    Parameters
    ----------
    weights, near, far, before, states
        As in `forward`.
    arriving : ndarray ``(M, T + 1, H, B)``
        The gradients of the states, 0 for the initial one; afterwards those along all ways, so that the first of each
        network is the gradient of its initial state.
    d_inputs : ndarray, shape of the inputs
    d_weights : ndarray ``(M, H, H)``
        Filled. They must be zero before.
    """
    members, n_states, hidden, n = states.shape
    constant = d_inputs.shape[1] == 1
    mixed, d_units = np.empty((hidden, n), np.float32), np.empty((hidden, n), np.float32)
    d_mixed = np.empty(n, np.float32)
    one, zero = np.float32(1), np.float32(0)
    for m in range(members):
        own, back = states[m], arriving[m]
        for t in range(n_states - 2, -1, -1):
            first, second, early = near[m, t], far[m, t], before[m, t]
            _mix(first, second, own, t, early, mixed)
            d_given = d_inputs[m, 0 if constant else t]
            for j in range(hidden):
                row, late, state, total = d_units[j], back[t + 1, j], own[t + 1, j], d_given[j]
                for b in range(n):
                    row[b] = late[b] * (one - state[b] * state[b])
                    total[b] += row[b]
            for k in range(hidden):
                values = mixed[k]
                d_mixed[:] = zero
                for j in range(hidden):
                    row, w, product = d_units[j], weights[m, k, j], zero
                    for b in range(n):
                        product += values[b] * row[b]
                        d_mixed[b] += w * row[b]
                    d_weights[m, k, j] += product
                last, long_ago = back[t, k], back[early, k]
                for b in range(n):
                    last[b] += first * d_mixed[b]
                for b in range(n):
                    long_ago[b] += second * d_mixed[b]
