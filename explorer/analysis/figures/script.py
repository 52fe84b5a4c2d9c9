"""The Python that redraws a figure from its numbers, for whoever wants to change what no option offers.

It is told by what was drawn, so that every kind of figure has one. It needs numpy and matplotlib only, and reads the
table of numbers beside it; what is drawn but is no number of the figure (a band's edges, say) is in further columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from explorer.analysis.look import FigureStyle, check
from explorer.data.writing import table_bytes, write_bytes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_READ = '''

def read(path):
    """Return the columns of a table by their titles: numbers, NaN where a cell is empty, or texts."""
    with path.open(newline="", encoding="utf-8") as file:
        titles, *rows = csv.reader(file)
    columns = {}
    for title, cells in zip(titles, zip(*rows)):
        try:
            columns[title] = np.array([float(cell or "nan") for cell in cells])
        except ValueError:
            columns[title] = np.array(cells)
    return columns


'''
_END = (
    "",
    'fig.savefig(HERE.with_suffix(".pdf"))',
    'if matplotlib.get_backend().lower() != "agg":',
    "    plt.show()",
)
_LENGTH = re.compile(r"§(\d+)§")


@dataclass(frozen=True)
class Script:
    """A script, and the table that it reads."""

    text: str
    columns: dict[str, np.ndarray]


def script(kind: str, content: Mapping[str, Any], style: FigureStyle | None = None) -> Script:
    """Return the script that redraws a figure; the table is to lie beside it under its name, with ``.csv``.

    Parameters
    ----------
    kind, content, style
        As of `explorer.analysis.figures.draw`.

    Raises
    ------
    InputError
        As `draw`.
    """
    from explorer.analysis import figures
    from explorer.analysis.figures.artists import Columns
    from explorer.analysis.figures.style import applied

    look = style or FigureStyle()
    check(look)
    figure = figures.draw(kind, content, look)
    columns = Columns(figures.numbers(kind, content))
    with applied(look):
        figure.draw_without_rendering()  # ticks are placed when they are drawn
        settings, body = _settings(), _body(figure, columns)
    found = columns.table()
    rows = len(next(iter(found.values())))

    def cut(match: re.Match[str]) -> str:
        return "" if int(match[1]) == rows else f"[:{match[1]}]"

    head = [
        f'"""Redraws the figure \'{kind}\' of Latentscape from the numbers beside it. Needs numpy and matplotlib."""',
        "",
        "import csv",
        "from pathlib import Path",
        "",
        "import matplotlib",
        "import matplotlib.pyplot as plt",
        "import numpy as np",
        "from matplotlib.lines import Line2D",
        "",
        "HERE = Path(__file__)",
    ]
    lines = [f'data = read(HERE.with_suffix(".csv"))\nplt.rcParams.update({settings})\n', *body, *_END]
    text = "\n".join(head) + _READ + _LENGTH.sub(cut, "\n".join(lines)) + "\n"
    return Script(text, found)


def write(kind: str, content: Mapping[str, Any], path: str | Path, style: FigureStyle | None = None) -> Path:
    """Write a script (.py) and beside it, under the same name, the table that it reads (.csv); return the script.

    Raises
    ------
    InputError
        As `draw`, or if a file cannot be written.
    """
    path = Path(path).expanduser().absolute()
    made = script(kind, content, style)
    write_bytes(path.with_suffix(".csv"), table_bytes(made.columns))
    return write_bytes(path, made.text.encode())


def _settings() -> str:
    """Return the settings that differ from matplotlib's own, as a dict over lines."""
    import matplotlib

    leave = ("axes.prop_cycle", "svg.hashsalt", "backend", "figure.constrained_layout.use", "toolbar")
    usual: Any = matplotlib.rcParamsDefault
    own = {
        name: value
        for name, value in matplotlib.rcParams.items()
        if name not in leave and not name.startswith(("backend", "interactive", "datapath")) and value != usual[name]
    }
    own["font.family"] = [name for name in own.get("font.family", []) if name] or ["DejaVu Sans"]
    return "{\n" + "".join(f"    {name!r}: {value!r},\n" for name, value in own.items()) + "}"


