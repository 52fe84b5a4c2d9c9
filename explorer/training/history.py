"""What a training went through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

StopReason = Literal["", "finished", "early", "cancelled", "diverged"]


@dataclass(frozen=True)
class Epoch:
    """One epoch.

    Parameters
    ----------
    number : int
        From 1.
    train, validation : dict of str to float
        Each term of the objective by name, and ``"loss"``, their weighted sum; means over the samples of the part.
        `validation` is empty where no sample validates.
    seconds : float
        Since the start of the training, pauses left out.
    phase : str
        Of a training in several phases; only within one can losses be compared.
    """

    number: int
    train: dict[str, float]
    validation: dict[str, float]
    seconds: float
    phase: str = ""


def phase_starts(epochs: Sequence[Epoch]) -> dict[int, str]:
    """Return the name of each phase by its first epoch; empty of a training that has not several."""
    starts: dict[int, str] = {}
    before: str | None = None
    for epoch in epochs:
        if epoch.phase != before:
            starts[epoch.number] = before = epoch.phase
    return starts if len(starts) > 1 else {}


@dataclass
class History:
    """All epochs, and how the training ended.

    Parameters
    ----------
    epochs : list of Epoch
    best_epoch : int
        The epoch (from 1) whose weights were kept; 0 while there is none.
    stopped : str
        "finished" all epochs, "early" (no better for `patience` epochs), "cancelled", "diverged" (the loss was no
        number; the best weights before that are kept), or "" while it runs.
    notes : list of str
        Sentences for the person: a fall back to another device, what to try after a divergence.
    samples_per_second : float
        Training samples seen over the time that training took, validation included.
    device : str
    """

    epochs: list[Epoch] = field(default_factory=list)
    best_epoch: int = 0
    stopped: StopReason = ""
    notes: list[str] = field(default_factory=list)
    samples_per_second: float = 0.0
    device: str = "cpu"
