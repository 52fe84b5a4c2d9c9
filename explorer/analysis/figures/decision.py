"""Which class a model takes each point of a plane of samples to be: one panel for each way of telling it.

Content::

    "x", "y": float (G,)                 coordinates of the grid
    "classes": {panel: int (G, G)}       the likeliest class at (y, x)
    "confidence": {panel: float (G, G)}  its probability
    "likelihood": float (G, G) or None   log p(x) in nats
    "points": float (M, 2)               samples
    "labels": int (M,)                   their classes, -1 where unknown
    "class_names": list of str
    "accuracy": {panel: float}           may be empty
    "part": str                          that the accuracy is of
    "unit": str
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explorer.analysis.decision import edges, opacity
from explorer.analysis.figures import style
from explorer.analysis.figures.tables import with_unit
from explorer.analysis.look import FigureStyle

MOST_CLASSES = 12
"""Classes that the legend names."""
_AXES = ("component 1", "component 2")


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    figure, palette = style.new_figure(look), style.palette_of(look)
    names, labels = list(content["class_names"]), np.asarray(content["labels"], dtype=int)
    points = np.asarray(content["points"], dtype=float)
    left, right = edges(np.asarray(content["x"]))
    bottom, top = edges(np.asarray(content["y"]))
    grid: Any = figure.subplots(1, len(content["classes"]), sharex=True, sharey=True, squeeze=False)[0]
    shades = np.array([to_rgba(palette.class_color(label)) for label in range(len(names))])
    for axes, (name, classes) in zip(grid, content["classes"].items(), strict=True):
        image = shades[np.asarray(classes, dtype=int)]
        image[..., 3] = opacity(np.asarray(content["confidence"][name]), len(names))
        axes.imshow(image, origin="lower", extent=(left, right, bottom, top), interpolation="nearest", aspect="auto")
        axes.scatter(
            *points.T, s=_size(len(points)), c=[palette.class_color(int(label)) for label in labels],
            edgecolors=palette.field, linewidths=0.3, zorder=3, rasterized=len(points) > 5000,
        )  # fmt: skip
        axes.set(xlim=(left, right), ylim=(bottom, top))
        axes.set_title(name, fontsize=look.font_size, loc="center")
        axes.set_xlabel(with_unit(_AXES[0], content["unit"]))
        style.dress(axes, look)
    grid[0].set_ylabel(with_unit(_AXES[1], content["unit"]))
    style.legend(figure, _marks(content, look), look, title=_caption(content))
    return figure


def _size(count: int) -> float:
    return float(np.clip(2500 / max(count, 1), 5, 14))


def _marks(content: Mapping[str, Any], look: FigureStyle) -> list[Line2D]:
    """Return a mark of each class that is seen, of the most frequent ones where there are many."""
    palette, names = style.palette_of(look), list(content["class_names"])
    labels = np.asarray(content["labels"], dtype=int)
    told = [np.asarray(each, dtype=int).ravel() for each in content["classes"].values()]
    counts = np.bincount(np.concatenate([labels[labels >= 0], *told]), minlength=len(names))
    seen = [int(label) for label in np.argsort(-counts, kind="stable") if counts[label]]
    marks = [_mark(palette.class_color(i), style.short(names[i], 20)) for i in sorted(seen[:MOST_CLASSES])]
    if len(seen) > MOST_CLASSES:
        marks.append(Line2D([], [], ls="none", label=f"and {len(seen) - MOST_CLASSES} more"))
    if (labels < 0).any():
        marks.append(_mark(palette.unlabelled, "no label"))
    return marks


def _mark(colour: str, label: str) -> Line2D:
    return Line2D([], [], marker="o", ls="none", mec=colour, mfc=colour, ms=4.5, label=label)


def _caption(content: Mapping[str, Any]) -> str:
    told = ", ".join(f"{name} {value:.1%}" for name, value in content["accuracy"].items())
    return f"right on {content['part']} samples: {told}" if told else ""


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return a row a point of the grid: its place, and what each panel says there."""
    across, up = np.meshgrid(np.asarray(content["x"]), np.asarray(content["y"]))
    unit, names = content["unit"], np.array(content["class_names"], dtype=str)
    columns = {with_unit(_AXES[0], unit): across.ravel(), with_unit(_AXES[1], unit): up.ravel()}
    for name, classes in content["classes"].items():
        columns[f"{name} class"] = names[np.asarray(classes, dtype=int).ravel()]
        columns[f"{name} probability"] = np.asarray(content["confidence"][name]).ravel()
    if content["likelihood"] is not None:
        columns["log p(x) (nats)"] = np.asarray(content["likelihood"]).ravel()
    return columns
