"""Samples on the device in a seeded order. Faster than a DataLoader: whole blocks are gathered, batches are views."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from explorer.training.step import Batch

BLOCK_BYTES = 256 * 2**20
"""Data larger than this are gathered from the source block by block, so that they may exceed the memory."""


class Source(Protocol):
    """Where samples come from: arrays in memory, or a memory map."""

    @property
    def fresh(self) -> bool:
        """Whether the same samples look different each time (a new draw of a corruption)."""
        ...

    @property
    def sample_bytes(self) -> int:
        """Memory of one gathered sample."""
        ...

    def __len__(self) -> int: ...

    def gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, np.ndarray]:
        """Return the fields of a `Batch` for the samples at `indices`; `draw` seeds what is random in them."""
        ...


class Batches:
    """A source cut into batches.

    Parameters
    ----------
    source : Source
    batch_size : int
        The last batch of an epoch may be smaller.
    device : torch.device
    seed : int
        Of the order and of the source's random draws.
    shuffle : bool
        A new order in every epoch; else the source's order, and the same draws in every epoch.
    block_bytes : int
        See `BLOCK_BYTES`.
    """

    def __init__(
        self,
        source: Source,
        batch_size: int,
        device: torch.device,
        *,
        seed: int,
        shuffle: bool,
        block_bytes: int = BLOCK_BYTES,
    ) -> None:
        self.source, self.batch_size, self.device = source, batch_size, device
        self.seed, self.shuffle = seed, shuffle
        fitting = max(1, block_bytes // max(1, source.sample_bytes * batch_size)) * batch_size
        self.block = min(fitting, max(1, len(source)))
        self._kept: dict[str, Tensor] | None = None

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.source)

    @property
    def resident(self) -> bool:
        """Whether the samples are gathered once and stay on the device."""
        return self.block >= len(self.source) and not (self.source.fresh and self.shuffle)

    def epoch(self, number: int) -> Iterator[Batch]:
        """Return the batches of epoch `number` (from 0)."""
        for block in self.blocks(number):
            yield from self.cut(block)

    def cut(self, block: Batch) -> Iterator[Batch]:
        """Return a block's batches: views of it."""
        fields = block.given
        for first in range(0, len(block), self.batch_size):
            yield Batch(**{name: field[first : first + self.batch_size] for name, field in fields.items()})

    def blocks(self, number: int) -> Iterator[Batch]:
        """Return the samples of epoch `number` in its order, as many at once as fit in memory: whole batches."""
        n = len(self.source)
        order = torch.arange(n)
        if self.shuffle:
            # A generator of its own for each epoch: the order does not depend on what else was drawn.
            order = torch.randperm(n, generator=torch.Generator().manual_seed(_mix(self.seed, number)))
        for start in range(0, n, self.block):
            yield Batch(**self._block(order[start : start + self.block], number, start))

    def _block(self, indices: Tensor, epoch: int, start: int) -> dict[str, Tensor]:
        if not self.resident:
            return self._gather(indices.numpy(), (self.seed, epoch if self.shuffle else 0, start))
        if self._kept is None:
            self._kept = self._gather(np.arange(len(self.source)), (self.seed, 0, 0))
        if not self.shuffle:
            return self._kept
        indices = indices.to(self.device)
        chosen: dict[int, Tensor] = {}  # fields may share a tensor (inputs that are their own targets)
        return {
            name: chosen[id(field)]
            if id(field) in chosen
            else chosen.setdefault(id(field), field.index_select(0, indices))
            for name, field in self._kept.items()
        }

    def _gather(self, indices: np.ndarray, draw: tuple[int, ...]) -> dict[str, Tensor]:
        moved: dict[int, Tensor] = {}
        arrays = self.source.gather(indices, draw)
        for array in arrays.values():
            if id(array) not in moved:
                moved[id(array)] = torch.from_numpy(np.ascontiguousarray(array)).to(self.device)
        return {name: moved[id(array)] for name, array in arrays.items()}


def _mix(seed: int, number: int) -> int:
    """Return one seed of two numbers such that neighbours are unrelated."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1, np.uint64)[0] >> np.uint64(1))
