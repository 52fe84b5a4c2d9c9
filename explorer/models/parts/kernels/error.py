"""A linear layer at every step, and its squared error, in compiled code: value and gradients at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.models.parts.kernels.basics import multiply, multiply_back
from explorer.training.compiling import compiled

_3D, _2D, _1D = "float32[:,:,::1]", "float32[:,::1]", "float32[::1]"


@compiled(f"float64({_3D}, {_2D}, {_1D}, {_3D}, {_3D}, {_2D}, {_1D})")
def squared_error(states: Any, w: Any, b: Any, targets: Any, d_states: Any, d_w: Any, d_b: Any) -> Any:
    """Return the mean of ``(W h + b − x)²``, and add its gradients up.

    Parameters
    ----------
    states : ndarray ``(T + 1, H, B)``
        The first is not looked at.
    w, b : ndarray ``(C, H)``, ``(C,)``
    targets : ndarray ``(T, C, B)``
    d_states, d_w, d_b : ndarray ``(T, H, B)``, ``(C, H)``, ``(C,)``
        0.
    """
    steps, channels, n = targets.shape
    count = steps * channels * n
    scale, total = np.float32(2.0 / count), 0.0
    away = np.empty((channels, n), np.float32)
    for t in range(steps):
        multiply(w, states[t + 1], b, away)
        for c in range(channels):
            row, wanted, part = away[c], targets[t, c], np.float32(0)
            for i in range(n):
                row[i] -= wanted[i]
                part += row[i] * row[i]
            total += np.float64(part)
            for i in range(n):
                row[i] *= scale
        multiply_back(w, states[t + 1], away, d_states[t], d_w, d_b, True)
    return total / count
