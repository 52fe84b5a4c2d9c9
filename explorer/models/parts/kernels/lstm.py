"""An LSTM over all time steps in compiled code, forwards and backwards, the batch innermost.

Every array is float32 with the samples along its last axis, so that each line of the cell is one vector operation of
the processor over the batch. Gates are in torch's order: input, forget, cell, output. The kernels of the other cells
are laid out and called alike.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from explorer.models.parts.kernels.basics import BACKWARD, FORWARD, add, multiply, multiply_back, tanh
from explorer.training.compiling import compiled

WIDEST = 64
"""Units up to which it is faster than torch, which has an LSTM of its own for this processor."""
GATES = 4
KEPT = 5
"""Lines that a unit keeps of each step for the way back: its gates, and tanh c."""
MEMORY = True
"""Whether a unit has a memory beside its state: c."""


@numba.njit(inline="always", fastmath=True)
def _activate(given: Any, shares: Any, before: Any, kept: Any, memory: Any, state: Any) -> None:
    hidden, n = state.shape
    half, one = np.float32(0.5), np.float32(1)
    for k in range(4 * hidden):
        gate, a, q = kept[k], given[k], shares[k]
        if 2 * hidden <= k < 3 * hidden:
            for b in range(n):
                gate[b] = tanh(a[b] + q[b])
        else:
            for b in range(n):
                gate[b] = half * (one + tanh(half * (a[b] + q[b])))
    for j in range(hidden):
        enter, keep, new, leave = kept[j], kept[hidden + j], kept[2 * hidden + j], kept[3 * hidden + j]
        tanh_c, c_before, c, h = kept[4 * hidden + j], before[j], memory[j], state[j]
        for b in range(n):
            c[b] = keep[b] * c_before[b] + enter[b] * new[b]
        for b in range(n):
            tanh_c[b] = tanh(c[b])
            h[b] = leave[b] * tanh_c[b]


@numba.njit(inline="always", fastmath=True)
def _differentiate(kept: Any, before: Any, late: Any, d_state: Any, d_memory: Any, d_gates: Any) -> None:
    hidden, n = before.shape
    one = np.float32(1)
    for j in range(hidden):
        enter, keep, new, leave = kept[j], kept[hidden + j], kept[2 * hidden + j], kept[3 * hidden + j]
        d_enter, d_keep = d_gates[j], d_gates[hidden + j]
        d_new, d_leave = d_gates[2 * hidden + j], d_gates[3 * hidden + j]
        tanh_c, c_before, arriving = kept[4 * hidden + j], before[j], late[j]
        dh_row, dc_row = d_state[j], d_memory[j]
        for b in range(n):
            dh = arriving[b] + dh_row[b]
            dc = dc_row[b] + dh * leave[b] * (one - tanh_c[b] * tanh_c[b])
            d_leave[b] = dh * tanh_c[b] * leave[b] * (one - leave[b])
            d_enter[b] = dc * new[b] * enter[b] * (one - enter[b])
            d_new[b] = dc * enter[b] * (one - new[b] * new[b])
            d_keep[b] = dc * c_before[b] * keep[b] * (one - keep[b])
            dc_row[b] = dc * keep[b]
            dh_row[b] = np.float32(0)


@compiled(FORWARD)
def forward(x: Any, w_x: Any, w_h: Any, b_x: Any, b_h: Any, kept: Any, memory: Any, states: Any) -> None:
    """Run the cell over all steps.

    Parameters
    ----------
    x : ndarray ``(T, C, B)``, or ``(1, C, B)`` for the same input at every step
    w_x, w_h, b_x, b_h : ndarray ``(GATES · H, C)``, ``(GATES · H, H)``, two of ``(GATES · H,)``
        Of what the input, and of what the state before, give to the gates.
    kept : ndarray ``(T, KEPT · H, B)``
        Filled: what the way back needs.
    memory, states : ndarray ``(T + 1, H, B)``
        The first of each is that before the first step; the others are filled. A cell without a memory is given an
        empty one.
    """
    given = np.empty((len(b_h), states.shape[2]), np.float32)
    shares = np.empty_like(given)
    for t in range(len(kept)):
        if t < len(x):
            multiply(w_x, x[t], b_x, given)
        multiply(w_h, states[t], b_h, shares)
        _activate(given, shares, memory[t], kept[t], memory[t + 1], states[t + 1])


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
    """Propagate the gradient of the states back through time.

    Parameters
    ----------
    x, w_x, w_h, kept, memory, states
        As in `forward`.
    d_states : ndarray ``(T, H, B)``
    d_memory, d_state : ndarray ``(H, B)``
        0; afterwards the gradients of memory and state before the first step.
    d_x, d_w_x, d_w_h, d_b_x, d_b_h : ndarray
        Filled, the first only if `want_x`. They must be zero before.
    want_x : bool
    """
    n_steps, n_gates, n = len(d_states), w_h.shape[0], states.shape[2]
    constant = len(x) < n_steps
    d_given = np.empty((n_gates, n), np.float32)
    d_total = np.zeros((n_gates, n), np.float32)  # over the steps, for an input that is the same at each
    for t in range(n_steps - 1, -1, -1):
        _differentiate(kept[t], memory[t], d_states[t], d_state, d_memory, d_given)
        multiply_back(w_h, states[t], d_given, d_state, d_w_h, d_b_h, True)
        if constant:
            add(d_given, d_total)
        else:
            multiply_back(w_x, x[t], d_given, d_x[t], d_w_x, d_b_x, want_x)
    if constant:
        multiply_back(w_x, x[0], d_total, d_x[0], d_w_x, d_b_x, want_x)
