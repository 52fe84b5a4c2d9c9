"""The eigen-spectrum of data: what each principal component explains, and all up to it together.

Content::

    "ratios": float (K,)    shares of the variance, from 0 to 1, the largest first
    "name": str             of the data
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from explorer.analysis.figures import style
from explorer.analysis.look import FigureStyle


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    ratios = 100 * np.asarray(content["ratios"], dtype=float)
    place = np.arange(1, len(ratios) + 1)
    figure = style.new_figure(look)
    axes: Any = figure.add_subplot()
    axes.bar(place, ratios, width=0.7, color=palette.accent, alpha=0.7)
    axes.plot(place, np.cumsum(ratios), color=palette.validation, marker="o", ms=3)
    axes.set(xlabel="component", ylabel="variance (%)", ylim=(0, 104))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y")
    style.dress(axes, look)
    style.note(axes, style.short(content["name"], 60), look)
    marks = [
        Line2D([], [], color=palette.accent, alpha=0.7, lw=5, label="each"),
        Line2D([], [], color=palette.validation, marker="o", ms=3, label="all up to it"),
    ]
    style.legend(figure, marks, look)
    return figure


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the components with their shares, and the shares up to them."""
    ratios = np.asarray(content["ratios"], dtype=float)
    return {"component": np.arange(1, len(ratios) + 1), "share": ratios, "cumulative share": np.cumsum(ratios)}
