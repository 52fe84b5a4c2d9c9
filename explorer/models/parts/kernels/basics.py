"""What several kernels compute."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_3D, _2D, _1D = "float32[:,:,::1]", "float32[:,::1]", "float32[::1]"
FORWARD = f"void({_3D}, {_2D}, {_2D}, {_1D}, {_1D}, {_3D}, {_3D}, {_3D})"
BACKWARD = (
    f"void({_3D}, {_2D}, {_2D}, {_3D}, {_3D}, {_3D}, {_3D}, {_2D}, {_2D}, {_3D}, {_2D}, {_2D}, {_1D}, {_1D}, boolean)"
)
"""Signatures of the kernels of cells; see `explorer.models.parts.kernels.lstm`."""
WIDE = 2048
"""Weights from which on BLAS multiplies faster than the loops here."""


@numba.njit(inline="always", fastmath=True)
def tanh(x: Any) -> Any:
    """Return tanh x to 2e-7: the rational function of Eigen's ``ptanh``, which the compiler can vectorise."""
    f = np.float32
    x = min(max(x, f(-7.90531110763549805)), f(7.90531110763549805))
    s = x * x
    p = s * f(-2.76076847742355e-16) + f(2.00018790482477e-13)
    p = s * p + f(-8.60467152213735e-11)
    p = s * p + f(5.12229709037114e-08)
    p = s * p + f(1.48572235717979e-05)
    p = s * p + f(6.37261928875436e-04)
    p = s * p + f(4.89352455891786e-03)
    q = s * f(1.19825839466702e-06) + f(1.18534705686654e-04)
    q = s * q + f(2.26843463243900e-03)
    q = s * q + f(4.89352518554385e-03)
    return x * p / q


@numba.njit(fastmath=True, error_model="numpy")
def add(values: Any, total: Any) -> None:
    """Add ``(K, B)`` to a sum."""
    for k in range(values.shape[0]):
        row, out = values[k], total[k]
        for b in range(values.shape[1]):
            out[b] += row[b]


@numba.njit(fastmath=True, error_model="numpy")
def _multiply_wide(weights: Any, values: Any, bias: Any, out: Any) -> None:
    np.dot(weights, values, out)
    for k in range(len(bias)):
        row, b_k = out[k], bias[k]
        for b in range(row.shape[0]):
            row[b] += b_k


@numba.njit(fastmath=True, error_model="numpy")
def _multiply_back_wide(
    weights: Any, values: Any, d_out: Any, d_values: Any, d_weights: Any, d_bias: Any, want_values: bool
) -> None:
    for k in range(d_out.shape[0]):
        row, total = d_out[k], np.float32(0)
        for b in range(row.shape[0]):
            total += row[b]
        d_bias[k] += total
    add(np.dot(d_out, values.T), d_weights)
    if want_values:
        add(np.dot(weights.T, d_out), d_values)


@numba.njit(fastmath=True, error_model="numpy")
def multiply(weights: Any, values: Any, bias: Any, out: Any) -> None:
    """Write ``weights @ values + bias`` for ``(K, H)`` and ``(H, B)``.

    Where there are few weights four lines at a time, so that sums stay in registers.
    """
    if weights.size >= WIDE:
        _multiply_wide(weights, values, bias, out)
        return
    n_lines, n = values.shape
    whole = n_lines - n_lines % 4
    for k in range(weights.shape[0]):
        row = out[k]
        row[:] = bias[k]
        for j in range(0, whole, 4):
            w_0, w_1, w_2, w_3 = weights[k, j], weights[k, j + 1], weights[k, j + 2], weights[k, j + 3]
            v_0, v_1, v_2, v_3 = values[j], values[j + 1], values[j + 2], values[j + 3]
            for b in range(n):
                row[b] += w_0 * v_0[b] + w_1 * v_1[b] + w_2 * v_2[b] + w_3 * v_3[b]
        for j in range(whole, n_lines):
            w, line = weights[k, j], values[j]
            for b in range(n):
                row[b] += w * line[b]


@numba.njit(fastmath=True, error_model="numpy")
def multiply_back(
    weights: Any, values: Any, d_out: Any, d_values: Any, d_weights: Any, d_bias: Any, want_values: bool
) -> None:
    """Add to the gradients of values, weights and bias what `d_out` ``(K, B)``, that of `multiply`, gives them."""
    if weights.size >= WIDE:
        _multiply_back_wide(weights, values, d_out, d_values, d_weights, d_bias, want_values)
        return
    n_rows, n = d_out.shape
    whole = n_rows - n_rows % 4
    zero = np.float32(0)
    for k in range(n_rows):
        row, total = d_out[k], zero
        for b in range(n):
            total += row[b]
        d_bias[k] += total
    for j in range(values.shape[0]):
        line = values[j]
        for k in range(0, whole, 4):
            d_0, d_1, d_2, d_3 = d_out[k], d_out[k + 1], d_out[k + 2], d_out[k + 3]
            t_0, t_1, t_2, t_3 = zero, zero, zero, zero
            for b in range(n):
                t_0 += d_0[b] * line[b]
                t_1 += d_1[b] * line[b]
                t_2 += d_2[b] * line[b]
                t_3 += d_3[b] * line[b]
            d_weights[k, j] += t_0
            d_weights[k + 1, j] += t_1
            d_weights[k + 2, j] += t_2
            d_weights[k + 3, j] += t_3
            if want_values:
                w_0, w_1, w_2, w_3 = weights[k, j], weights[k + 1, j], weights[k + 2, j], weights[k + 3, j]
                out = d_values[j]
                for b in range(n):
                    out[b] += w_0 * d_0[b] + w_1 * d_1[b] + w_2 * d_2[b] + w_3 * d_3[b]
        for k in range(whole, n_rows):
            row, total = d_out[k], zero
            for b in range(n):
                total += row[b] * line[b]
            d_weights[k, j] += total
            if want_values:
                w, out = weights[k, j], d_values[j]
                for b in range(n):
                    out[b] += w * row[b]
