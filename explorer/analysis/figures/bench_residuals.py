"""What several denoisers leave of the noise, and its autocorrelation.

Content: what `explorer.analysis.figures.versions` says, and::

    "times": float (T,), "time_label": str
    "residuals": float (K, T), "label": str             "residual (mV)"
    "lags": float (L,), "lag_label": str
    "autocorrelations": float (K, L)                    NaN where there is none
    "band": float                                       what white noise stays below at 95 percent of the lags
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from explorer.analysis.figures import style
from explorer.analysis.figures.versions import columns, looks
from explorer.analysis.look import FigureStyle


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    versions = looks(content, palette)
    figure = style.new_figure(look)
    above, below = figure.subplots(2, 1, height_ratios=(3, 2))
    for version, residual, correlation in zip(
        versions, np.asarray(content["residuals"]), np.asarray(content["autocorrelations"]), strict=True
    ):
        how = {"color": version.color, "lw": version.width, "ls": version.dashes, "zorder": version.front}
        above.plot(content["times"], residual, **how)
        below.plot(content["lags"], correlation, **how)
    band = content["band"]
    below.axhspan(-band, band, color=palette.accent, alpha=0.12, lw=0)
    below.set(xlabel=content["lag_label"], ylabel="autocorrelation")
    above.set(xlabel=content["time_label"], ylabel=content["label"])
    for axes in (above, below):
        axes.grid(axis="y")
        style.dress(axes, look)
    style.note(above, style.short(content["name"], 80), look)
    marks: list[Any] = [version.mark() for version in versions]
    marks.append(Patch(color=palette.accent, alpha=0.12, lw=0, label="white noise, 95 %"))
    style.legend(figure, marks, look)
    return figure


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return times and residuals as columns; then lags and autocorrelations, NaN past the last lag."""
    steps = len(content["times"])

    def long(row: np.ndarray) -> np.ndarray:
        return np.concatenate([np.asarray(row, dtype=float), np.full(steps - len(row), np.nan)])

    found = {content["time_label"]: np.asarray(content["times"], dtype=float)}
    found |= columns([f"residual of {title}" for title in content["titles"]], np.asarray(content["residuals"], float))
    found[content["lag_label"]] = long(content["lags"])
    rows = np.stack([long(row) for row in content["autocorrelations"]])
    return found | columns([f"autocorrelation of {title}" for title in content["titles"]], rows)
