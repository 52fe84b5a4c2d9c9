"""What the loop hands to a model, and what it asks of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

import torch
from torch import Tensor


@dataclass(frozen=True)
class Batch:
    """Some samples, on the device that trains, scaled.

    Parameters
    ----------
    inputs : Tensor, float ``(B, *sample_shape)``, or int64 ``(B, T)`` of tokens
        What the encoder sees; 0 where missing, and past the end.
    targets : Tensor, shape of `inputs`; ``(B, T2)`` of translations
        What the decoder should produce; 0 where missing, and past the end.
    observed : Tensor or None, bool, shape of `inputs`
        Where `targets` are known; None where everywhere.
    lengths : Tensor or None, int64 ``(B,)``
        Steps of each series where they differ.
    labels : Tensor or None, int64 ``(B,)``
        Class of each sample, -1 where unknown; only for models that learn from them.
    masks : Tensor or None, int64 ``(B, T)`` or ``(B, H, W)``
        Class of each step or pixel, -1 where unknown; only for models that learn from them.
    times : Tensor or None, float ``(B, T)``
        Time of each step, scaled by an `explorer.data.times.TimeScale`: 0 where the training data begin and 1 where
        they end. It never falls along a series. Only for models that look at the times.
    seen : Tensor or None, bool, shape of `inputs`
        Where `inputs` are known; None where everywhere. Only for models that look at the times.
    target_lengths : Tensor or None, int64 ``(B,)``
        Tokens of each translation, its end token included; only for models that learn from them.
    facts : Tensor or None, float ``(B, F)``
        What is known of each sample as a whole, NaN where unknown; see `explorer.data.facts.Facts`. Only for models
        that look at them.
    """

    inputs: Tensor
    targets: Tensor
    observed: Tensor | None = None
    lengths: Tensor | None = None
    labels: Tensor | None = None
    masks: Tensor | None = None
    times: Tensor | None = None
    seen: Tensor | None = None
    target_lengths: Tensor | None = None
    facts: Tensor | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def given(self) -> dict[str, Tensor]:
        """What is there, by name."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: each for name, each in named.items() if each is not None}

    def repeated(self, times: int) -> Batch:
        """Return all samples, and all of them again, so many times."""
        return self._each(lambda tensor: tensor.repeat(times, *(1,) * (tensor.ndim - 1)))

    def chosen(self, rows: Tensor) -> Batch:
        """Return the samples at `rows` ``(n,)``, which may name one several times."""
        return self._each(lambda tensor: tensor[rows])

    def _each(self, change: Callable[[Tensor], Tensor]) -> Batch:
        made = {id(each): change(each) for each in self.given.values()}
        return Batch(**{name: made[id(each)] for name, each in self.given.items()})


@dataclass(frozen=True)
class Step:
    """Where in the training a batch is.

    Parameters
    ----------
    epoch : int
        From 0.
    epochs : int
        How many there will be at most.
    training : bool
        False while validating: no dropout, no teacher forcing, and the weights of the terms stand where they will
        end, so that the losses of different epochs can be compared.
    generator : torch.Generator
        Of all random numbers, on the batch's device.
    """

    epoch: int
    epochs: int
    training: bool
    generator: torch.Generator


class Trainable(Protocol):
    """A module that the loop can train."""

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return each term of the objective by name, and their weighted sum as ``"loss"``: means over the batch."""
        ...

    def parameters(self) -> Iterator[torch.nn.Parameter]:
        """Return what is learnt."""
        ...

    def train(self, mode: bool = True) -> Any:
        """Switch between training and use."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Return all weights by name."""
        ...

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> Any:
        """Take back what `state_dict` gave."""
        ...
