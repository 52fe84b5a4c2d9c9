"""An LSTM over all time steps in compiled code, forwards and backwards, the batch innermost.

Every array is float32 with the samples along its last axis, so that each line of the cell is one vector operation of
the processor over the batch. Gates are in torch's order: input, forget, cell, output.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from explorer.models.parts.kernels.basics import compiled, tanh

_3D = "float32[:,:,::1]"
_2D = "float32[:,::1]"


@compiled(f"void({_3D}, {_2D}, {_2D}, float32[::1], {_3D}, {_3D}, {_3D}, {_3D})")
def forward(x: Any, w_x: Any, w_h: Any, bias: Any, gates: Any, cells: Any, squashed: Any, states: Any) -> None:
    """Run the cell over all steps from the zero state.

    Parameters
    ----------
    x : ndarray ``(T, C, B)``, or ``(1, C, B)`` for the same input at every step
    w_x, w_h, bias : ndarray ``(4H, C)``, ``(4H, H)``, ``(4H,)``
    gates, cells, squashed, states : ndarray ``(T, 4H, B)`` and three of ``(T, H, B)``
        Filled: gates after their activation, cell states c, tanh c, hidden states h.
    """
    n_steps, n_gates, n = gates.shape
    hidden = n_gates // 4
    n_inputs = x.shape[1]
    constant = x.shape[0] == 1
    start = np.empty((n_gates, n), np.float32)
    half, one = np.float32(0.5), np.float32(1)
    for t in range(n_steps):
        if t == 0 or not constant:
            for k in range(n_gates):
                row = start[k]
                row[:] = bias[k]
                for i in range(n_inputs):
                    w, values = w_x[k, i], x[t, i]
                    for b in range(n):
                        row[b] += w * values[b]
        for k in range(n_gates):
            row = gates[t, k]
            first = start[k]
            for b in range(n):
                row[b] = first[b]
            if t > 0:
                for j in range(hidden):
                    w, before = w_h[k, j], states[t - 1, j]
                    for b in range(n):
                        row[b] += w * before[b]
            if 2 * hidden <= k < 3 * hidden:
                for b in range(n):
                    row[b] = tanh(row[b])
            else:
                for b in range(n):
                    row[b] = half * (one + tanh(half * row[b]))
        for j in range(hidden):
            enter, keep, new, leave = (
                gates[t, j],
                gates[t, hidden + j],
                gates[t, 2 * hidden + j],
                gates[t, 3 * hidden + j],
            )
            c, tanh_c, h = cells[t, j], squashed[t, j], states[t, j]
            if t == 0:
                for b in range(n):
                    c[b] = enter[b] * new[b]
            else:
                c_before = cells[t - 1, j]
                for b in range(n):
                    c[b] = keep[b] * c_before[b] + enter[b] * new[b]
            for b in range(n):
                tanh_c[b] = tanh(c[b])
                h[b] = leave[b] * tanh_c[b]


@numba.njit(inline="always", fastmath=True)
def _input_gradients(values: Any, x: Any, w: Any, d_x: Any, d_w: Any, d_bias: Any, k: int, want_x: bool) -> None:
    """Add what gate `k`, whose gradient over the batch is `values`, gives to the input's, weights' and bias' own."""
    total = np.float32(0)
    for b in range(values.shape[0]):
        total += values[b]
    d_bias[k] += total
    for i in range(x.shape[0]):
        row = x[i]
        total = np.float32(0)
        for b in range(values.shape[0]):
            total += values[b] * row[b]
        d_w[i] += total
        if want_x:
            out, weight = d_x[i], w[i]
            for b in range(values.shape[0]):
                out[b] += weight * values[b]


@compiled(f"void({_3D}, {_2D}, {_2D}, {_3D}, {_3D}, {_3D}, {_3D}, {_3D}, {_3D}, {_2D}, {_2D}, float32[::1], boolean)")
def backward(
    x: Any,
    w_x: Any,
    w_h: Any,
    gates: Any,
    cells: Any,
    squashed: Any,
    states: Any,
    d_states: Any,
    d_x: Any,
    d_w_x: Any,
    d_w_h: Any,
    d_bias: Any,
    want_x: bool,
) -> None:
    """Propagate the gradient of the hidden states back through time.

    Parameters
    ----------
    x, w_x, w_h, gates, cells, squashed, states
        As in `forward`.
    d_states : ndarray ``(T, H, B)``
    d_x, d_w_x, d_w_h, d_bias : ndarray
        Filled; the first only if `want_x`. They must be zero before.
    want_x : bool
    """
    n_steps, n_gates, n = gates.shape
    hidden = n_gates // 4
    constant = x.shape[0] == 1
    one, zero = np.float32(1), np.float32(0)
    d_gates = np.empty((n_gates, n), np.float32)
    d_total = np.zeros((n_gates, n), np.float32)  # over the steps, for an input that is the same at each
    d_h, d_c = np.zeros((hidden, n), np.float32), np.zeros((hidden, n), np.float32)
    for t in range(n_steps - 1, -1, -1):
        for j in range(hidden):
            enter, keep, new, leave = (
                gates[t, j],
                gates[t, hidden + j],
                gates[t, 2 * hidden + j],
                gates[t, 3 * hidden + j],
            )
            d_enter, d_keep = d_gates[j], d_gates[hidden + j]
            d_new, d_leave = d_gates[2 * hidden + j], d_gates[3 * hidden + j]
            tanh_c, late, dh_row, dc_row = squashed[t, j], d_states[t, j], d_h[j], d_c[j]
            for b in range(n):
                dh = late[b] + dh_row[b]
                dc = dc_row[b] + dh * leave[b] * (one - tanh_c[b] * tanh_c[b])
                d_leave[b] = dh * tanh_c[b] * leave[b] * (one - leave[b])
                d_enter[b] = dc * new[b] * enter[b] * (one - enter[b])
                d_new[b] = dc * enter[b] * (one - new[b] * new[b])
                dc_row[b] = dc * keep[b]
                d_keep[b] = dc * keep[b] * (one - keep[b])
            if t > 0:
                c_before = cells[t - 1, j]
                for b in range(n):
                    d_keep[b] *= c_before[b]
            else:
                d_keep[:] = zero
        if t > 0:
            for j in range(hidden):
                row = d_h[j]
                row[:] = zero
                for k in range(n_gates):
                    w, values = w_h[k, j], d_gates[k]
                    for b in range(n):
                        row[b] += w * values[b]
        for k in range(n_gates):
            values = d_gates[k]
            if t > 0:
                for j in range(hidden):
                    before = states[t - 1, j]
                    total = zero
                    for b in range(n):
                        total += values[b] * before[b]
                    d_w_h[k, j] += total
            if constant:
                summed = d_total[k]
                for b in range(n):
                    summed[b] += values[b]
            else:
                _input_gradients(values, x[t], w_x[k], d_x[t], d_w_x[k], d_bias, k, want_x)
    if constant:
        for k in range(n_gates):
            _input_gradients(d_total[k], x[0], w_x[k], d_x[0], d_w_x[k], d_bias, k, want_x)
