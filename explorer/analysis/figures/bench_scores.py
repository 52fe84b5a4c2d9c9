"""What each denoiser reaches on the test samples, as bars with confidence intervals, the best on top.

Content: what `explorer.analysis.figures.versions` says, and::

    "values", "low", "high": float (K,)    of the measure, and the ends of its confidence intervals
    "measure": str                         "SNR gain (dB)"
    "better": "higher" or "lower"
    "table": dict of str to float (K,)     further measures, for the numbers
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.figures.versions import looks
from explorer.analysis.look import FigureStyle


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    versions, order = looks(content, palette), _order(content)
    values, low, high = (np.asarray(content[key], dtype=float)[order] for key in ("values", "low", "high"))
    place = np.arange(len(order))[::-1]
    figure = style.new_figure(look)
    axes: Any = figure.add_subplot()
    colors = [versions[i].color for i in order]
    axes.barh(place, np.nan_to_num(values), height=0.62, color=colors, alpha=0.75)
    known = np.isfinite(low) & np.isfinite(high)
    spread = np.stack([values - low, high - values])[:, known].clip(0)
    axes.errorbar(values[known], place[known], xerr=spread, fmt="none", ecolor=palette.text, elinewidth=0.9, capsize=2)
    axes.set_yticks(place, [style.short(versions[i].title) for i in order])
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.axvline(0.0, color=palette.muted, lw=0.7)
    axes.set_xlabel(content["measure"])
    axes.grid(axis="x")
    style.dress(axes, look)
    style.note(axes, style.short(content["name"], 80), look)
    return figure


def _order(content: Mapping[str, Any]) -> np.ndarray:
    """Return the denoisers from the best to the worst; what is no number comes last."""
    values = np.asarray(content["values"], dtype=float)
    return np.argsort(-values if content["better"] == "higher" else values, kind="stable")


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the denoisers from the best to the worst, with all their measures."""
    order = _order(content)
    measure = content["measure"]
    found = {
        "denoiser": np.array([str(content["titles"][i]) for i in order]),
        measure: np.asarray(content["values"], float)[order],
        f"{measure}, low": np.asarray(content["low"], float)[order],
        f"{measure}, high": np.asarray(content["high"], float)[order],
    }
    for name, values in content["table"].items():
        if name not in found:
            found[name] = np.asarray(values, float)[order]
    return found
