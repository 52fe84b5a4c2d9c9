"""Power over time and frequency of a sample clean, noisy and denoised by several, an image for each.

Content: what `explorer.analysis.figures.versions` says, and::

    "times": float (S,), "time_label": str
    "frequencies": float (F,), "frequency_label": str
    "decibels": float (K, F, S)
    "levels": (float, float)       the decibels that the scale begins and ends at
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.figures.versions import looks
from explorer.analysis.look import FigureStyle
from explorer.analysis.palette import SEQUENTIAL


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    versions = looks(content, style.palette_of(look))
    values = np.asarray(content["decibels"], dtype=float)
    times, frequencies = np.asarray(content["times"]), np.asarray(content["frequencies"])
    figure = style.new_figure(look)
    columns = 1 if len(versions) <= 2 else 2
    rows = max(1, -(-len(versions) // columns))
    grid: Any = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    scale = LinearSegmentedColormap.from_list("sequential", list(SEQUENTIAL))
    low, high = content["levels"]
    image = None
    for place, axes in enumerate(grid.flat):
        if place >= len(versions):
            axes.set_axis_off()
            continue
        image = axes.imshow(
            values[place],
            origin="lower",
            aspect="auto",
            extent=(*_edges(times), *_edges(frequencies)),
            cmap=scale,
            vmin=low,
            vmax=high,
            interpolation="nearest",
        )
        style.dress(axes, look)
        version = versions[place]
        axes.set_title(style.short(version.title), fontsize=look.font_size * 0.9, color=version.color, loc="left")
    figure.supxlabel(content["time_label"], fontsize=look.font_size)
    figure.supylabel(content["frequency_label"], fontsize=look.font_size)
    if image is not None:
        bar = figure.colorbar(image, ax=list(grid.flat), label="power (dB)", aspect=30)
        bar.ax.tick_params(labelsize=look.font_size * 0.9)
    figure.suptitle(
        style.wrapped(style.short(content["name"], 80), look),
        fontsize=look.font_size * 0.85,
        color=style.palette_of(look).muted,
    )
    return figure


def _edges(middles: np.ndarray) -> tuple[float, float]:
    half = (middles[1] - middles[0]) / 2 if len(middles) > 1 else 0.5
    return float(middles[0] - half), float(middles[-1] + half)


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return a row for each time and frequency, and a column of decibels for each image."""
    times, frequencies = np.asarray(content["times"], float), np.asarray(content["frequencies"], float)
    found = {
        content["time_label"]: np.tile(times, len(frequencies)),
        content["frequency_label"]: np.repeat(frequencies, len(times)),
    }
    for title, values in zip(content["titles"], np.asarray(content["decibels"], dtype=float), strict=True):
        found[f"{title} (dB)"] = values.reshape(-1)
    return found
