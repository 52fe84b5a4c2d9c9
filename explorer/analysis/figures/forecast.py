"""The future of a series as a model tells it, over the truth and over persistence.

Content: the facts of `explorer.analysis.figures.samples`, and::

    "truth", "forecast", "persistence": float, sample shape    NaN where not known or not written
    "start": float           the time before which the model looked; None where there is no future
    "sample_name": str
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.figures.samples import Version, draw_versions
from explorer.analysis.figures.tables import columns_of
from explorer.analysis.look import FigureStyle

_VERSIONS = ("truth", "persistence", "forecast")


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    versions = [
        Version("truth", np.asarray(content["truth"]), palette.clean, 2.2),
        Version("persistence", np.asarray(content["persistence"]), palette.muted, 1.1, dashed=True),
        Version("forecast", np.asarray(content["forecast"]), palette.decoded, 1.6),
    ]
    figure = style.new_figure(look)
    draw_versions(figure, content, versions, look, caption=f"sample {style.short(content['sample_name'])}")
    if content["start"] is not None:
        for axes in figure.axes:
            axes.axvline(content["start"], color=palette.muted, lw=0.8, ls=":")
    return figure


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return truth, persistence and forecast as columns, a row a step."""
    return columns_of(content, {name: np.asarray(content[name]) for name in _VERSIONS})
