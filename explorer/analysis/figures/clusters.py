"""The clusters among codes: how large each is, and of which labels, as bars of shares.

Content::

    "cluster": int (N,)          of each sample, -1 for noise
    "label": int (N,) or None    -1 where unknown
    "class_names": list of str   of the labels
    "method": str
    "scores": {title: float}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explorer.analysis.figures import style
from explorer.analysis.look import FigureStyle
from explorer.errors import InputError

MOST = 16
"""Clusters that have a bar; the smaller ones share one."""
MOST_CLASSES = 10
"""Classes that have a colour; the rarer ones share one."""


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    names, classes, counts = _table(content)
    if not counts.sum():
        raise InputError("there are no clusters to draw", remedy="Find some first")
    palette = style.palette_of(look)
    names, counts = _joined(names, counts)
    figure = style.new_figure(look)
    axes: Any = figure.add_subplot()
    places = np.arange(len(names))[::-1]
    marks = []
    if len(classes):
        shown = np.argsort(-counts[:, : len(classes)].sum(axis=0), kind="stable")[:MOST_CLASSES]
        rest = counts.sum(axis=1) - counts[:, shown].sum(axis=1)
        shares = [(classes[i], palette.class_color(int(i)), counts[:, i]) for i in sorted(shown)]
        if rest.any():
            left = "no label" if len(classes) <= MOST_CLASSES else "other, or no label"
            shares.append((left, palette.unlabelled, rest))
        marks = [Line2D([], [], color=colour, lw=5, label=style.short(name)) for name, colour, _ in shares]
    else:
        shares = [("", palette.accent, counts.sum(axis=1))]
    begun = np.zeros(len(names))
    for _, colour, share in shares:
        axes.barh(places, share, left=begun, height=0.72, color=colour, linewidth=0)
        begun += share
    axes.set_yticks(places, names)
    axes.set_xlabel("samples")
    axes.margins(y=0.02)
    axes.grid(axis="x")
    style.dress(axes, look)
    found = [content["method"], *(f"{title} {value:.3f}" for title, value in content["scores"].items())]
    style.note(axes, ", ".join(found), look)
    style.legend(figure, marks, look)
    return figure


def _table(content: Mapping[str, Any]) -> tuple[list[str], list[str], np.ndarray]:
    """Return the clusters' names, the classes', and counts ``(clusters, classes + 1)``, the last without a label."""
    cluster = np.asarray(content["cluster"], dtype=int)
    classes = [] if content["label"] is None else list(content["class_names"])
    label = np.full(len(cluster), -1) if content["label"] is None else np.asarray(content["label"], dtype=int)
    count = int(cluster.max(initial=-1)) + 1
    names = [f"cluster {i}" for i in range(count)] + ["noise"] * bool((cluster < 0).any())
    rows, columns = np.where(cluster < 0, count, cluster), np.where(label < 0, len(classes), label)
    counts = np.zeros((len(names), len(classes) + 1), dtype=int)
    np.add.at(counts, (rows, columns), 1)
    return names, classes, counts


def _joined(names: list[str], counts: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Put the clusters after the first ones, which are the largest, together; noise stays by itself."""
    noise = names[-1:] == ["noise"]
    last = len(names) - noise
    if last <= MOST:
        return names, counts
    kept = [*names[: MOST - 1], f"{last - MOST + 1} more", *names[last:]]
    return kept, np.vstack([counts[: MOST - 1], counts[MOST - 1 : last].sum(axis=0), counts[last:]])


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return a row a cluster: how many samples, and how many of each class."""
    names, classes, counts = _table(content)
    columns = {"cluster": np.array(names, dtype=str), "samples": counts.sum(axis=1)}
    return columns | {f"of class {name}": counts[:, i] for i, name in enumerate(classes)}
