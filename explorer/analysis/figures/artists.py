"""What matplotlib drew, told as the calls that draw it again: curves, points, bars, bands, pictures and words.

Of some things matplotlib keeps no public record; and its stubs know little of what was drawn, which is `Any` here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection, QuadMesh
from matplotlib.colors import Colormap, to_hex
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Annotation, Text

from explorer.errors import UnsupportedError

_MARKERS = ("o", "x", "D", "s", "^", "v", "+", ".")
_SMALL = 12
"""Numbers that stand in the script itself, rather than in a column of the table."""


class Columns:
    """The table that a script reads: the numbers behind the figure, and further columns of what is drawn besides.

    Parameters
    ----------
    columns : dict of str to ndarray ``(n,)``
    """

    def __init__(self, columns: dict[str, np.ndarray]) -> None:
        self._columns = {name: np.asarray(column) for name, column in columns.items()}
        self._known = [(name, column) for name, column in self._columns.items() if column.dtype.kind in "fiub"]

    def table(self) -> dict[str, np.ndarray]:
        """Return all columns, the shorter ones filled up: numbers with NaN, text with nothing."""
        rows = max(len(column) for column in self._columns.values())
        return {name: _filled(column, rows) for name, column in self._columns.items()}

    def expression(self, values: Any) -> str:
        """Return Python that has these numbers or texts."""
        array = np.asarray(np.ma.filled(np.ma.asarray(values, float), np.nan) if _numeric(values) else values)
        flat = array.reshape(-1)
        found = self._find(flat) if _numeric(flat) and len(flat) > 2 else None
        if found is None and len(flat) <= _SMALL:
            return repr(_plain(array))
        if found is None:
            found = self._add(flat)
        text = f"data[{found!r}]§{len(flat)}§"  # cut off there, unless the table ends there
        return text if array.ndim == 1 else f"{text}.reshape{array.shape}"

    def points(self, x: Any, y: Any) -> tuple[str, str]:
        """Return Python for the coordinates of points, which may be those of the table in another order."""
        x, y = (np.ma.filled(np.ma.asarray(each, float), np.nan) for each in (x, y))
        order = self._order(x, y) if len(x) > _SMALL else None
        if order is None:
            return self.expression(x), self.expression(y)
        names, rows = order
        chosen = f"data[{self._add(rows)!r}]§{len(rows)}§.astype(int)"
        first, second = (f"data[{name!r}][{chosen}]" for name in names)
        return first, second

    def _order(self, x: np.ndarray, y: np.ndarray) -> tuple[tuple[str, str], np.ndarray] | None:
        """Return the two columns that hold these points, and their rows in the order of the points."""
        for name, column in self._known:
            unique, first = np.unique(column, return_index=True)
            place = np.searchsorted(unique, x).clip(max=len(unique) - 1)
            if len(unique) < len(column) or len(x) > len(column) or not np.array_equal(unique[place], x):
                continue
            rows = first[place]
            if np.array_equal(rows, np.arange(len(column))):
                return None  # in the same order: no need for rows
            for other, values in self._known:
                if other != name and np.array_equal(values[rows], y):
                    return (name, other), rows
        return None

    def _find(self, flat: np.ndarray) -> str | None:
        for name, column in self._known:
            if len(column) == len(flat) and np.array_equal(np.asarray(column, float), flat, equal_nan=True):
                return name
        return None

    def _add(self, flat: np.ndarray) -> str:
        if flat.dtype.kind in "OU":
            same = next((name for name, column in self._columns.items() if np.array_equal(column, flat)), None)
            if same is not None:
                return same
        number = 1
        while (name := f"drawn {number}") in self._columns:
            number += 1
        self._columns[name] = flat
        if _numeric(flat):
            self._known.append((name, flat))
        return name


def _numeric(values: Any) -> bool:
    return np.asarray(values).dtype.kind in "fiub"


def _plain(array: np.ndarray) -> Any:
    return [_short(value) for value in array] if array.ndim == 1 else [_plain(row) for row in array]


def _short(value: Any) -> Any:
    """Return a number as Python writes it; one that is whole without a point."""
    if isinstance(value, str):
        return str(value)
    number = float(value)
    if number != number:
        return _Nan()
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


class _Nan(float):
    """Written as the script may read it."""

    def __new__(cls) -> _Nan:
        return super().__new__(cls, "nan")

    def __repr__(self) -> str:
        return "np.nan"


def _filled(column: np.ndarray, rows: int) -> np.ndarray:
    missing = rows - len(column)
    if not missing:
        return column
    if column.dtype.kind in "fiub":
        return np.concatenate([column.astype(float), np.full(missing, np.nan)])
    return np.concatenate([column.astype(str), np.full(missing, "")])


def call(function: str, *arguments: str, **options: Any) -> str:
    """Return a call as Python; options that are None are left out, and an `Code` is written as it is."""
    parts = [*arguments, *(f"{name}={value!r}" for name, value in options.items() if value is not None)]
    return f"{function}({', '.join(parts)})"


class Code(str):
    """Python that stands for itself, where else its text would be quoted."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def number(value: float) -> float | int:
    """Return a number with no more digits than a drawing needs."""
    short = float(f"{float(value):.6g}")
    return int(short) if short.is_integer() else short


