"""A run: one training of one recipe on one data set, with all that is needed to do it again."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from explorer.training.history import History

Status = Literal["queued", "training", "paused", "done", "cancelled", "diverged", "failed", "interrupted"]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a run. Immutable: a change is a new `Run` of the same `id`.

    Parameters
    ----------
    id : int
        In the project.
    name : str
        What a person calls it; they may change it.
    data : int
        The data set's id in the project.
    recipe : str
        Registered name of the model.
    params : dict
        The recipe's parameters that were set, as JSON; the others have their defaults.
    corruption : str or None
        Applied afresh to the inputs in every epoch, as text of `explorer.data.corruption.corruption_text`.
    status : str
        "interrupted": the program ended while it trained; the last snapshot is kept.
    version : int
        How many times weights were written; 0 while there are none.
    history : History
    metrics : dict
        By part, then by name: ``metrics["test"]["mse"]``, in the data's own units.
    provenance : dict
        "sha256" of the data, "seed", and "versions" of the program and its libraries.
    created : str
        ISO 8601, UTC.
    seconds : float
        That the training took.
    error : str
        Why it failed, for status "failed".
    """

    id: int
    name: str
    data: int
    recipe: str
    params: dict[str, Any] = {}
    corruption: str | None = None
    status: Status = "queued"
    version: int = 0
    history: History = msgspec.field(default_factory=History)
    metrics: dict[str, dict[str, float]] = {}
    provenance: dict[str, Any] = {}
    created: str = ""
    seconds: float = 0.0
    error: str = ""

    @property
    def active(self) -> bool:
        """Whether it is being trained, or about to be."""
        return self.status in ("queued", "training", "paused")
