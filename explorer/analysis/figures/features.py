"""How well simple predictors read a target out of a code, beside raw values and PCA: a dot plot over folds.

Content::

    "rows": list of {"features": str, "probe": str, "mean": float, "sd": float, "folds": list of float}
    "measure": str       what the axis measures: "accuracy", "R²"
    "baseline": float    what trivial guessing reaches
    "baseline_name": str
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explorer.analysis.figures import style
from explorer.analysis.look import FigureStyle


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette, rows = style.palette_of(look), content["rows"]
    probes = list(dict.fromkeys(row["probe"] for row in rows))
    figure = style.new_figure(look)
    grid: Any = figure.subplots(len(probes), 1, sharex=True, squeeze=False)[:, 0]
    for axes, probe in zip(grid, probes, strict=True):
        own = [row for row in rows if row["probe"] == probe]
        best = max(row["mean"] for row in own)
        for place, row in enumerate(reversed(own)):
            colour = palette.accent if row["mean"] == best else palette.muted
            axes.plot(row["folds"], [place] * len(row["folds"]), "o", ms=2.5, color=colour, alpha=0.4)
            axes.errorbar(row["mean"], place, xerr=row["sd"], fmt="o", ms=5, color=colour, lw=1.5)
        axes.axvline(content["baseline"], color=palette.warn, lw=0.9, ls="--")
        axes.set_yticks(range(len(own)), [row["features"] for row in reversed(own)])
        axes.set_ylim(-0.6, len(own) - 0.4)
        axes.grid(axis="x")
        style.dress(axes, look)
        style.note(axes, probe, look)
    grid[-1].set_xlabel(f"{content['measure']} on held-out folds")
    marks = [
        Line2D([], [], color=palette.accent, marker="o", lw=1.5, label="mean ± sd, the best of a predictor"),
        Line2D([], [], color=palette.muted, marker="o", lw=1.5, label="the others"),
        Line2D([], [], color=palette.warn, ls="--", lw=0.9, label=content["baseline_name"]),
    ]
    style.legend(figure, marks, look)
    return figure


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return a row a predictor and features, with mean, standard deviation and number of folds."""
    rows = content["rows"]
    columns = {name: np.array([row[name] for row in rows]) for name in ("probe", "features", "mean", "sd")}
    return columns | {"folds": np.array([len(row["folds"]) for row in rows])}
