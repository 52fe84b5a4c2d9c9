"""Denoisers side by side over the test samples. The result is an `explorer.analysis.bench.Bench`."""

from __future__ import annotations

import msgspec

from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef


class RunBench(msgspec.Struct, frozen=True):
    """Tune denoisers on the validation samples and measure them on the test samples. Result: `Bench`.

    `denoisers` are texts as `explorer.workspace.denoising.find_denoiser` reads them: ``"savitzky-golay"`` is tuned,
    ``"median:5"`` is taken as it is, ``"median:5 + run:3"`` is a chain with one of `runs`; none: all classical ones.
    Each of `runs` takes part by itself as well, by the name ``"run:3"``. `corruption` None takes the samples with the
    noise that they have; `levels` are further strengths of it. `classics` false: no denoisers stand in where none is
    named. Each `Row` comes as a payload of the progress as soon as
    it is there, and a cancelled bench gives those that it has.
    """

    data: Dataset
    runs: list[ModelRef] = []
    denoisers: list[str] = []
    corruption: str | None = None
    seed: int = 0
    levels: list[float] = []
    classics: bool = True
