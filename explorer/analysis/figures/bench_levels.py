"""How well several denoisers do against the strength of the noise, with confidence bands over the test samples.

Content: what `explorer.analysis.figures.versions` says, and::

    "levels": float (L,), "level_label": str       strengths of the noise
    "means", "low", "high": float (K, L)           of the measure, and the ends of its confidence intervals
    "measure": str                                 what is drawn: "SNR gain (dB)"
    "log": bool                                    whether the measure is drawn on a logarithmic scale
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from explorer.analysis.figures import style
from explorer.analysis.figures.versions import looks
from explorer.analysis.look import FigureStyle

_MARKERS = "osD^vPX*h"


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    versions = looks(content, palette)
    levels = np.asarray(content["levels"], dtype=float)
    figure = style.new_figure(look)
    axes: Any = figure.add_subplot()
    marks = []
    for place, version in enumerate(versions):
        mean, low, high = (np.asarray(content[key], dtype=float)[place] for key in ("means", "low", "high"))
        axes.fill_between(levels, low, high, color=version.color, alpha=0.18, lw=0)
        marker = _MARKERS[place % len(_MARKERS)]
        axes.plot(levels, mean, color=version.color, lw=1.2, ls=version.dashes, marker=marker, ms=4)
        mark = version.mark()
        mark.set(marker=marker, markersize=4, linewidth=1.2)
        marks.append(mark)
    if content["log"]:
        axes.set_yscale("log")
        # Plain numbers: without mathematics in texts (see `style`), powers of ten would be written as their source.
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
    elif "dB" in content["measure"]:
        axes.axhline(0.0, color=palette.muted, lw=0.9, ls=":")
    axes.set(xlabel=content["level_label"], ylabel=content["measure"])
    axes.grid(axis="y")
    style.dress(axes, look)
    style.note(axes, style.short(content["name"], 80), look)
    style.legend(figure, marks, look)
    return figure


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the levels, and mean and confidence interval of each denoiser."""
    found = {content["level_label"]: np.asarray(content["levels"], dtype=float)}
    for place, title in enumerate(content["titles"]):
        for key in ("means", "low", "high"):
            word = "mean" if key == "means" else key
            found[f"{title}, {word}"] = np.asarray(content[key], dtype=float)[place]
    return found
