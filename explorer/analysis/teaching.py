"""How experiments train a network that is no recipe on a task that is drawn anew in every epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from explorer.progress import Progress

if TYPE_CHECKING:
    from torch import Tensor, nn

    from explorer.training.batches import Source

    Module = TypeVar("Module", bound=nn.Module)

HELD_OUT = 1_000_003
"""Added to the seed of a training, so that what judges a network was drawn by other numbers than what taught it."""


def taught(
    network: Callable[[], Module],
    task: Source,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int,
    progress: Progress,
) -> Module:
    """Return a network after so many epochs of fresh draws from a task, on the CPU, with the weights of the last best.

    Parameters
    ----------
    network : callable
        Makes it, with weights from torch's random state; it is a `explorer.training.step.Trainable`.
    task : Source
        Its length is that of an epoch.
    epochs, batch_size : int
    learning_rate : float
        The highest; it falls to a hundredth along half a cosine.
    seed : int
        Of the weights and all draws.
    progress : Progress
    """
    import torch

    from explorer.training.batches import Batches
    from explorer.training.device import seeded, threads_for
    from explorer.training.history import History
    from explorer.training.loop import Plan, train

    device = torch.device("cpu")
    with seeded(seed):
        module = network()
    batches = Batches(task, batch_size, device, seed=seed, shuffle=True, block_bytes=2**26)
    plan = Plan(epochs, learning_rate, clip=1.0, seed=seed)
    trainable: nn.Module = module
    with threads_for(sum(parameter.numel() for parameter in trainable.parameters()), device):
        train(trainable, batches, None, plan, History(), progress=progress)  # pyright: ignore[reportArgumentType] - it is one, as said
    return module


def held_out(task: Source, seed: int) -> dict[str, Tensor]:
    """Return the fields of a batch of as many samples as a task has, which no training with this seed saw."""
    import torch

    fields = task.gather(np.arange(len(task)), (seed + HELD_OUT,))
    return {name: torch.from_numpy(array) for name, array in fields.items()}
