"""One sample clean, noisy and denoised by several, over each other or each in a lane.

Content: what `explorer.analysis.figures.versions` says, and::

    "times": float (T,), "time_label": str
    "curves": float (K, T)         NaN where nothing is known
    "label": str                   of the values: "lead II (mV)"
    "stacked": bool                whether each has a lane of its own, with the first "clean" behind it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.figures.versions import Look, columns, looks
from explorer.analysis.look import FigureStyle


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    versions = looks(content, palette)
    times, curves = np.asarray(content["times"]), np.asarray(content["curves"], dtype=float)
    figure = style.new_figure(look)
    clean = next((curve for curve, color in zip(curves, content["colors"], strict=True) if color == "clean"), None)
    shown = [
        (version, curve)
        for version, curve, color in zip(versions, curves, content["colors"], strict=True)
        if not (content["stacked"] and color == "clean" and len(curves) > 1)
    ]
    rows = len(shown) if content["stacked"] else 1
    grid: Any = figure.subplots(rows, 1, sharex=True, sharey=True, squeeze=False)
    for place, (version, curve) in enumerate(shown):
        axes = grid[place if content["stacked"] else 0, 0]
        if content["stacked"] and clean is not None:
            axes.plot(times, clean, color=palette.clean, lw=0.7, zorder=1)
        _curve(axes, times, curve, version)
        if content["stacked"]:
            axes.text(
                1.0, 0.98, style.short(version.title), transform=axes.transAxes, ha="right", va="top",
                fontsize=look.font_size * 0.85, color=version.color,
            )  # fmt: skip
    for axes in grid[:, 0]:
        style.dress(axes, look)
        axes.grid(axis="y")
    grid[-1, 0].set_xlabel(content["time_label"])
    if content["stacked"]:
        figure.supylabel(content["label"], fontsize=look.font_size)
    else:
        grid[0, 0].set_ylabel(content["label"])
        style.legend(figure, [version.mark() for version in versions], look)
    style.note(grid[0, 0], style.short(content["name"], 80), look)
    return figure


def _curve(axes: Any, times: np.ndarray, curve: np.ndarray, version: Look) -> None:
    axes.plot(times, curve, color=version.color, lw=version.width, ls=version.dashes, zorder=version.front)


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the times and the curves as columns."""
    return {content["time_label"]: np.asarray(content["times"], dtype=float)} | columns(
        content["titles"], np.asarray(content["curves"], dtype=float)
    )
