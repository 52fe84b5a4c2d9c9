"""Trainings of several phases, and steps in which several parts of a network move, each along a loss of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, runtime_checkable

import numpy as np
from torch import Tensor, nn

from explorer.training.optimiser import FlatAdam, Optimiser
from explorer.training.step import Batch, Step, Trainable

Objective = Callable[[Batch, Step], dict[str, Tensor]]


class Sweep(Protocol):
    """Compiled code that finds the gradients of a net on samples, and takes many steps in one call.

    Python waits for nobody meanwhile: the window moves on.
    """

    def train(
        self, optimiser: FlatAdam, first: int, size: int, rates: np.ndarray, clip: float
    ) -> dict[str, np.ndarray]:
        """Take a step on each of some batches, as `optimiser` would, and return their terms before that.

        Parameters
        ----------
        optimiser : FlatAdam
            Of all parameters, in their order.
        first : int
            Sample with which the first batch begins.
        size : int
            Samples in a batch.
        rates : ndarray, float64 ``(batches,)``
            Learning rate of each.
        clip : float
            Largest norm of a gradient; 0 leaves them as they are.

        Returns
        -------
        dict of str to ndarray, float64 ``(batches,)``
            As an objective's terms.
        """
        ...


@runtime_checkable
class Swept(Protocol):
    """A `Trainable` of which there may be such code."""

    def sweep(self, block: Batch) -> Sweep | None:
        """Return what trains on these samples; None where each batch has to be stepped through."""
        ...


@dataclass(frozen=True)
class Turn:
    """One move within a step.

    Parameters
    ----------
    objective : callable
        Returns each term by name, and the sum that is followed downhill as ``"loss"``: means over the batch.
    parameters : tuple of Parameter
        Those that move; the gradients of all others are not used. No parameter may be in two turns of a phase.
    above : float or None
        They stay where they are while the loss is at most this: an adversary that is too good teaches nothing.
    times : int
        How often they move in a step.
    sweep : callable, optional
        See `Swept.sweep`: what does the same as the objective and the optimiser, only faster.
    """

    objective: Objective
    parameters: tuple[nn.Parameter, ...]
    above: float | None = None
    times: int = 1
    sweep: Callable[[Batch], Sweep | None] | None = None


@dataclass(frozen=True)
class Phase:
    """A stretch of a training.

    Parameters
    ----------
    name : str
        As a person reads it; empty where there is no other.
    share : float
        Of all epochs, relative to those of the other phases.
    turns : tuple of Turn
        They come one after the other in each step. What is told of an epoch are the terms of all of them; its
        ``"loss"`` is that of the first.
    keeps_best : bool
        Whether the phase ends with the weights of its best epoch, and by itself when its loss no longer falls. Where
        the losses say nothing of that, as those of adversaries, the newest weights are kept.
    """

    name: str
    share: float
    turns: tuple[Turn, ...]
    keeps_best: bool = True

    def objective(self, batch: Batch, step: Step) -> dict[str, Tensor]:
        """Return the terms of all turns, nothing moved."""
        terms: dict[str, Tensor] = {}
        for turn in self.turns:
            terms = merged(terms, turn.objective(batch, step))
        return terms

    def sweep(self, block: Batch, optimisers: Sequence[Optimiser]) -> tuple[Sweep, FlatAdam] | None:
        """Return compiled code that trains on samples, and the optimiser that it does it with, where there is such."""
        (turn, *others), optimiser = self.turns, optimisers[0]
        if others or turn.sweep is None or not isinstance(optimiser, FlatAdam):
            return None
        sweep = turn.sweep(block)
        return None if sweep is None else (sweep, optimiser)


def merged(terms: dict[str, Tensor], more: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the terms of two turns; where both have one of a name, as ``"loss"``, the first stands."""
    return {**terms, **{name: value for name, value in more.items() if name not in terms}}


@runtime_checkable
class Phased(Protocol):
    """A `Trainable` that says itself how it is trained."""

    def phases(self) -> tuple[Phase, ...]:
        """Return the phases, in their order."""
        ...


def phases_of(module: Trainable) -> tuple[Phase, ...]:
    """Return how a module is trained: in one phase that moves all of it, if it does not say otherwise."""
    if isinstance(module, Phased):
        return module.phases()
    sweep = module.sweep if isinstance(module, Swept) else None
    return (Phase("", 1.0, (Turn(module.objective, tuple(module.parameters()), sweep=sweep),)),)


def allotted(phases: Sequence[Phase], epochs: int) -> list[int]:
    """Return how many epochs each phase gets of all: by its share, and one at least, so that there may be more."""
    total, done = sum(phase.share for phase in phases), 0.0
    ends = [0]
    for phase in phases:
        done += phase.share / total
        ends.append(max(ends[-1] + 1, round(epochs * done)))
    return [end - start for start, end in pairwise(ends)]