def artists(axes: Any, name: str, columns: Columns) -> Iterator[str]:
    """Yield the calls that draw what is on some axes, called `name` in the script, in the order of drawing.

    Raises
    ------
    UnsupportedError
        If something was drawn that is not known here.
    """
    bars: list[Rectangle] = []
    dots: list[Any] = []
    own = [child for child in axes.get_children() if getattr(child, "get_visible", bool)() and child is not axes.patch]
    skipped = {*axes.spines.values(), axes.title, axes._left_title, axes._right_title}
    skipped |= set(axes._axis_map.values())
    for artist in own:
        if artist in skipped or artist is axes.get_legend():
            continue
        if bars and not (isinstance(artist, Rectangle) and _alike(bars[0], artist)):
            yield _bars(bars, name, columns)
            bars = []
        if dots and not (isinstance(artist, Line2D) and _same_dots(dots[0], artist)):
            yield _dots(dots, name, columns)
            dots = []
        if isinstance(artist, Rectangle):
            bars.append(artist)
        elif isinstance(artist, Line2D) and _is_dots(artist) and axes.name != "3d":
            dots.append(artist)
        else:
            yield from _one(artist, axes, name, columns)
    if bars:
        yield _bars(bars, name, columns)
    if dots:
        yield _dots(dots, name, columns)


def _one(artist: Any, axes: Axes, name: str, columns: Columns) -> Iterator[str]:
    if isinstance(artist, Line2D):
        yield _line(artist, axes, name, columns)
    elif isinstance(artist, PathCollection):
        yield _scatter(artist, axes, name, columns)
    elif isinstance(artist, LineCollection):
        yield from _segments(artist, name, columns)
    elif isinstance(artist, QuadMesh):
        yield _mesh(artist, name, columns)
    elif isinstance(artist, PolyCollection):
        yield from _bands(artist, name, columns)
    elif isinstance(artist, AxesImage):
        yield _image(artist, name, columns)
    elif isinstance(artist, Polygon):
        x, y = np.asarray(artist.get_xy()).T
        face, edge = colour(artist.get_facecolor()), colour(artist.get_edgecolor())
        style = {"facecolor": face, "edgecolor": edge, "linewidth": number(artist.get_linewidth())}
        yield call(f"{name}.fill", columns.expression(x), columns.expression(y), **style)
    elif isinstance(artist, Text):
        if artist.get_text():
            yield _text(artist, axes, name)
    else:
        raise UnsupportedError(f"a script cannot draw a {type(artist).__name__} yet", remedy="Export the numbers")


def colour(rgba: Any) -> str:
    """Return a colour as ``#RRGGBB``, with its opacity where it has one, or "none"."""
    if isinstance(rgba, str) and rgba == "none":
        return rgba
    text = to_hex(rgba, keep_alpha=True)
    return "none" if text.endswith("00") and len(text) == 9 else text.removesuffix("ff") if len(text) == 9 else text


def line_style(line: Any) -> dict[str, Any]:
    """Return how a line and its markers look."""
    _, dashes = line._unscaled_dash_pattern
    plain = {"None": "none", " ": "none", "": "none"}.get(line.get_linestyle(), line.get_linestyle())
    style: dict[str, Any] = {"linestyle": plain, "alpha": line.get_alpha()}
    if plain != "none":
        style |= {"color": colour(line.get_color()), "linewidth": number(line.get_linewidth())}
        style["linestyle"] = (0, tuple(number(each) for each in dashes)) if dashes else plain
    if line.get_marker() not in ("None", None, "", " "):
        style |= {
            "marker": line.get_marker(),
            "markersize": number(line.get_markersize()),
            "markerfacecolor": colour(line.get_markerfacecolor()),
            "markeredgecolor": colour(line.get_markeredgecolor()),
            "markeredgewidth": number(line.get_markeredgewidth()),
        }
    if line.get_drawstyle() != "default":
        style["drawstyle"] = line.get_drawstyle()
    return style


def _line(line: Any, axes: Axes, name: str, columns: Columns) -> str:
    style = line_style(line) | {"zorder": number(line.get_zorder()) if line.get_zorder() != 2 else None}
    along = line.get_transform().contains_branch_seperately(axes.transData)
    x, y = (np.ma.filled(np.ma.asarray(each, float), np.nan) for each in line.get_data(orig=False))
    if along == (True, False):
        return call(f"{name}.axvline", repr(number(x[0])), **style)
    if along == (False, True):
        return call(f"{name}.axhline", repr(number(y[0])), **style)
    first, second = columns.points(x, y)
    return call(f"{name}.plot", first, second, **style)


