"""Writing files."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from explorer.analysis.look import FigureKind, FigureStyle
from explorer.data.dataset import Dataset
from explorer.workspace.messages.model import ModelRef


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


class AnimatePath(msgspec.Struct, frozen=True):
    """Write what codes ``(M, L)`` decode to, one after the other, as an animation. Result: the path, str.

    `path` ends in .gif, .mp4 or .apng, `rate` is in pictures a second. `data` are those that the model was trained on.
    """

    model: ModelRef
    data: Dataset
    codes: np.ndarray
    path: str
    style: FigureStyle = FigureStyle(dpi=100, theme="light")
    rate: int = 15


class AnimateTraining(msgspec.Struct, frozen=True):
    """Write the maps of a run's epochs as an animation. `path` ends in .gif, .mp4 or .apng. Result: the path, str.

    `plane` is what is shown, as `explorer.analysis.planes.Plane.to_json` says it; one of two dimensions that is exact.
    `colouring` is as `explorer.workspace.contents.map_content` takes it, `rate` in pictures a second. Of more than
    `most` epochs that are kept evenly many are drawn, the first and the last among them.
    """

    project: str
    run: int
    data: Dataset
    plane: dict[str, Any]
    colouring: str
    path: str
    style: FigureStyle = FigureStyle(dpi=100, theme="light")
    rate: int = 12
    most: int = 240
