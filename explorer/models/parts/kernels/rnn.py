"""A plain recurrent network over all time steps in compiled code: h_t = tanh(a_t + W_h h_{t−1} + b_h), a of the input.

It is laid out and called as `explorer.models.parts.kernels.lstm` is.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from explorer.models.parts.kernels.basics import BACKWARD, FORWARD, add, multiply, multiply_back, tanh
from explorer.training.compiling import compiled

WIDEST = 64
"""Units up to which it is faster than torch."""
GATES = 1
KEPT = 0
"""It needs nothing but the states for the way back."""
MEMORY = False


@numba.njit(inline="always", fastmath=True)
def _activate(given: Any, shares: Any, state: Any) -> None:
    hidden, n = state.shape
    for j in range(hidden):
        a, q, h = given[j], shares[j], state[j]
        for b in range(n):
            h[b] = tanh(a[b] + q[b])


@numba.njit(inline="always", fastmath=True)
def _differentiate(state: Any, late: Any, d_state: Any, d_given: Any) -> None:
    hidden, n = state.shape
    one = np.float32(1)
    for j in range(hidden):
        h, arriving, row, d_a = state[j], late[j], d_state[j], d_given[j]
        for b in range(n):
            d_a[b] = (arriving[b] + row[b]) * (one - h[b] * h[b])
            row[b] = np.float32(0)


@compiled(FORWARD)
def forward(x: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any, kept: Any, memory: Any, states: Any) -> None:
    """Run the cell over all steps; see `explorer.models.parts.kernels.lstm.forward`."""
    given = np.empty((len(b_h), states.shape[2]), np.float32)
    shares = np.empty_like(given)
    for t in range(len(kept)):
        if t < len(x):
            multiply(w_x, x[t], b_x, given)
        multiply(w_h, states[t], b_h, shares)
        _activate(given, shares, states[t + 1])


@compiled(BACKWARD)
def backward(
    x: Any,
    w_x: Any,
    w_h: Any,
    kept: Any,
    memory: Any,
    states: Any,
    d_states: Any,
    d_memory: Any,
    d_state: Any,
    d_x: Any,
    d_w_x: Any,
    d_w_h: Any,
    d_b_x: Any,
    d_b_h: Any,
    want_x: bool,
) -> None:
    """Propagate the gradient back through time; see `explorer.models.parts.kernels.lstm.backward`."""
    n_steps, n_gates, n = len(d_states), w_h.shape[0], states.shape[2]
    constant = len(x) < n_steps
    d_given = np.empty((n_gates, n), np.float32)
    d_total = np.zeros((n_gates, n), np.float32)  # over the steps, for an input that is the same at each
    for t in range(n_steps - 1, -1, -1):
        _differentiate(states[t + 1], d_states[t], d_state, d_given)
        multiply_back(w_h, states[t], d_given, d_state, d_w_h, d_b_h, True)
        if constant:
            add(d_given, d_total)
        else:
            multiply_back(w_x, x[t], d_given, d_x[t], d_w_x, d_b_x, want_x)
    if constant:
        multiply_back(w_x, x[0], d_total, d_x[0], d_w_x, d_b_x, want_x)