def _is_dots(line: Any) -> bool:
    return line.get_linestyle() in ("None", " ", "") and line.get_marker() == "o" and line.get_markeredgewidth() == 0


def _same_dots(one: Any, other: Any) -> bool:
    same = one.get_zorder() == other.get_zorder() and one.get_alpha() == other.get_alpha()
    return _is_dots(other) and same and one.get_rasterized() == other.get_rasterized()


def _dots(lines: list[Any], name: str, columns: Columns) -> str:
    """Return points that were drawn in layers, or one by one, as one cloud."""
    sizes = np.concatenate([np.full(len(line.get_xdata()), line.get_markersize() ** 2) for line in lines])
    colours = np.concatenate([np.full(len(line.get_xdata()), colour(line.get_color())) for line in lines])
    x, y = (np.concatenate([np.asarray(line.get_data()[i], float) for line in lines]) for i in (0, 1))
    first, second = columns.points(x, y)
    style = {
        "s": _each(np.round(sizes, 4), columns),
        "c": _each(colours, columns),
        "alpha": lines[0].get_alpha(),
        "linewidths": 0,
        "zorder": number(lines[0].get_zorder()),
        "rasterized": True if len(x) > 5000 else None,
    }
    return call(f"{name}.scatter", first, second, **style)


def _scatter(points: Any, axes: Axes, name: str, columns: Columns) -> str:
    faces, edges = (np.array([colour(each) for each in rgba]) for rgba in _colours(points))
    marker = _marker(points)
    if marker == "x":
        style: dict[str, Any] = {"color": _each(edges, columns)}
    else:
        style = {"facecolors": _each(faces, columns) if len(faces) else "none"}
        style["edgecolors"] = _each(edges, columns) if len(edges) else "none"
    sizes = np.round(np.asarray(points.get_sizes(), float), 4)
    style |= {"s": _each(sizes, columns), "marker": marker, "linewidths": number(np.max(points.get_linewidth()))}
    style["rasterized"] = points.get_rasterized() or None
    if axes.name == "3d":
        place = [columns.expression(np.asarray(each)) for each in points._offsets3d]
        return call(f"{name}.scatter", *place, **style, depthshade=False)
    style["zorder"] = number(points.get_zorder()) if points.get_zorder() != 1 else None
    x, y = np.ma.filled(np.ma.asarray(points.get_offsets(), float), np.nan).T
    first, second = columns.points(x, y)
    return call(f"{name}.scatter", first, second, **style)


def _colours(points: Any) -> tuple[Any, Any]:
    return points.get_facecolor(), points.get_edgecolor()


def _each(values: np.ndarray, columns: Columns) -> Any:
    """Return one value where all are the same, else the Python that has them."""
    if len(set(values.tolist())) == 1:
        value = values[0]
        return str(value) if values.dtype.kind == "U" else number(value)
    return Code(columns.expression(values) + (".tolist()" if values.dtype.kind == "U" and len(values) > _SMALL else ""))


def _marker(points: Any) -> str:
    vertices = np.asarray(points.get_paths()[0].vertices)
    for marker in _MARKERS:
        known = MarkerStyle(marker)
        path = known.get_path().transformed(known.get_transform())
        own = np.asarray(path.vertices)
        if own.shape == vertices.shape and np.allclose(own, vertices):
            return marker
    raise UnsupportedError("a script does not know this kind of marker yet", remedy="Export the numbers")


def _segments(lines: Any, name: str, columns: Columns) -> Iterator[str]:
    """Yield the segments of each colour as one curve with gaps."""
    colours = [colour(each) for each in lines.get_color()]
    segments = [np.asarray(segment) for segment in lines.get_segments()]
    for shade in dict.fromkeys(colours):
        own = [segment for i, segment in enumerate(segments) if colours[i % len(colours)] == shade]
        if not own:
            continue
        gap = np.full((1, 2), np.nan)
        x, y = np.concatenate([part for segment in own for part in (segment, gap)])[:-1].T
        width = number(np.max(lines.get_linewidth()))
        style = {"color": shade, "linewidth": width, "zorder": number(lines.get_zorder())}
        yield call(f"{name}.plot", columns.expression(x), columns.expression(y), **style)


