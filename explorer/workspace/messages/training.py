"""Training a run, and what it will take."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from explorer.data.dataset import Dataset
from explorer.training.history import Epoch, History


class TrainRun(msgspec.Struct, frozen=True):
    """Train run number `run` of a project, as its row says, on `data`.

    Payloads: `EpochUpdate`. Result: `TrainOutcome`. Every epoch is written to the project in a transaction.
    """

    project: str
    run: int
    data: Dataset


class EpochUpdate(msgspec.Struct, frozen=True):
    """The last epoch of a run that trains, and those `earlier` (oldest first) that were not told yet.

    `version` is that of the newest snapshot in the project (0 while there is none): the weights after this epoch, or
    shortly before. `codes` ``(N, L)`` float32 are those of all samples under just these weights; None where this
    epoch wrote no new snapshot, since the last is too recent.
    """

    run: int
    epoch: Epoch
    total_epochs: int
    version: int
    codes: np.ndarray | None = None
    earlier: list[Epoch] = []


class TrainOutcome(msgspec.Struct, frozen=True):
    """How a training ended. `metrics` are by part, then by name: ``metrics["test"]["snr_gain_db"]``."""

    run: int
    history: History
    version: int
    codes: np.ndarray
    metrics: dict[str, dict[str, float]]
    seconds: float


class EstimateRun(msgspec.Struct, frozen=True):
    """Size and duration of a training, before it starts. Result: `Estimate`."""

    recipe: str
    params: dict[str, Any]
    data: Dataset


class Estimate(msgspec.Struct, frozen=True):
    """How many numbers a model learns, about how long that takes (None where unknown), and what to know before."""

    n_parameters: int
    seconds: float | None
    warnings: list[str] = []
