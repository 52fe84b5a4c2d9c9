"""A GRU over all time steps in compiled code, forwards and backwards, the batch innermost.

Gates are in torch's order: reset r, update z, new n. h_t = (1 − z) n + z h_{t−1} with n = tanh(a + r q) for the input's
share a and the state's share q = W_h h_{t−1} + b_h. It is laid out and called as `explorer.models.parts.kernels.lstm`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from explorer.models.parts.kernels.basics import BACKWARD, FORWARD, add, multiply, multiply_back, tanh
from explorer.training.compiling import compiled

WIDEST = 64
"""Units up to which it is faster than torch."""
GATES = 3
KEPT = 4
"""Lines that a unit keeps of each step for the way back: r, z, n and q."""
MEMORY = False


@numba.njit(inline="always", fastmath=True)
def _activate(given: Any, shares: Any, before: Any, kept: Any, state: Any) -> None:
    hidden, n = before.shape
    half, one = np.float32(0.5), np.float32(1)
    for j in range(hidden):
        reset, update, new, old = kept[j], kept[hidden + j], kept[2 * hidden + j], kept[3 * hidden + j]
        a_r, a_z, a_n = given[j], given[hidden + j], given[2 * hidden + j]
        q_r, q_z, q_n = shares[j], shares[hidden + j], shares[2 * hidden + j]
        h, h_before = state[j], before[j]
        for b in range(n):
            reset[b] = half * (one + tanh(half * (a_r[b] + q_r[b])))
        for b in range(n):
            update[b] = half * (one + tanh(half * (a_z[b] + q_z[b])))
        for b in range(n):
            old[b] = q_n[b]
            new[b] = tanh(a_n[b] + reset[b] * old[b])
            h[b] = new[b] + update[b] * (h_before[b] - new[b])


@numba.njit(inline="always", fastmath=True)
def _differentiate(kept: Any, before: Any, late: Any, d_state: Any, d_given: Any, d_shares: Any) -> None:
    hidden, n = before.shape
    one = np.float32(1)
    for j in range(hidden):
        reset, update, new, old = kept[j], kept[hidden + j], kept[2 * hidden + j], kept[3 * hidden + j]
        d_r, d_z, d_n = d_given[j], d_given[hidden + j], d_given[2 * hidden + j]
        s_r, s_z, s_n = d_shares[j], d_shares[hidden + j], d_shares[2 * hidden + j]
        row, arriving, h_before = d_state[j], late[j], before[j]
        for b in range(n):
            dh = row[b] + arriving[b]
            dn = dh * (one - update[b]) * (one - new[b] * new[b])
            d_n[b] = dn
            s_n[b] = dn * reset[b]
            d_r[b] = dn * old[b] * reset[b] * (one - reset[b])
            s_r[b] = d_r[b]
            d_z[b] = dh * (h_before[b] - new[b]) * update[b] * (one - update[b])
            s_z[b] = d_z[b]
            row[b] = dh * update[b]


@compiled(FORWARD)
def forward(x: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any, kept: Any, memory: Any, states: Any) -> None:
    """Run the cell over all steps; see `explorer.models.parts.kernels.lstm.forward`."""
    given = np.empty((len(b_h), states.shape[2]), np.float32)
    shares = np.empty_like(given)
    for t in range(len(kept)):
        if t < len(x):
            multiply(w_x, x[t], b_x, given)
        multiply(w_h, states[t], b_h, shares)
        _activate(given, shares, states[t], kept[t], states[t + 1])


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
    d_shares = np.empty((n_gates, n), np.float32)
    d_total = np.zeros((n_gates, n), np.float32)  # over the steps, for an input that is the same at each
    for t in range(n_steps - 1, -1, -1):
        _differentiate(kept[t], states[t], d_states[t], d_state, d_given, d_shares)
        multiply_back(w_h, states[t], d_shares, d_state, d_w_h, d_b_h, True)
        if constant:
            add(d_given, d_total)
        else:
            multiply_back(w_x, x[t], d_given, d_x[t], d_w_x, d_b_x, want_x)
    if constant:
        multiply_back(w_x, x[0], d_total, d_x[0], d_w_x, d_b_x, want_x)
