"""One thread for the judges' small networks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    import torch

    from explorer.training.device import threads_for

    with threads_for(0, torch.device("cpu")):
        yield
