"""Writing files."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from explorer.analysis.look import FigureKind, FigureStyle


class ExportFigure(msgspec.Struct, frozen=True):
    """Write a figure. `path` ends in .svg, .pdf, .png, .csv (the numbers behind it) or .py. Result: the path, str.

    A script (.py) redraws the figure from its numbers, which are written beside it (.csv).

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
