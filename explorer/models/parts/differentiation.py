"""Which fast operations may be taken: not every one has gradients of gradients, and some take seconds to load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

_ONCE_IS_ENOUGH: ContextVar[bool] = ContextVar("once_is_enough", default=True)

_READS: ContextVar[bool] = ContextVar("reads", default=False)


def once_is_enough() -> bool:
    """Whether operations that can be differentiated only once may be taken."""
    return _ONCE_IS_ENOUGH.get()


@contextmanager
def twice_differentiable() -> Iterator[None]:
    """Have gradients whose gradients exist: no compiled kernel of ours, no cuDNN, attention by plain products.

    It holds for this thread, and within `torch.no_grad` it allows gradients.
    """
    before = _ONCE_IS_ENOUGH.set(False)
    try:
        with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False), sdpa_kernel(SDPBackend.MATH):
            yield
    finally:
        _ONCE_IS_ENOUGH.reset(before)


def kernels_read() -> bool:
    """Whether compiled kernels are taken where no gradients are wanted."""
    return _READS.get()


@contextmanager
def reading_by_kernels() -> Iterator[None]:
    """Take compiled kernels without gradients too, within this thread: for so much that their loading is worth it."""
    before = _READS.set(True)
    try:
        yield
    finally:
        _READS.reset(before)
