"""Where to compute."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from explorer.errors import InputError

SMALL = 300_000
"""Models of fewer numbers than this train fastest on one thread: more spend their time waiting for each other."""


def available_devices() -> dict[str, str]:
    """Return the devices that can compute here, best first: names for a person by torch's names."""
    found = {}
    if torch.cuda.is_available():
        found["cuda"] = torch.cuda.get_device_name(0)
    if torch.backends.mps.is_available():
        found["mps"] = "Apple GPU"
    found["cpu"] = "Processor (CPU)"
    return found


def choose_device(name: str = "auto") -> torch.device:
    """Return the device called `name`; of "auto", the best there is.

    Raises
    ------
    InputError
        If it is not available.
    """
    available = available_devices()
    if name == "auto":
        return torch.device(next(iter(available)))
    if name not in available:
        raise InputError(
            f"the device '{name}' is not available here", remedy=f"Choose one of: auto, {', '.join(available)}"
        )
    return torch.device(name)


@contextmanager
def threads_for(n_parameters: int, device: torch.device) -> Iterator[None]:
    """Let torch and BLAS use one thread while a small model computes on the CPU, and put the number back afterwards."""
    if device.type != "cpu" or n_parameters >= SMALL:
        yield
        return
    import scipy.linalg  # noqa: F401 - loads the BLAS that compiled kernels call, which is limited only once it is there
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw initial weights from `seed`, and leave torch's global random state as it was."""
    before = torch.get_rng_state()
    torch.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        torch.set_rng_state(before)