def _body(figure: Figure, columns: Any) -> list[str]:
    from explorer.analysis.figures.artists import Code, artists, call, number, text_style

    width, height = figure.get_size_inches()
    constrained = figure.get_layout_engine() is not None
    size = f"({number(width)}, {number(height)})"
    lines = [call("fig = plt.figure", figsize=Code(size), layout="constrained" if constrained else None)]
    names: dict[Axes, str] = {}
    grids: dict[int, str] = {}
    for axes in figure.axes:
        if hasattr(axes, "_colorbar"):
            continue
        names[axes] = name = f"ax{len(names) + 1}"
        place = axes.get_subplotspec()
        if place is None:
            box = [number(each) for each in axes.get_position().bounds]
            lines += ["", f"{name} = fig.add_axes({box})"]
        else:
            grid: Any = place.get_gridspec()
            if id(grid) not in grids:
                grids[id(grid)] = f"grid{len(grids) + 1}"
                ratios = {
                    "width_ratios": list(grid.get_width_ratios()) if grid.ncols > 1 else None,
                    "height_ratios": list(grid.get_height_ratios()) if grid.nrows > 1 else None,
                }
                lines.append(call(f"{grids[id(grid)]} = fig.add_gridspec", str(grid.nrows), str(grid.ncols), **ratios))
            cell = f"{grids[id(grid)]}[{_span(place.rowspan)}, {_span(place.colspan)}]"
            projection = "3d" if axes.name == "3d" else None
            lines += ["", call(f"{name} = fig.add_subplot", cell, projection=projection)]
        lines += artists(axes, name, columns)
        lines += _dress(axes, name)
        lines += _legend(axes.get_legend(), name)
        for other in figure.axes:
            bar: Any = getattr(other, "_colorbar", None)
            if bar is not None and bar.ax._colorbar_info["parents"][-1] is axes:
                lines += _bar(bar, names)
        if not constrained:
            lines.append(f"{name}.set_position({[number(each) for each in axes.get_position().bounds]})")
    lines.append("")
    for word in ("suptitle", "supxlabel", "supylabel"):
        text = getattr(figure, f"_{word}")
        if text is not None and text.get_text():
            lines.append(call(f"fig.{word}", repr(text.get_text()), **text_style(text)))
    for legend in figure.legends:
        lines += _legend(legend, "fig")
    return lines


def _span(span: range) -> str:
    return str(span.start) if len(span) == 1 else f"{span.start}:{span.stop}"


def _dress(axes: Any, name: str) -> list[str]:
    """Return what the axes are called, reach over, and show of themselves."""
    import matplotlib

    from explorer.analysis.figures.artists import call, number, text_style

    lines = []
    usual: Any = matplotlib.rcParams
    solid = axes.name == "3d"
    directions = ("x", "y", "z") if solid else ("x", "y")
    if not (axes._axis3don if solid else axes.axison):
        lines.append(f"{name}.set_axis_off()")
    for spine, line in {} if solid else axes.spines.items():
        shown = line.get_visible()
        if shown != usual[f"axes.spines.{spine}"]:
            lines.append(f"{name}.spines[{spine!r}].set_visible({shown})")
    if not solid and axes.get_aspect() != "auto":
        lines.append(f"{name}.set_aspect({number(axes.get_aspect())}, adjustable={axes.get_adjustable()!r})")
    for along in directions:
        if (scale := getattr(axes, f"get_{along}scale")()) != "linear":
            lines.append(f"{name}.set_{along}scale({scale!r})")
        low, high = getattr(axes, f"get_{along}lim")()
        lines.append(f"{name}.set_{along}lim({float(low)!r}, {float(high)!r})")
        axis = getattr(axes, f"{along}axis")
        if not solid:
            siblings = getattr(axes, f"get_shared_{along}_axes")().get_siblings(axes)
            lines += _ticks(axis, name, along, chosen=len(siblings) > 1)
        label = axis.label
        if label.get_text():
            turned = {} if solid or along == "x" or label.get_rotation() == 90 else {
                "rotation": number(label.get_rotation()),
                "ha": label.get_horizontalalignment(),
                "va": label.get_verticalalignment(),
            }  # fmt: skip
            lines.append(call(f"{name}.set_{along}label", repr(label.get_text()), **turned))
        if not solid and axis.get_major_ticks() and axis.get_major_ticks()[0].gridline.get_visible():
            lines.append(f"{name}.grid(axis={along!r})")
    for title, where in ((axes.title, "center"), (axes._left_title, "left"), (axes._right_title, "right")):
        if title.get_text():
            lines.append(call(f"{name}.set_title", repr(title.get_text()), loc=where, **text_style(title)))
    return lines


