"""Accuracy by the number of labels, from several starts: means with a band of one standard deviation over seeds.

Content::

    "counts": int (F,)                     numbers of labelled samples
    "accuracies": {name: float (S, F)}     a row a seed: "pre-trained encoder", "from scratch"
    "baseline": float                      what the most frequent class reaches
    "name": str                            of the run
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
    palette = style.palette_of(look)
    counts = np.asarray(content["counts"])
    figure = style.new_figure(look)
    axes: Any = figure.add_subplot()
    marks = []
    for place, (name, scores) in enumerate(content["accuracies"].items()):
        mean, sd = _mean(scores), _sd(scores)
        colour = palette.class_color(place)
        axes.fill_between(counts, mean - sd, mean + sd, color=colour, alpha=0.18, lw=0)
        axes.plot(counts, mean, color=colour, marker="o", ms=4)
        marks.append(Line2D([], [], color=colour, marker="o", ms=4, label=name))
    axes.axhline(content["baseline"], color=palette.muted, lw=0.9, ls="--")
    marks.append(Line2D([], [], color=palette.muted, lw=0.9, ls="--", label="most frequent class"))
    if len(counts) > 1:
        axes.set_xscale("log")
    axes.set_xticks(counts, [f"{count:,}" for count in counts])
    axes.minorticks_off()
    axes.set(xlabel="labelled samples", ylabel="accuracy on the test part")
    axes.grid(axis="y")
    style.dress(axes, look)
    style.note(axes, style.short(content["name"], 60), look)
    style.legend(figure, marks, look)
    return figure


def _mean(scores: np.ndarray) -> np.ndarray:
    return np.asarray(scores, dtype=float).mean(axis=0)


def _sd(scores: np.ndarray) -> np.ndarray:
    scores = np.asarray(scores, dtype=float)
    return scores.std(axis=0, ddof=1) if len(scores) > 1 else np.zeros(scores.shape[1])


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the numbers of labels, and mean and standard deviation of each start."""
    columns = {"labels": np.asarray(content["counts"])}
    for name, scores in content["accuracies"].items():
        columns |= {f"{name}, mean": _mean(scores), f"{name}, sd": _sd(scores)}
    return columns
