"""Recordings of any length, denoised from file to file."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef


class DenoiseRecording(msgspec.Struct, frozen=True):
    """Denoise the series of a file, and write them in the format that they came in. Result: `DenoisedRecording`.

    `denoiser` is text as `explorer.workspace.denoising.find_denoiser` reads it, with ``run:3`` for one of `runs`.
    `data`, where given, are what denoisers learn from and are tuned by, if they must. `options` are the reader's.
    `overlap` is the share of windows that neighbours have in common. With `gaps` "keep" what is missing stays missing.
    """

    path: str
    out: str
    denoiser: str
    runs: list[ModelRef] = []
    data: Dataset | None = None
    reader: str | None = None
    options: dict[str, Any] = {}
    overlap: float = 0.5
    gaps: Literal["keep", "fill"] = "keep"


class DenoisedRecording(msgspec.Struct, frozen=True):
    """What was written: how much, by what (with all settings), and how many values are missing in the result.

    `window` and `hop` are those of the windows, in steps; 0 where the denoiser needs none.
    """

    out: str
    denoiser: str
    n_series: int
    n_steps: int
    channels: list[str]
    missing: int
    window: int
    hop: int
    seconds: float