def _ticks(axis: Any, name: str, along: str, *, chosen: bool) -> list[str]:
    """Return the ticks where they are not those that matplotlib would choose, and whether they have labels.

    `chosen`: that they were chosen together with those of other axes.
    """
    from matplotlib.ticker import AutoLocator, NullFormatter, NullLocator

    from explorer.analysis.figures.artists import call, number

    lines = []
    if chosen or not isinstance(axis.get_major_locator(), AutoLocator):
        ticks = [tick for tick in axis._update_ticks() if tick in axis.get_major_ticks()]  # those within the limits
        words = [tick.label1.get_text() for tick in ticks]
        style: dict[str, Any] = {}
        if any(words) and (turned := ticks[0].label1.get_rotation()):
            style = {"rotation": number(turned), "ha": ticks[0].label1.get_horizontalalignment()}
        given = [repr([float(tick.get_loc()) for tick in ticks])] + ([repr(words)] if any(words) else [])
        lines.append(call(f"{name}.set_{along}ticks", *given, **style))
        for what, kind in (("locator", NullLocator), ("formatter", NullFormatter)):
            if isinstance(getattr(axis, f"get_minor_{what}")(), kind) and axis.get_scale() != "linear":
                lines.append(f"{name}.{along}axis.set_minor_{what}(matplotlib.ticker.{kind.__name__}())")
    side = "labelbottom" if along == "x" else "labelleft"
    if axis.get_tick_params().get(side) is False:
        lines.append(f"{name}.tick_params({side}=False)")
    return lines


def _bar(bar: Any, names: Mapping[Any, str]) -> list[str]:
    from explorer.analysis.figures.artists import Code, call, colour_map, limits, number

    facts = bar.ax._colorbar_info
    parents = [names[axes] for axes in facts["parents"]]
    drawn = getattr(bar.mappable, "axes", None) is not None
    source = "image"
    if not drawn:
        ends = ", ".join(repr(value) for value in limits(bar.norm).values())
        source = f"matplotlib.cm.ScalarMappable(plt.Normalize({ends}), {colour_map(bar.cmap)!r})"
    axis = bar.ax.yaxis if facts["location"] in ("left", "right") else bar.ax.xaxis
    style = {name: number(facts[name]) for name in ("shrink", "aspect", "pad", "fraction") if facts.get(name)}
    on = Code(parents[0] if len(parents) == 1 else f"[{', '.join(parents)}]")
    lines = [call("bar = fig.colorbar", source, ax=on, location=facts["location"], **style)]
    lines.append("bar.outline.set_visible(False)")
    low, high = sorted((bar.norm.vmin, bar.norm.vmax))
    places = [float(place) for place in bar.get_ticks() if low <= place <= high]
    labels = [label.get_text() for label in axis.get_majorticklabels()]
    if len(labels) == len(bar.get_ticks()):
        labels = [text for text, place in zip(labels, bar.get_ticks(), strict=True) if low <= place <= high]
        lines.append(f"bar.set_ticks({places}, labels={labels})")
    if axis.label.get_text():
        lines.append(f"bar.set_label({axis.label.get_text()!r})")
    return lines


def _legend(legend: Any, name: str) -> list[str]:
    from explorer.analysis.figures.artists import call, colour, line_style, number

    if legend is None:
        return []
    lines = [f"{name}_handles = ["]
    for mark, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
        first = mark[0] if isinstance(mark, (list, tuple)) else mark
        if hasattr(first, "get_marker"):
            made = call("Line2D", "[]", "[]", **line_style(first), label=text.get_text())
        else:
            face = first.get_facecolor()
            shade = colour(face[0] if np.ndim(face) == 2 else face)
            made = call("matplotlib.patches.Patch", facecolor=shade, label=text.get_text())
        lines.append(f"    {made},")
    lines.append("]")
    codes = {number: word for word, number in type(legend).codes.items()}
    place = codes.get(legend._loc, "best")
    if outside := getattr(legend, "_outside_loc", None):
        first, _, second = place.partition(" ")
        place = f"outside {place}" if outside == first else f"outside {second} {first}"
    title = legend.get_title()
    style = {"loc": place, "ncols": legend._ncols, "title": title.get_text() or None}
    if style["title"]:
        style["title_fontsize"] = number(title.get_fontsize())
    made = call(f"{name}.legend", f"handles={name}_handles", **style)
    ink = f".get_title().set_color({colour(title.get_color())!r})" if style["title"] else ""
    return [*lines, made + ink]
