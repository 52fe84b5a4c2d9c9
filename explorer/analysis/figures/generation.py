"""Generated against real, variable by variable: their marginals, how often they are there, and their correlations.

Content::

    "names": list of str (C)           of the variables
    "ks": float (C,)                   distance of the marginals (Kolmogorov-Smirnov), NaN where none is known
    "real_rate", "made_rate": float (C,)    share of the steps at which each is there
    "real_correlation", "made_correlation": float (P,)    of the pairs of variables for which both are known
    "name": str                        of the run
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.look import FigureStyle

MOST = 24
"""Variables whose bars are drawn; those with the greatest distance."""

NARROW = 120
"""Millimetres below which the squares stand below each other."""


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    real, made = (np.asarray(content[f"{what}_rate"], float) for what in ("real", "made"))
    squares = []
    if len(content["real_correlation"]):
        squares.append(("correlation", content["real_correlation"], content["made_correlation"], (-1.05, 1.05)))
    if (real < 1).any() or (made < 1).any():
        squares.append(("share measured", real, made, (-0.03, 1.03)))
    figure = style.new_figure(look)
    beside = "BC"[: len(squares)]
    rows: Any = [["A", each] for each in beside] if look.width_mm < NARROW else [["A", *beside]]
    grid: Any = list(figure.subplot_mosaic(rows or [["A"]]).values())
    _marginals(grid[0], content, palette.accent, look)
    for axes, (what, own, other, limits) in zip(grid[1:], squares, strict=True):
        axes.plot(limits, limits, color=palette.muted, lw=0.8, ls="--")
        axes.plot(own, other, "o", ms=3, alpha=0.6, color=palette.accent, mew=0)
        axes.set_xlim(limits)
        axes.set_ylim(limits)
        axes.set_xlabel("real")
        axes.set_ylabel("generated")
        style.dress(axes, look)
        style.note(axes, what, look)
    return figure


def _marginals(axes: Axes, content: Mapping[str, Any], colour: str, look: FigureStyle) -> None:
    ks = np.asarray(content["ks"], float)
    order = np.argsort(-np.nan_to_num(ks, nan=-1.0), kind="stable")[:MOST][::-1]
    axes.barh(np.arange(len(order)), np.nan_to_num(ks[order]), color=colour, height=0.7)
    axes.set_yticks(np.arange(len(order)), [style.short(str(content["names"][i])) for i in order])
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.set_xlim(0, max(0.1, 1.1 * float(np.nan_to_num(ks).max(initial=0.0))))
    axes.set_xlabel("KS distance" if len(ks) <= MOST else f"KS, the {MOST} greatest")
    axes.grid(axis="x")
    style.dress(axes, look)


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return a row a variable."""
    names = np.array([str(name) for name in content["names"]])
    rates = {f"share measured, {what}": np.asarray(content[f"{key}_rate"]) for what, key in _WHO.items()}
    return {"variable": names, "KS": np.asarray(content["ks"])} | rates


_WHO = {"real": "real", "generated": "made"}
