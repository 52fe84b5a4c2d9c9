"""The errors of samples: how they spread, along a recording, and how well they tell anomalies beside simple scores.

Content::

    "scores": float (N,)                 NaN where unknown
    "anomalous": int (N,) or None        1, 0, -1 where unknown
    "sample_names": str (N,)
    "unit": str                          of the errors
    "error": str, may lack               what the errors are; else mean squared ones
    "recording": float (R,) or None      the score along a recording
    "true_steps": float (R,) or None     its anomalous steps: above 0; NaN where unknown
    "measures": list of {"title": str, "values": {name: float}, "chance": float}
                                         the model's first; what a random score reaches
    "name": str                          of the model, as in the measures
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from explorer.analysis.figures import style
from explorer.analysis.figures.tables import with_unit
from explorer.analysis.look import FigureStyle
from explorer.errors import InputError

BINS = 40


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    if not np.isfinite(content["scores"]).any():
        raise InputError("no sample has an error to draw", remedy="Rank the samples with another model")
    figure = style.new_figure(look)
    measures, recording = content["measures"], content["recording"] is not None
    cells = [["errors", *(["measures"] * bool(measures))], *([["recording"] * (1 + bool(measures))] * recording)]
    grid: Any = figure.subplot_mosaic(cells, width_ratios=[3, 2][: len(cells[0])])  # type: ignore[arg-type] - lists of str
    marks = _errors(grid["errors"], content, look)
    if measures:
        marks += _measures(grid["measures"], content, look)
    if recording:
        _recording(grid["recording"], content, look)
    style.legend(figure, marks, look)
    return figure


def _errors(axes: Any, content: Mapping[str, Any], look: FigureStyle) -> list[Line2D]:
    """Draw how the errors spread, anomalies and others each to their own height, since anomalies are few."""
    palette, scores = style.palette_of(look), np.asarray(content["scores"], dtype=float)
    known = np.isfinite(scores)
    found = scores[known & (scores > 0)]
    log = len(found) > 1 and found.max() > 20 * found.min()
    low, high = (found.min(), found.max()) if log else (scores[known].min(), scores[known].max())
    high = high if high > low else low + 1.0
    edges = np.geomspace(low, high, BINS + 1) if log else np.linspace(low, high, BINS + 1)
    seen = np.clip(scores, edges[0], edges[-1])
    truth = content["anomalous"]
    groups = [("samples", palette.accent, known)]
    if truth is not None:
        truth = np.asarray(truth)
        groups = [("others", palette.accent, known & (truth == 0)), ("anomalies", palette.bad, known & (truth == 1))]
    marks = []
    for name, colour, chosen in groups:
        if chosen.any():
            weights = np.full(chosen.sum(), 100 / chosen.sum())
            axes.hist(seen[chosen], edges, weights=weights, color=colour, alpha=0.55, linewidth=0)
            marks.append(Line2D([], [], color=colour, alpha=0.55, lw=5, label=f"{name} ({chosen.sum():,})"))
    axes.set_xscale("log" if log else "linear")
    axes.set_xlabel(with_unit(content.get("error", "mean squared error"), content["unit"]))
    axes.set_ylabel("share (%)")
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.grid(axis="y")
    style.dress(axes, look)
    if log:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.xaxis.set_minor_formatter(NullFormatter())
    return marks


def _measures(axes: Any, content: Mapping[str, Any], look: FigureStyle) -> list[Line2D]:
    """Draw a row a measure: the model's dot, those of simple scores, and chance."""
    palette, measures = style.palette_of(look), content["measures"]
    for place, measure in enumerate(reversed(measures)):
        values = measure["values"]
        rivals = [value for name, value in values.items() if name != content["name"]]
        axes.plot(rivals, [place] * len(rivals), "o", ms=4, mfc="none", color=palette.muted)
        axes.plot(values[content["name"]], place, "o", ms=6, color=palette.bad)
        axes.plot([measure["chance"]] * 2, [place - 0.28, place + 0.28], color=palette.warn, lw=1.2)
    axes.set_yticks(range(len(measures)), [measure["title"] for measure in reversed(measures)])
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.6, len(measures) - 0.4))
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.grid(axis="x")
    style.dress(axes, look)
    return [
        Line2D([], [], color=palette.bad, marker="o", ls="none", ms=6, label=content["name"]),
        Line2D([], [], color=palette.muted, marker="o", mfc="none", ls="none", ms=4, label="simple scores"),
        Line2D([], [], color=palette.warn, lw=1.2, label="chance"),
    ]


def _recording(axes: Any, content: Mapping[str, Any], look: FigureStyle) -> None:
    """Draw the score along a recording, and which of its steps are anomalous."""
    palette, scores = style.palette_of(look), np.asarray(content["recording"], dtype=float)
    steps = np.arange(len(scores))
    axes.plot(steps, scores, color=palette.bad, lw=0.7, rasterized=len(scores) > 20_000)
    if content["true_steps"] is not None:
        true = np.concatenate([[0], np.nan_to_num(np.asarray(content["true_steps"], dtype=float)) > 0, [0]]).astype(int)
        for begin, end in zip(np.flatnonzero(np.diff(true) == 1), np.flatnonzero(np.diff(true) == -1), strict=True):
            axes.axvspan(begin - 0.5, end - 0.5, color=palette.warn, alpha=0.25, lw=0)
        style.note(axes, "shaded: anomalous steps", look)
    axes.set(xlabel="step of the recording", ylabel="error")
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.margins(x=0.01)
    style.dress(axes, look)


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return a row a sample, the largest error first: number, name, error, and whether it is an anomaly."""
    scores = np.asarray(content["scores"], dtype=float)
    order = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")
    columns = {"sample": order, "name": np.asarray(content["sample_names"])[order]}
    columns[with_unit(content.get("error", "mean squared error"), content["unit"])] = scores[order]
    if content["anomalous"] is not None:
        columns["anomaly"] = np.asarray(content["anomalous"])[order]
    return columns
