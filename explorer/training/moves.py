"""A step of the optimisers for small models in compiled code."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np


@numba.njit(fastmath=True, error_model="numpy")
def clipped(gradient: Any, limit: float) -> None:
    """Shorten a gradient ``(n,)`` to a norm of at most `limit`; 0 leaves it as it is."""
    if limit > 0:
        total = np.float32(0)
        for i in range(len(gradient)):
            total += gradient[i] * gradient[i]
        factor = limit / (np.sqrt(np.float64(total)) + 1e-6)
        if factor < 1:
            for i in range(len(gradient)):
                gradient[i] *= np.float32(factor)


@numba.njit(fastmath=True, error_model="numpy")
def moved(
    weights: Any, gradient: Any, mean: Any, square: Any, basis: Any, turned: Any, count: int, rate: float, by: Any
) -> None:
    """Take one step of `explorer.training.optimiser.FlatAdam`, or with a basis one of `SOAP`.

    Parameters
    ----------
    weights, gradient : ndarray, float32 ``(n,)``
    mean, square : ndarray, float32 ``(n,)``
        Of the gradients so far; in the basis.
    basis : ndarray, float32 ``(n, n)``, or ``(0, 0)`` where it is that of the weights themselves
    turned : ndarray, float32 ``(n,)``
        Overwritten.
    count : int
        Of steps, this one included.
    rate : float
    by : tuple of float
        Weight decay, both memories and ε.
    """
    decay, first, second, eps = by
    n = len(weights)
    if len(basis):
        turned.fill(np.float32(0))
        whole = n - n % 4
        for i in range(0, whole, 4):
            g_0, g_1, g_2, g_3 = gradient[i], gradient[i + 1], gradient[i + 2], gradient[i + 3]
            b_0, b_1, b_2, b_3 = basis[i], basis[i + 1], basis[i + 2], basis[i + 3]
            for j in range(n):
                turned[j] += g_0 * b_0[j] + g_1 * b_1[j] + g_2 * b_2[j] + g_3 * b_3[j]
        for i in range(whole, n):
            g, row = gradient[i], basis[i]
            for j in range(n):
                turned[j] += g * row[j]
    else:
        for j in range(n):
            turned[j] = gradient[j]
    new, fresh = np.float32(1 - first), np.float32(1 - second)
    old = np.float32(second)
    bound, least = np.float32(1 / np.sqrt(1 - second**count)), np.float32(eps)
    for j in range(n):
        g = turned[j]
        mean[j] += new * (g - mean[j])
        square[j] = old * square[j] + fresh * g * g
        turned[j] = mean[j] / (np.sqrt(square[j]) * bound + least)
    kept, pace = np.float32(1 - rate * decay), np.float32(rate / (1 - first**count))
    for i in range(n):
        if len(basis):
            row, move = basis[i], np.float32(0)
            for j in range(n):
                move += row[j] * turned[j]
        else:
            move = turned[i]
        weights[i] = kept * weights[i] - pace * move
