"""Reports, written to files."""

from __future__ import annotations

import msgspec

from explorer.analysis.bench import Bench
from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef


class WriteReport(msgspec.Struct, frozen=True):
    """Write a bench as a report. `path` ends in .html or .pdf. Result: the path, str.

    `found` is what came of the bench of `data` with `runs`, `denoisers` and `levels` (see `RunBench`); `source` is how
    a person names the data, for the command that gets the report again. `colors` are the denoisers' by their names, as
    `explorer.workspace.bench_contents` takes them; by default they are given out anew.
    """

    path: str
    data: Dataset
    found: Bench
    runs: list[ModelRef] = []
    denoisers: list[str] = []
    levels: list[float] = []
    source: str = ""
    colors: dict[str, str] = {}
