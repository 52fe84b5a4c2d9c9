"""The map: two coordinates of every code, or three as a camera sees them, coloured.

Content::

    "codes": float (N, D)            the two or three coordinates that are shown
    "axis_names": list of D str
    "sample_names": str (N,)
    "colour_kind": "class" | "value" | ""
    "colour_name": str               what the colours stand for
    "colours": int (N,) classes, -1 for none; or float (N,) values, NaN for none; or None
    "class_names": list of str
    "selection": int (S,)            samples to ring
    "handle": float (D,) or None
    "view": [left, right, bottom, top] or None    what part is shown; by default all
    "camera": float (3, 3) or None   how three coordinates are turned (`explorer.analysis.camera.Camera`)
    "equal": bool                    whether a unit is as long along all three
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, ListedColormap, Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explorer.analysis.figures import space, style
from explorer.analysis.look import FigureStyle
from explorer.analysis.palette import SEQUENTIAL
from explorer.errors import InputError

MAX_LEGEND = 12
"""Classes beyond which a colour bar names them instead of a legend."""
MAX_VECTOR_POINTS = 20_000
"""Points beyond which SVG and PDF hold them as a picture; axes and text stay vectors."""
SHADES = 64
"""Colours of a continuous column."""
LAYERS = 40
"""In which dense points are drawn."""
DOTS = 0.5
"""Depth at which points lie: below all else."""


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    codes = np.asarray(content["codes"], dtype=float)
    known = np.asarray(np.isfinite(codes).all(axis=1))
    if not known.any():
        raise InputError("there are no codes to draw", remedy="Train a model first")
    palette = style.palette_of(look)
    figure = style.new_figure(look)
    axes = figure.add_subplot()
    handle, depth = content["handle"], None
    if codes.shape[1] == 3:
        codes, depth, handle = space.place(axes, codes, content, look)
    handles = _points(figure, axes, codes, known, depth, content, look)
    selection = np.asarray(content["selection"], dtype=int)
    selection = selection[known[selection]]
    if len(selection):
        size = _size(len(codes)) * 1.9 + 9
        x, y = codes[selection].T
        rings = {"facecolors": "none", "edgecolors": palette.text, "linewidths": 0.7}
        axes.scatter(x, y, s=size, rasterized=len(selection) > MAX_VECTOR_POINTS, zorder=4, **rings)
        handles.append(_mark("o", palette.text, "none", f"selected ({len(selection)})"))
    if handle is not None:
        _draw_handle(axes, np.asarray(handle, dtype=float), look)
        ring = _mark("o", palette.accent, "none", "handle", 8)
        handles.append((ring, _mark("o", palette.accent, palette.accent, "handle", 3.5)))
    if content["view"] is not None:
        left, right, bottom, top = content["view"]
        axes.set(xlim=(left, right), ylim=(bottom, top))
    elif depth is None:
        axes.margins(0.04)
    if depth is None:
        axes.set_xlabel(content["axis_names"][0])
        axes.set_ylabel(content["axis_names"][1])
    if not known.all():
        style.note(axes, f"showing {known.sum()} of {len(codes)}: the others have no code", look)
    style.dress(axes, look)
    style.legend(figure, handles, look, side="right" if len(handles) > 3 else "top")
    return figure


def _size(n: int) -> float:
    """Return the area of a point (pt²): smaller where there are many."""
    return float(np.clip(20_000.0 / n, 1.0, 16.0))


def _points(
    figure: Figure,
    axes: Axes,
    codes: np.ndarray,
    known: np.ndarray,
    depth: np.ndarray | None,
    content: Mapping[str, Any],
    look: FigureStyle,
) -> list[style.Mark]:
    """Draw the points and what tells their colours; return the legend's marks."""
    palette, kind = style.palette_of(look), content["colour_kind"]
    if kind == "class":
        return _classes(figure, axes, codes, known, depth, content, look)
    if kind != "value":
        _dots(axes, codes, np.where(known, 0, -1), [palette.classes[0]], depth)
        return []
    values = np.asarray(content["colours"], dtype=float)
    seen = np.isfinite(values) & known
    colours = LinearSegmentedColormap.from_list("sequential", SEQUENTIAL, N=SHADES)
    low, high = (values[seen].min(), values[seen].max()) if seen.any() else (0.0, 1.0)
    scale = Normalize(low, high if high > low else low + 1.0)
    shades = np.clip((scale(np.where(seen, values, low)) * SHADES).astype(int), 0, SHADES - 1)
    groups = np.where(known, np.where(seen, shades, SHADES), -1)
    _dots(axes, codes, groups, [*map(to_hex, colours(np.arange(SHADES))), palette.unlabelled], depth)
    if seen.any():
        _bar(figure, axes, ScalarMappable(scale, colours), style.short(content["colour_name"], 40), look)
    if (known & ~seen).any():
        return [_mark("o", palette.unlabelled, palette.unlabelled, "no value", 4.5)]
    return []


