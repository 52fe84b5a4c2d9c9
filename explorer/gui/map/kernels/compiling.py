"""How the map's kernels are compiled: when first called, without the interpreter's lock, kept on the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function for the types that it is called with; where that is possible, once for all starts."""
    options = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # nowhere to keep it, as in a frozen program
        return numba.njit(**options)(function)
