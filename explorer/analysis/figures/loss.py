"""The loss of a training, epoch by epoch: one panel for each term.

Content::

    "epochs": int (E,)
    "terms": {name: {"train": float (E,), "validation": float (E,)}}    NaN where there is none; "loss" is the sum
    "best_epoch": int    whose weights were kept; 0 for none
    "phases": [[int, str]]    first epoch and name of each phase, where it has several
    "name": str          of the run
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from explorer.analysis.figures import style
from explorer.analysis.look import FigureStyle
from explorer.errors import InputError

LOG_RATIO = 30.0
"""A term whose largest value is this many times its smallest is drawn on a logarithmic axis."""


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    epochs, terms = np.asarray(content["epochs"]), _terms(content)
    if len(epochs) == 0:
        raise InputError(
            f"'{content['name']}' was not trained in epochs: there is no loss to draw",
            remedy="Draw its map, or train another model",
        )
    palette = style.palette_of(look)
    figure = style.new_figure(look)
    columns = 1 if look.height_mm >= 32 * len(terms) else 2 if len(terms) > 1 else 1
    rows = -(-len(terms) // columns)
    grid = figure.subplots(rows, columns, sharex=True, squeeze=False)
    curves = (("train", palette.train, "-"), ("validation", palette.validation, (0, (4, 1.6))))
    shown: dict[str, Line2D] = {}
    for axes, (term, parts) in zip(grid.flat, terms.items(), strict=False):
        for part, colour, dashes in curves:
            values = np.asarray(parts[part], dtype=float)
            if np.isfinite(values).any():
                marker = "o" if len(epochs) == 1 else ""
                axes.plot(epochs, values, color=colour, ls=dashes, marker=marker)
                shown.setdefault(part, Line2D([], [], color=colour, ls=dashes, marker=marker, label=part))
        if content["best_epoch"]:
            axes.axvline(content["best_epoch"], color=palette.muted, lw=0.8, ls=":")
            label = f"weights kept (epoch {content['best_epoch']})"
            shown["best"] = Line2D([], [], color=palette.muted, lw=0.8, ls=":", label=label)
        for number, (first, phase) in enumerate(content.get("phases", [])):
            if number:
                axes.axvline(first - 0.5, color=palette.line, lw=0.8)
            if axes is grid.flat[0]:
                place = axes.get_xaxis_transform()
                small = 0.85 * look.font_size
                axes.text(first, 1.02, phase, transform=place, color=palette.muted, fontsize=small)
        axes.set_ylabel(_spoken(term))
        _scale(axes, np.concatenate([np.asarray(values, dtype=float) for values in parts.values()]))
        axes.grid(axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        style.dress(axes, look)
    for column in range(columns):
        _label_below(grid[:, column], len(terms), columns, column)
    figure.align_ylabels()
    order = [part for part in ("train", "validation", "best") if part in shown]
    style.legend(figure, [shown[part] for part in order], look)
    return figure


def _label_below(column: np.ndarray, terms: int, columns: int, number: int) -> None:
    """Label the epochs below the last used panel of a column, and take the unused ones away."""
    used = [axes for row, axes in enumerate(column) if row * columns + number < terms]
    for axes in column[len(used) :]:
        axes.remove()
    used[-1].set_xlabel("epoch")
    used[-1].tick_params(labelbottom=True)


def _spoken(term: str) -> str:
    """Return a term's name in words, abbreviations as such: "KL"."""
    return term.upper() if len(term) <= 3 else style.short(term.replace("_", " "))


def _scale(axes: Axes, values: np.ndarray) -> None:
    values = values[np.isfinite(values)]
    if len(values) and values.min() > 0 and values.max() > LOG_RATIO * values.min():
        axes.set_yscale("log")
        steps = (1.0, 2.0, 5.0) if values.max() < 1000 * values.min() else (1.0,)
        axes.yaxis.set_major_locator(LogLocator(subs=steps))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_locator(NullLocator())


def _terms(content: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the terms, the loss first, and alone where it has but one term."""
    terms = dict(content["terms"])
    loss = terms.pop("loss", None)
    if loss is None:
        return terms
    if len(terms) == 1:
        only = next(iter(terms.values()))
        if all(np.allclose(loss[part], only[part], equal_nan=True) for part in ("train", "validation")):
            terms = {}
    return {"loss": loss, **terms}


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the epochs and every term, of train and validation, as columns."""
    columns = {"epoch": np.asarray(content["epochs"])}
    for term, parts in content["terms"].items():
        for part in ("train", "validation"):
            values = np.asarray(parts[part], dtype=float)
            if np.isfinite(values).any():
                columns[f"{part} {term}"] = values
    return columns
