"""A sample and the classes of its steps or pixels: bands below curves, or a tint over pictures.

Content: the facts of `explorer.analysis.figures.samples`, and::

    "sample": float, sample shape
    "masks": {name: int (T,) or (H, W)}    such as "predicted" and "true"; 0 is the background, -1 unknown
    "class_names": list of str             of the masks' classes, the background first
    "sample_name": str
    "metrics": {name: float}               of the prediction; may be empty
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explorer.analysis.figures import style
from explorer.analysis.figures.samples import as_picture
from explorer.analysis.figures.tables import columns_of, with_unit
from explorer.analysis.look import FigureStyle

_TINT = 0.55


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    figure = style.new_figure(look)
    (_pictures if content["layout"] == "image" else _curves)(figure, content, look)
    palette = style.palette_of(look)
    marks = [
        Line2D([], [], color=palette.class_color(label), lw=5, label=style.short(name))
        for label, name in enumerate(content["class_names"])
        if label > 0
    ]
    style.legend(figure, marks, look, title=_caption(content))
    return figure


def _caption(content: Mapping[str, Any]) -> str:
    found = [f"{title} {content['metrics'][key]:.3f}" for key, title in (("iou", "IoU"), ("dice", "Dice"))
             if key in content["metrics"]]  # fmt: skip
    return ", ".join([f"sample {style.short(content['sample_name'])}", *found])


def _colours(mask: np.ndarray, look: FigureStyle, background: float) -> np.ndarray:
    """Return a mask as colours with opacity ``(*mask.shape, 4)``; the background has its own, the unknown none."""
    palette = style.palette_of(look)
    colours = np.zeros((*mask.shape, 4))
    for label in np.unique(mask[mask >= 0]):
        colour = palette.muted if label == 0 else palette.class_color(int(label))
        colours[mask == label] = to_rgba(colour, background if label == 0 else 1.0)
    return colours


def _pictures(figure: Figure, content: Mapping[str, Any], look: FigureStyle) -> None:
    masks = content["masks"]
    grid: Any = figure.subplots(1, 1 + len(masks), squeeze=False)[0]
    image, rgb = as_picture(np.asarray(content["sample"]))
    for axes, (name, mask) in zip(grid, [("sample", None), *masks.items()], strict=True):
        if rgb:
            axes.imshow(np.clip(image if image.max() <= 1.0 else image / 255.0, 0.0, 1.0), interpolation="nearest")
        else:
            axes.imshow(image, cmap="gray", interpolation="nearest")
        if mask is not None:
            tint = _colours(np.asarray(mask), look, 0.0)
            tint[..., 3] *= _TINT
            axes.imshow(tint, interpolation="nearest")
        axes.set_title(name, fontsize=look.font_size, loc="center")
        axes.set(xticks=[], yticks=[])


def _curves(figure: Figure, content: Mapping[str, Any], look: FigureStyle) -> None:
    masks, palette = content["masks"], style.palette_of(look)
    grid: Any = figure.subplots(1 + len(masks), 1, sharex=True, squeeze=False, height_ratios=(4, *[0.5] * len(masks)))[
        :, 0
    ]
    time = np.asarray(content["time"], dtype=float)
    sample = np.asarray(content["sample"])
    curves = sample.reshape(len(sample), -1)
    for channel in range(curves.shape[1]):
        colour = palette.text if curves.shape[1] == 1 else palette.class_color(channel)
        grid[0].plot(time, curves[:, channel], color=colour, lw=1.0)
    grid[0].set_ylabel(with_unit("value", content["unit"]))
    middles = (time[1:] + time[:-1]) / 2
    edges = np.concatenate([[time[0]], middles, [time[-1]]])
    for axes, (name, mask) in zip(grid[1:], masks.items(), strict=True):
        colours = _colours(np.asarray(mask), look, 0.25)
        axes.bar(edges[:-1], 1.0, width=np.diff(edges), align="edge", color=colours, linewidth=0)
        axes.set(yticks=[], ylim=(0, 1))
        axes.set_ylabel(name, rotation=0, ha="right", va="center")
        axes.spines["left"].set_visible(False)
    for axes in grid:
        style.dress(axes, look)
        axes.margins(x=0.01)
    grid[-1].set_xlabel(content["time_label"])


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the sample and its masks as columns: a row a step, feature or pixel."""
    columns = columns_of(content, {"sample": np.asarray(content["sample"])})
    return columns | {f"{name} class": np.asarray(mask).reshape(-1) for name, mask in content["masks"].items()}
