"""Decoded samples beside each other, each under a few words: the steps of a path, or what was drawn at random.

Content: the facts of `explorer.analysis.figures.samples`, and::

    "samples": (M, *sample shape)     in the data's own units, or tokens
    "texts": list of str              of sentences what they say; else empty
    "names": list of str              of each: "A", "25 %", "B"
    "near": int (M,) or None          how many real samples are near
    "ranges": float (C, 2)            least and greatest value of each channel, or one row for all
    "title": str
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.figures.rolls import draw_rolls
from explorer.analysis.figures.samples import as_picture
from explorer.analysis.figures.tables import columns_of
from explorer.analysis.look import FigureStyle
from explorer.errors import InputError

_LEAST_MM = 15.0
"""Width of a sample; of more than fit the figure, evenly many are drawn."""
_LEAST_TALL_MM = 15.0


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    samples = np.asarray(content["samples"])
    if not len(samples):
        raise InputError("there is no step to draw", remedy="Mark two places first")
    figure = style.new_figure(look)
    captions = _captions(content)
    if content["layout"] == "text":
        _sentences(figure, content, captions, look)
        return figure
    if content["layout"] == "notes":
        rows = _evenly(len(samples), max(1, int((look.height_mm - 20) / _LEAST_TALL_MM)))
        colour = style.palette_of(look).decoded
        rolls = [(captions[row], samples[row], colour, False) for row in rows]
        draw_rolls(figure, content, rolls, look, _title(content, len(rows)))
        return figure
    columns = min(len(samples), max(1, int(look.width_mm / max(_LEAST_MM, 1.4 * look.font_size))))
    most = max(1, int((look.height_mm - 8) / (_LEAST_TALL_MM + look.font_size * 0.8)))
    shown = _evenly(len(samples), columns * most)
    columns = math.ceil(len(shown) / math.ceil(len(shown) / columns))
    grid: Any = figure.subplots(math.ceil(len(shown) / columns), columns, squeeze=False)
    for axes, row in zip(grid.flat, shown, strict=False):
        _draw_small(axes, samples[row], content, look)
        axes.set_title(captions[row], fontsize=look.font_size * 0.8, color=style.palette_of(look).muted)
    for axes in grid.flat[len(shown) :]:
        axes.set_axis_off()
    if title := _title(content, len(shown)):
        figure.suptitle(style.wrapped(title, look), fontsize=look.font_size * 0.85, color=style.palette_of(look).muted)
    return figure


def _evenly(count: int, most: int) -> list[int]:
    """Return evenly many of `count`, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return np.linspace(0, count - 1, most).round().astype(int).tolist() if most > 1 else [0]


def _title(content: Mapping[str, Any], shown: int) -> str:
    count = len(content["samples"])
    part = f"showing {shown} of {count}" if shown < count else ""
    return ", ".join(filter(None, (str(content["title"]), part)))


def _captions(content: Mapping[str, Any]) -> list[str]:
    names, near = list(content["names"]), content["near"]
    if near is None:
        return [style.short(name, 12) for name in names]
    return [f"{style.short(name, 12)}\n{count} near" for name, count in zip(names, near, strict=True)]


def _draw_small(axes: Axes, sample: np.ndarray, content: Mapping[str, Any], look: FigureStyle) -> None:
    palette, layout = style.palette_of(look), content["layout"]
    ranges = np.asarray(content["ranges"], dtype=float)
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(visible=True, color=palette.line, lw=0.6)
    if layout == "image":
        image, rgb = as_picture(sample)
        low, high = ranges[0]
        if rgb:
            axes.imshow(np.clip((image - low) / (high - low), 0, 1), interpolation="nearest")
        else:
            axes.imshow(image, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
        return
    if layout == "points":
        axes.bar(np.arange(len(sample)), sample, width=0.7, color=palette.decoded)
        axes.set_ylim(min(0.0, float(ranges[:, 0].min())), max(0.0, float(ranges[:, 1].max())))
        return
    curves = sample[:, None] if sample.ndim == 1 else sample
    low, high = ranges[:, 0], ranges[:, 1]
    several = curves.shape[1] > 1
    for channel in range(curves.shape[1]):
        row = min(channel, len(low) - 1)
        share = (curves[:, channel] - low[row]) / (high[row] - low[row])
        colour = palette.class_color(channel) if several else palette.decoded
        axes.plot(np.arange(len(curves)), share, color=colour, lw=1.0)
    axes.set_ylim(-0.08, 1.08)


def _sentences(figure: Figure, content: Mapping[str, Any], captions: list[str], look: FigureStyle) -> None:
    line_mm = look.font_size * 0.55
    shown = _evenly(len(captions), max(1, int((look.height_mm - 8) / (2.6 * line_mm))))
    grid: Any = figure.subplots(len(shown), 1, squeeze=False)
    palette = style.palette_of(look)
    for (axes,), row in zip(grid, shown, strict=True):
        axes.set_axis_off()
        caption = captions[row].replace("\n", ", ")
        axes.text(0.0, 0.5, caption, va="center", fontsize=look.font_size * 0.75, color=palette.muted)
        text = style.short(content["texts"][row], max(8, int(look.width_mm / (look.font_size * 0.27))))
        axes.text(0.22, 0.5, text, va="center", fontsize=look.font_size, color=palette.text)
    if title := _title(content, len(shown)):
        figure.suptitle(style.wrapped(title, look), fontsize=look.font_size * 0.85, color=palette.muted)


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the samples as columns by their names; of sentences a row each."""
    names = [f"{place + 1}: {name}" for place, name in enumerate(content["names"])]
    if content["layout"] == "text":
        columns = {"name": np.array(content["names"]), "text": np.array(content["texts"])}
        return columns if content["near"] is None else {**columns, "samples near": np.asarray(content["near"])}
    return columns_of(content, dict(zip(names, np.asarray(content["samples"]), strict=True)))