def _classes(
    figure: Figure,
    axes: Axes,
    codes: np.ndarray,
    known: np.ndarray,
    depth: np.ndarray | None,
    content: Mapping[str, Any],
    look: FigureStyle,
) -> list[style.Mark]:
    palette = style.palette_of(look)
    classes = np.asarray(content["colours"], dtype=int)
    names = list(content["class_names"])
    handles: list[style.Mark] = []
    if len(names) <= MAX_LEGEND:
        colours = [palette.class_color(index) for index in range(len(names))]
        present = np.unique(classes[known & (classes >= 0)])
        handles += [_mark("o", colours[i], colours[i], style.short(names[i]), 4.5) for i in present]
    else:
        base = LinearSegmentedColormap.from_list("sequential", SEQUENTIAL)
        colours = [to_hex(base(i / (len(names) - 1))) for i in range(len(names))]
        scale = Normalize(-0.5, len(names) - 0.5)
        bar = _bar(
            figure, axes, ScalarMappable(scale, ListedColormap(colours)), style.short(content["colour_name"], 40), look
        )
        fit = max(2, int(look.height_mm / 25.4 * 72 / (look.font_size * 1.8)))
        ticks = range(0, len(names), -(-len(names) // fit))
        bar.set_ticks(list(ticks), labels=[style.short(names[i], 20) for i in ticks])
    groups = np.where(known, np.where(classes >= 0, classes, len(names)), -1)
    _dots(axes, codes, groups, [*colours, palette.unlabelled], depth)
    if (known & (classes < 0)).any():
        handles.append(_mark("o", palette.unlabelled, palette.unlabelled, "no label", 4.5))
    return handles


def _dots(axes: Axes, codes: np.ndarray, groups: np.ndarray, colours: list[str], depth: np.ndarray | None) -> None:
    """Draw a point a code, in the colour of its group; those of group -1 are left out.

    The order is random, so that the last group does not lie on top of all others; of points in depth the nearest come
    last, larger and clearer.
    """
    rng = np.random.default_rng(0)
    order = rng.permutation(np.flatnonzero(groups >= 0))
    area, alpha = _size(len(codes)), 0.85 if len(codes) < 5000 else 0.6
    if depth is not None:
        order = order[np.argsort(depth[order], kind="stable")]
    if len(order) <= MAX_VECTOR_POINTS:
        shown = np.array(colours)[groups[order]]
        if depth is None:
            axes.scatter(*codes[order].T, s=area, c=shown, alpha=alpha, linewidths=0, zorder=DOTS)
        else:
            near = (depth[order] + 1) / 2
            sizes, clear = area * (0.6 + 0.9 * near), 0.45 + 0.5 * near
            # The stubs know one alpha for all only.
            axes.scatter(*codes[order].T, s=sizes, c=shown, alpha=clear, linewidths=0, zorder=DOTS)  # type: ignore[arg-type]
        return
    # Lines of markers are drawn ten times as fast as a scatter; in several layers the groups still mix.
    axes.set_rasterization_zorder(DOTS + 0.1)
    for layer in np.array_split(order, LAYERS):
        for group in rng.permutation(np.unique(groups[layer])):
            x, y = codes[layer[groups[layer] == group]].T
            size = area if depth is None else area * (1.05 + 0.45 * depth[layer].mean())
            axes.plot(x, y, "o", ms=size**0.5, mew=0, color=colours[group], alpha=alpha, zorder=DOTS)


def _bar(figure: Figure, axes: Axes, colours: ScalarMappable, label: str, look: FigureStyle) -> Any:
    bar = figure.colorbar(colours, ax=axes, pad=0.02, aspect=32)
    bar.outline.set_visible(False)
    bar.set_label(label)
    style.dress(bar.ax, look)
    return bar


def _draw_handle(axes: Axes, at: np.ndarray, look: FigureStyle) -> None:
    palette = style.palette_of(look)
    axes.scatter(*at, s=130, color=palette.field, alpha=0.75, linewidths=0, zorder=5)
    axes.scatter(*at, s=130, facecolors="none", edgecolors=palette.accent, linewidths=1.4, zorder=6)
    axes.scatter(*at, s=36, color=palette.accent, edgecolors=palette.field, linewidths=0.8, zorder=7)


def _mark(marker: str, edge: str, face: str, label: str, size: float = 6) -> Line2D:
    return Line2D([], [], marker=marker, ls="none", mec=edge, mfc=face, mew=0.8, ms=size, label=label)


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return a row a sample: number, name, coordinates, whether it is selected, and what colours it."""
    codes = np.asarray(content["codes"])
    selected = np.zeros(len(codes), dtype=np.int8)
    selected[np.asarray(content["selection"], dtype=int)] = 1
    columns = {
        "sample": np.arange(len(codes)),
        "name": np.asarray(content["sample_names"]),
        **{name: codes[:, i] for i, name in enumerate(content["axis_names"])},
    }
    columns["selected"] = selected
    title = content["colour_name"]
    if title in columns:
        title += " (colour)"
    if content["colour_kind"] == "class":
        names = np.array([*content["class_names"], ""])
        columns[title] = names[np.asarray(content["colours"], dtype=int)]
    elif content["colour_kind"] == "value":
        columns[title] = np.asarray(content["colours"])
    return columns
