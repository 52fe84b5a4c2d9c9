"""Power by frequency of a sample clean, noisy and denoised by several.

Content: what `explorer.analysis.figures.versions` says, and::

    "frequencies": float (F,), "frequency_label": str
    "decibels": float (K, F), "label": str
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.figures.versions import columns, looks
from explorer.analysis.look import FigureStyle

_REACH_DB = 70.0


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    versions = looks(content, style.palette_of(look))
    values = np.asarray(content["decibels"], dtype=float)
    figure = style.new_figure(look)
    axes: Any = figure.add_subplot()
    for version, row in zip(versions, values, strict=True):
        axes.plot(
            content["frequencies"], row, color=version.color, lw=version.width, ls=version.dashes, zorder=version.front
        )
    top = float(values.max(initial=0.0)) if values.size else 0.0
    axes.set_ylim(max(top - _REACH_DB, float(values.min(initial=top - 1)) - 3), top + 3)
    axes.set(xlabel=content["frequency_label"], ylabel=content["label"])
    axes.grid(axis="y")
    style.dress(axes, look)
    style.note(axes, style.short(content["name"], 80), look)
    style.legend(figure, [version.mark() for version in versions], look)
    return figure


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the frequencies and the decibels as columns."""
    return {content["frequency_label"]: np.asarray(content["frequencies"], dtype=float)} | columns(
        content["titles"], np.asarray(content["decibels"], dtype=float), "dB"
    )
