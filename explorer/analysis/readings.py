"""The names of what tells whether a code is on the manifold; see `explorer.analysis.manifold`."""

from __future__ import annotations

from typing import Literal, get_args

ReadingName = Literal["distance", "density", "re-encoding"]
READINGS: tuple[ReadingName, ...] = get_args(ReadingName)
FEWEST = 8
"""Samples that a judgement needs."""
