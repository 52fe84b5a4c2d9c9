"""Which weights a task is about."""

from __future__ import annotations

import msgspec


class ModelRef(msgspec.Struct, frozen=True):
    """The weights of a run in a project file. `version` counts the times that they were written."""

    project: str
    run: int
    version: int
