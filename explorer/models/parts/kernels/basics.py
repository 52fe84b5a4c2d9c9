"""How kernels are compiled, and what several of them compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np


def compiled(signature: str) -> Callable[[Callable[..., Any]], Any]:
    """Compile for one signature, and keep the machine code on the disk where that is possible."""

    def compile_now(function: Callable[..., Any]) -> Any:
        options = {"nopython": True, "nogil": True, "fastmath": True, "error_model": "numpy"}
        try:
            return numba.jit(signature, cache=True, **options)(function)
        except RuntimeError:  # nowhere to keep it, as in a frozen program
            return numba.jit(signature, **options)(function)

    return compile_now


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
