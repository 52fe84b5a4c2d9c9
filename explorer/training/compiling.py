"""How kernels are compiled. Loads numba: imported only by kernels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from numba.core import sigutils


def compiled(signature: str, *, pointers: tuple[str, ...] = ()) -> Callable[[Callable[..., Any]], Any]:
    """Compile for one signature, and keep the machine code on the disk where that is possible.

    What is kept does not know of changes in this file, nor in what a kernel calls: after one, ``make clean``.

    Parameters
    ----------
    signature : str
        As numba writes them: ``"float64(float32[::1])"``.
    pointers : tuple of str
        Signatures of kernels that come as arguments, before all others. Called by their addresses, they are not
        compiled again into each kernel that calls them.
    """
    arguments, returns = sigutils.normalize_signature(signature)
    functions = [sigutils.normalize_signature(each) for each in pointers]
    given = [numba.types.FunctionType((back or numba.types.void)(*taken)) for taken, back in functions]
    typed = (returns or numba.types.void)(*given, *arguments)

    def compile_now(function: Callable[..., Any]) -> Any:
        options = {"nopython": True, "nogil": True, "fastmath": True, "error_model": "numpy"}
        try:
            return numba.jit(typed, cache=True, **options)(function)
        except RuntimeError:  # nowhere to keep it, as in a frozen program
            return numba.jit(typed, **options)(function)

    return compile_now