def _bands(bands: Any, name: str, columns: Columns) -> Iterator[str]:
    faces = [colour(each) for each in bands.get_facecolor()]
    for i, path in enumerate(bands.get_paths()):
        points = np.asarray(path.vertices)[: None if len(path.vertices) % 2 else -1]
        count = (len(points) - 3) // 2
        style = {"color": faces[i % len(faces)], "linewidth": number(np.max(bands.get_linewidth()))}
        style["zorder"] = number(bands.get_zorder()) if bands.get_zorder() != 1 else None
        x, low = points[1 : count + 1].T
        back, high = points[count + 2 : 2 * count + 2][::-1].T
        if np.array_equal(x, back):
            given = [columns.expression(each) for each in (x, low, high)]
            yield call(f"{name}.fill_between", *given, **style)
        else:
            yield call(f"{name}.fill", *map(columns.expression, points.T), **style)


def _alike(one: Rectangle, other: Rectangle) -> bool:
    return one.get_zorder() == other.get_zorder() and one.get_linewidth() == other.get_linewidth()


def _bars(bars: list[Any], name: str, columns: Columns) -> str:
    left, bottom, width, height = np.array(
        [[bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()] for bar in bars], dtype=float
    ).T
    style: dict[str, Any] = {
        "width": _each(width, columns),
        "bottom": _each(bottom, columns),
        "align": "edge",
        "color": _each(np.array([colour(bar.get_facecolor()) for bar in bars]), columns),
        "linewidth": number(bars[0].get_linewidth()) if bars[0].get_edgecolor()[3] else 0,
    }
    return call(f"{name}.bar", columns.expression(left), columns.expression(height), **style)


def colour_map(cmap: Colormap) -> Any:
    """Return a colour map as Python: its name, or its colours."""
    import matplotlib

    if cmap.name in matplotlib.colormaps and matplotlib.colormaps[cmap.name] == cmap:
        return cmap.name
    shades = [colour(cmap(i)) for i in range(cmap.N)]
    return Code(f"matplotlib.colors.ListedColormap({shades!r})")


def limits(norm: Any) -> dict[str, Any]:
    """Return the ends of a scale of colours."""
    return {"vmin": float(norm.vmin or 0.0), "vmax": float(norm.vmax or 0.0)}


def _image(image: Any, name: str, columns: Columns) -> str:
    array: Any = image.get_array()
    values = np.ma.filled(np.ma.asarray(array, float), np.nan)
    style: dict[str, Any] = {} if values.ndim == 3 else {"cmap": colour_map(image.get_cmap()), **limits(image.norm)}
    left, right, bottom, top = (float(each) for each in image.get_extent())
    style |= {
        "interpolation": image.get_interpolation(),
        "origin": image.origin,
        "extent": (number(left), number(right), number(bottom), number(top)),
        "aspect": image.axes.get_aspect() if image.axes is not None else None,
    }
    return f"image = {call(f'{name}.imshow', columns.expression(values), **style)}"


def _mesh(mesh: Any, name: str, columns: Columns) -> str:
    corners: Any = mesh.get_coordinates()
    array: Any = mesh.get_array()
    rows, across = corners.shape[0] - 1, corners.shape[1] - 1
    values = np.ma.filled(np.ma.asarray(array, float), np.nan)
    flat_edges = values.size == rows * across
    shape = (rows, across) if flat_edges else (rows + 1, across + 1)
    style = {"cmap": colour_map(mesh.get_cmap()), **limits(mesh.norm), "shading": "flat" if flat_edges else "gouraud"}
    place = [columns.expression(corners[0, :, 0]), columns.expression(corners[:, 0, 1])]
    drawn = call(f"{name}.pcolormesh", *place, columns.expression(values.reshape(shape)), **style, rasterized=True)
    return f"image = {drawn}"


def text_style(text: Any) -> dict[str, Any]:
    """Return how some words look."""
    return {"fontsize": number(text.get_fontsize()), "color": colour(text.get_color())}


def _text(text: Any, axes: Axes, name: str) -> str:
    style = text_style(text) | {
        "ha": text.get_horizontalalignment(),
        "va": text.get_verticalalignment(),
        "rotation": number(text.get_rotation()) or None,
    }
    words = repr(text.get_text())
    if isinstance(text, Annotation):
        at = tuple(number(each) for each in text.xy)
        away = tuple(number(each) for each in text.xyann)
        style |= {"xytext": away, "textcoords": text.anncoords, "annotation_clip": False}
        style["xycoords"] = text.xycoords if text.xycoords != "data" else None
        return call(f"{name}.annotate", words, repr(at), **style)
    x, y = text.get_position()
    within = text.get_transform().contains_branch_seperately(axes.transData)
    if within == (False, False):
        style["transform"] = Code(f"{name}.transAxes")
    elif within == (True, False):
        style["transform"] = Code(f"{name}.get_xaxis_transform()")
    elif within == (False, True):
        style["transform"] = Code(f"{name}.get_yaxis_transform()")
    return call(f"{name}.text", repr(number(x)), repr(number(y)), words, **style)
