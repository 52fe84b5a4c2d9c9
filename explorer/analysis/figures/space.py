"""A map of three coordinates on paper: the points as a camera sees them, in a box whose edges are the axes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from explorer.analysis.camera import Camera, Stage
from explorer.analysis.figures import style
from explorer.analysis.look import FigureStyle

_CORNERS = np.array(list(itertools.product((-1.0, 1.0), repeat=3)))
_SEEN = 0.15  # of an edge's length: where the camera sees less of it, it is not named
_ROOM = 0.5  # of the radius: shorter edges have no room for the values at their ends
_INSIDE = 0.13  # of an edge: where the value at its end is written, so that two do not meet at a corner


def place(
    axes: Axes, codes: np.ndarray, content: Mapping[str, Any], look: FigureStyle
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Draw the box, and return what is drawn in it.

    Returns
    -------
    points : ndarray ``(N, 2)``
        In the plane of the paper.
    depth : ndarray ``(N,)``
        From -1 (far) to 1 (near).
    handle : ndarray ``(2,)`` or None
    """
    camera = Camera.from_json(content["camera"]) or Camera.start()
    stage = Stage.of(codes, equal=content["equal"])
    seen = camera.view(stage.put(codes))
    _box(axes, camera, stage, content["axis_names"], look)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.margins(0.09)  # for the names beside the box
    handle = content["handle"]
    if handle is not None:
        handle = camera.view(stage.put(np.asarray(handle, dtype=float))[None])[0, :2]
    return seen[:, :2], seen[:, 2] / stage.radius, handle


def _box(axes: Axes, camera: Camera, stage: Stage, names: list[str], look: FigureStyle) -> None:
    """Draw the edges that do not lie before the points, and along three of them the axes' names and ends."""
    palette = style.palette_of(look)
    seen = camera.view(_CORNERS * stage.half)
    nearest = int(np.argmax(seen[:, 2]))
    for i in range(3):
        edges = [(a, a ^ (4 >> i)) for a in range(8) if not a & (4 >> i)]  # from the low to the high end of axis i
        for a, b in edges:
            if nearest not in (a, b):
                axes.plot(*seen[[a, b], :2].T, color=palette.line, lw=0.6, zorder=0.2)
        shown = [edge for edge in edges if nearest not in edge]
        # The edge that is farthest out, and lower rather than upper, has nothing but paper beside it.
        a, b = max(shown, key=lambda edge: _outside(seen[list(edge), :2]))
        middle, edge = seen[[a, b], :2].mean(axis=0), seen[b, :2] - seen[a, :2]
        length = float(np.hypot(*edge))
        if length < _SEEN * 2 * stage.half[i] or not length:
            continue  # it points at the eye: there is no length to name
        out = np.array([edge[1], -edge[0]]) / length  # across the edge, away from the middle of the box
        out = out if out @ middle > 0 else -out
        size = look.font_size
        side = "left" if out[0] > 0.5 else "right" if out[0] < -0.5 else "center"
        steep = abs(out[0]) > 0.8  # beside a steep edge a name stands upright
        words = [(style.short(names[i], 40), middle, 2.2 if steep else 1.9, size)]
        if length > _ROOM * stage.radius:
            words += [
                (_end(stage, i, -1), seen[a, :2] + _INSIDE * edge, 1.1, 0.85 * size),
                (_end(stage, i, 1), seen[b, :2] - _INSIDE * edge, 1.1, 0.85 * size),
            ]
        for number, (text, at, away, height) in enumerate(words):
            upright = steep and number == 0
            axes.annotate(
                text, (at[0], at[1]), xytext=(out[0] * away * size, out[1] * away * size), textcoords="offset points",
                ha="center" if upright else side, va="center", rotation=90 if upright else 0, fontsize=height,
                color=palette.text, annotation_clip=False,
            )  # fmt: skip


def _outside(edge: np.ndarray) -> float:
    x, y = edge.mean(axis=0)
    return float(np.hypot(x, y) - 0.5 * y)


def _end(stage: Stage, axis: int, side: int) -> str:
    """Return the value at an end of the box along an axis."""
    value = stage.centre[axis] + side * stage.half[axis] / stage.scale[axis]
    return f"{value:.3g}".replace("-", "−")
