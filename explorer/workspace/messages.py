"""What goes to a worker and what comes back: frozen, and made of plain values, arrays and data sets only."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from explorer.analysis.look import FigureKind, FigureStyle
from explorer.data.dataset import Dataset
from explorer.training.history import Epoch, History


class ModelRef(msgspec.Struct, frozen=True):
    """The weights of a run in a project file. `version` counts the times that they were written."""

    project: str
    run: int
    version: int


class LoadData(msgspec.Struct, frozen=True):
    """Read a file (`path`), or make a built-in set (`path` is its name). Result: `Dataset`."""

    path: str
    reader: str | None = None
    options: dict[str, Any] = {}


class RelocateData(msgspec.Struct, frozen=True):
    """Take `path` as the new place of the file of a project's data set. Result: `Dataset`."""

    project: str
    data: int
    path: str


class PreviewData(msgspec.Struct, frozen=True):
    """Look at the head of a file. Result: `explorer.data.reader.Preview`."""

    path: str
    reader: str | None = None
    options: dict[str, Any] = {}


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


class Decode(msgspec.Struct, frozen=True):
    """Decode a code `z` ``(L,)``, and find the real sample whose code is nearest. Result: `Decoded`."""

    model: ModelRef
    z: np.ndarray


class Decoded(msgspec.Struct, frozen=True):
    """A decoded sample in the data's own units, of `sample_shape`.

    `nearest` is the sample's index and `distance` the Euclidean distance of its code to `z`; -1 and NaN where the
    project has no codes of the run. `forward_ms` is what the bare decoder took.
    """

    model: ModelRef
    z: np.ndarray
    sample: np.ndarray
    nearest: int
    distance: float
    forward_ms: float


class Denoise(msgspec.Struct, frozen=True):
    """Corrupt one sample and pass it through the model. Result: `Denoised`.

    `corruption` is text as `explorer.data.corruption.parse_corruption` reads it. It is applied to the clean target
    where the data have one; None takes the sample as it is (its own noise).
    """

    model: ModelRef
    data: Dataset
    index: int
    corruption: str | None
    seed: int = 0


class Denoised(msgspec.Struct, frozen=True):
    """One sample ``(T, C)`` (or the data's shape) three ways, in the data's own units, and how well it went.

    `clean` is None where the truth is not known: the sample was taken as it is and has no target.
    `metrics`: "mse", "mae", "snr_gain_db" of the denoised against the clean, and "noisy_mse", "noisy_mae" of the
    noisy; empty where the clean is unknown. `baselines`: SNR gain in dB by the name of a classical filter.
    """

    model: ModelRef
    index: int
    corruption: str | None
    clean: np.ndarray | None
    noisy: np.ndarray
    denoised: np.ndarray
    metrics: dict[str, float]
    baselines: dict[str, float]


class EstimateRun(msgspec.Struct, frozen=True):
    """Size and duration of a training, before it starts. Result: `Estimate`."""

    recipe: str
    params: dict[str, Any]
    data: Dataset


class Estimate(msgspec.Struct, frozen=True):
    """How many numbers a model learns, and about how long its training takes (None where unknown)."""

    n_parameters: int
    seconds: float | None


class ExportFigure(msgspec.Struct, frozen=True):
    """Write a figure. `path` ends in .svg, .pdf, .png or .csv (the numbers behind it). Result: the path, str.

    `content` is what `explorer.analysis.figures` takes for that kind, as arrays and plain values.
    """

    kind: FigureKind
    path: str
    content: dict[str, Any]
    style: FigureStyle = FigureStyle()


class ExportArrays(msgspec.Struct, frozen=True):
    """Write a table of columns (CSV, TSV) or named arrays (NPZ). Result: the path, str."""

    path: str
    columns: dict[str, np.ndarray]
