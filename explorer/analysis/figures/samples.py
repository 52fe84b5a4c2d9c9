"""Several versions of one sample, drawn as its layout asks: curves, pictures, points, sentences or melodies.

What the contents of `decode` and `denoise` have in common ("facts")::

    "layout": "series" | "profile" | "image" | "points" | "text" | "notes"
    "time": float (T,)            of series; the features' numbers from 1 of profiles; else None
    "time_label": str             "time (s)", "time step", "feature"
    "channel_names": list of str  of the C channels, or the D features
    "unit": str                   of the values
    "background": float (M, D)    of points: samples to draw behind them; else None
    "vocabulary": list of str     of notes: what the tokens are; else empty
    "bar": int                    of notes: sixteenths in a bar; else 0

The versions of a sample of layout "text" are texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from explorer.analysis.figures import style
from explorer.analysis.figures.rolls import draw_rolls
from explorer.analysis.figures.tables import with_unit
from explorer.analysis.look import FigureStyle

PANEL_MM = 16.0
"""Least height of the panel of one channel."""


@dataclass(frozen=True)
class Version:
    """One version of the sample: what it is called, its values (sample shape), and how it is drawn.

    `time` are times of its own, where a curve has some; `dots` draws what was observed, without a line between.
    """

    name: str
    values: np.ndarray
    colour: str
    width: float = 1.3
    dashed: bool = False
    marker: str = "o"
    time: np.ndarray | None = None
    dots: bool = False

    def handle(self) -> Line2D:
        """Return what the legend shows of a curve."""
        if self.dots:
            return Line2D([], [], color=self.colour, marker="o", ls="none", ms=3.5, label=self.name)
        return Line2D([], [], color=self.colour, lw=self.width, ls=_dashes(self), label=self.name)


def _dashes(version: Version) -> Any:
    return (0, (4, 1.6)) if version.dashed else "-"


def draw_versions(
    figure: Figure,
    facts: Mapping[str, Any],
    versions: Sequence[Version],
    look: FigureStyle,
    *,
    residual: tuple[str, np.ndarray] | None = None,
    caption: str = "",
) -> None:
    """Draw the versions of a sample over or beside one another, with a residual (title, values) below or last."""
    layout = facts["layout"]
    if layout == "image":
        _pictures(figure, facts, versions, look, residual, caption)
    elif layout == "points":
        _points(figure, facts, versions, look, caption)
    elif layout == "text":
        _sentences(figure, versions, look, caption)
    elif layout == "notes":
        draw_rolls(
            figure, facts, [(each.name, each.values, each.colour, each.dashed) for each in versions], look, caption
        )
    else:
        _curves(figure, facts, versions, look, residual, caption)


def _as_curves(values: np.ndarray) -> np.ndarray:
    """Return a sample as ``(T, C)``; a vector is one curve."""
    return values[:, None] if values.ndim == 1 else values


def _curves(
    figure: Figure,
    facts: Mapping[str, Any],
    versions: Sequence[Version],
    look: FigureStyle,
    residual: tuple[str, np.ndarray] | None,
    caption: str,
) -> None:
    profile = facts["layout"] == "profile"
    names = [facts["time_label"]] if profile else list(facts["channel_names"])
    x = np.asarray(facts["time"], dtype=float)
    total = _as_curves(versions[0].values).shape[1]
    panels = _panels_that_fit(total, look)
    if panels < total:
        caption = ", ".join(part for part in (caption, f"showing {panels} of {total} channels") if part)
    grid: Any
    if residual is None:
        grid = figure.subplots(panels, 1, sharex=True, squeeze=False)
    elif total == 1:
        grid = figure.subplots(2, 1, sharex=True, squeeze=False, height_ratios=(3, 1)).reshape(1, 2)
    else:
        grid = figure.subplots(panels, 2, sharex=True, squeeze=False, width_ratios=(2, 1))
    value_label = with_unit("value", facts["unit"])
    for channel, row in enumerate(grid):
        axes = row[0]
        for version in versions:
            _curve(axes, x, _as_curves(version.values)[:, channel], version, look)
        if total == 1 and not profile and not names[0].startswith("channel "):
            axes.set_ylabel(with_unit(style.short(names[0]), facts["unit"]))
        elif total == 1:
            axes.set_ylabel(value_label)
        if residual is not None:
            title, values = residual
            row[1].axhline(0.0, color=style.palette_of(look).line, lw=0.8)
            muted = Version(title, values, style.palette_of(look).muted, 0.9)
            _curve(row[1], x, _as_curves(values)[:, channel], muted, look)
            if total == 1:
                row[1].set_ylabel(f"residual\n({facts['unit']})" if facts["unit"] else "residual")
                style.note(row[1], title, look)
        if total > 1:
            style.note(axes, style.short(names[channel]), look)
        for item in row:
            style.dress(item, look)
            item.margins(x=0.01)
            if total > 1 or item is not axes:
                item.yaxis.set_major_locator(MaxNLocator(3))
            if item.get_subplotspec().is_last_row():
                item.set_xlabel(facts["time_label"])
            if profile:
                _name_features(item, facts)
    if total > 1:
        figure.supylabel(value_label, fontsize=look.font_size)
        if residual is not None:
            style.note(grid[0][1], "residual", look)
    else:
        figure.align_ylabels()
        if caption:
            style.note(grid[0][0], caption, look)
    marks = [version.handle() for version in versions]
    style.legend(figure, marks, look, title=caption if total > 1 else "")


def _panels_that_fit(channels: int, look: FigureStyle) -> int:
    if channels == 1:
        return 1
    room = look.height_mm - 25.0
    return max(1, min(channels, int(room / PANEL_MM)))


def _curve(axes: Axes, x: np.ndarray, y: np.ndarray, version: Version, look: FigureStyle) -> None:
    width = version.width * min(1.0, look.font_size / 9.0)
    x = x if version.time is None else np.asarray(version.time, dtype=float)
    if version.dots:
        axes.plot(x, y, "o", color=version.colour, ms=3.5 * min(1.0, look.font_size / 9.0))
        return
    axes.plot(x, y, color=version.colour, lw=width, ls=_dashes(version))
    # A value between two missing ones has no line to either side: only a dot shows it.
    seen = np.isfinite(y)
    before, after = np.r_[False, seen[:-1]], np.r_[seen[1:], False]
    alone = seen & ~before & ~after
    if alone.any():
        axes.plot(x[alone], y[alone], "o", color=version.colour, ms=width * 1.5)


def _name_features(axes: Axes, facts: Mapping[str, Any]) -> None:
    names = list(facts["channel_names"])
    if len(names) <= 12 and not names[0].startswith("feature "):
        axes.set_xticks(facts["time"], [style.short(name, 14) for name in names], rotation=30, ha="right")
    else:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _pictures(
    figure: Figure,
    facts: Mapping[str, Any],
    versions: Sequence[Version],
    look: FigureStyle,
    residual: tuple[str, np.ndarray] | None,
    caption: str,
) -> None:
    shown = [(version.name, *as_picture(version.values)) for version in versions]
    count = len(shown) + (residual is not None)
    columns = 2 if count == 4 and look.width_mm < 2.2 * look.height_mm else count
    grid: Any = figure.subplots(count // columns, columns, squeeze=False)
    finite = [image[np.isfinite(image)] for _, image, rgb in shown if not rgb]
    together = np.concatenate(finite) if finite else np.zeros(0)
    low, high = (float(together.min()), float(together.max())) if together.size else (0.0, 1.0)
    drawn = None
    for axes, (name, image, rgb) in zip(grid.flat, shown, strict=False):
        if rgb:
            axes.imshow(np.clip(image if image.max() <= 1.0 else image / 255.0, 0.0, 1.0), interpolation="nearest")
        else:
            drawn = axes.imshow(image, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
        axes.set_title(name, fontsize=look.font_size, loc="center")
    if drawn is not None:
        beside, side = (list(grid[:, 0]), "left") if residual is not None else (list(grid.flat), "right")
        name = _value_name(versions[0].values)
        _bar(figure, drawn, beside, side, with_unit(name, facts["unit"]), look)
    if residual is not None:
        title, values = residual
        image = values.mean(axis=-1)
        size = float(np.nanmax(np.abs(image), initial=0.0)) or 1.0
        axes = grid.flat[count - 1]
        drawn = axes.imshow(image, cmap="RdBu_r", vmin=-size, vmax=size, interpolation="nearest")
        axes.set_title(title, fontsize=look.font_size, loc="center")
        name = "residual" if values.shape[-1] == 1 else f"residual, mean of {values.shape[-1]} channels"
        _bar(figure, drawn, list(grid[:, -1]), "right", with_unit(name, facts["unit"]), look)
    for axes in grid.flat:
        axes.set(xticks=[], yticks=[])
        for spine in axes.spines.values():
            spine.set(visible=True, color=style.palette_of(look).line)
    if caption:
        figure.suptitle(
            style.wrapped(caption, look), fontsize=look.font_size * 0.85, color=style.palette_of(look).muted
        )


def as_picture(values: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return an image ``(H, W)`` or ``(H, W, 3)``, and whether it is of the second kind."""
    channels = values.shape[-1]
    if channels == 3:
        return values, True
    return (values[..., 0] if channels == 1 else np.nanmean(values, axis=-1)), False


def _value_name(values: np.ndarray) -> str:
    channels = values.shape[-1]
    return "value" if channels in (1, 3) else f"mean of {channels} channels"


def _bar(figure: Figure, drawn: Any, beside: list[Axes], side: Any, label: str, look: FigureStyle) -> None:
    bar = figure.colorbar(drawn, ax=beside, location=side, shrink=0.8, aspect=28)
    bar.outline.set_visible(False)  # type: ignore[operator] - the stubs call it by another name
    bar.set_label(label)
    style.dress(bar.ax, look)


def _points(
    figure: Figure, facts: Mapping[str, Any], versions: Sequence[Version], look: FigureStyle, caption: str
) -> None:
    palette = style.palette_of(look)
    names = [with_unit(style.short(name), facts["unit"]) for name in facts["channel_names"]]
    dimensions = len(names)
    axes: Any = figure.add_subplot(projection="3d") if dimensions == 3 else figure.add_subplot()

    def place(points: np.ndarray) -> list[np.ndarray]:
        points = np.atleast_2d(points)
        return [points[:, 0], np.zeros(len(points))] if dimensions == 1 else list(points.T)

    handles = []
    background = facts["background"]
    if background is not None:
        axes.scatter(*place(np.asarray(background)), s=4, color=palette.unlabelled, alpha=0.5, lw=0)
        handles.append(Line2D([], [], color=palette.unlabelled, marker="o", ls="none", ms=3, label="samples"))
    for version in versions:
        face = "none" if version.dashed else version.colour
        mark: dict[str, Any] = {"marker": version.marker, "linewidths": 1.3, "s": 46, "zorder": 5}
        mark |= {"color": version.colour} if version.marker == "x" else {"ec": version.colour, "fc": face}
        if dimensions == 3:
            mark["depthshade"] = False  # else what is far away fades
        axes.scatter(*place(version.values), **mark)
        handles.append(
            Line2D([], [], marker=version.marker, ls="none", mfc=face, mec=version.colour, label=version.name)
        )
    axes.set_xlabel(names[0])
    if dimensions == 1:
        axes.set(yticks=[])
        axes.spines["left"].set_visible(False)
    else:
        axes.set_ylabel(names[1])
        axes.set_aspect("equal", adjustable="box")
    if dimensions == 3:
        axes.set_zlabel(names[2])
        for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
            axis.set_pane_color(palette.field)
            axis.line.set_color(palette.muted)
        axes.tick_params(axis="z", labelcolor=palette.text, labelsize=look.font_size * 0.9)
    style.dress(axes, look)
    if caption:
        style.note(axes, caption, look)
    style.legend(figure, handles, look)
    if dimensions == 3:
        _fit(figure, axes)


def _sentences(figure: Figure, versions: Sequence[Version], look: FigureStyle, caption: str) -> None:
    """Write each version below its name, broken into lines where the figure's width asks for it."""
    grid: Any = figure.subplots(len(versions), 1, squeeze=False)
    for (axes,), version in zip(grid, versions, strict=True):
        axes.set_axis_off()
        axes.set_title(version.name, fontsize=look.font_size * 0.85, color=version.colour, loc="left")
        text = style.wrapped(str(version.values), look)
        axes.text(0.0, 1.0, text, va="top", fontsize=look.font_size * 1.1, color=style.palette_of(look).text)
    if caption:
        figure.supxlabel(
            style.wrapped(caption, look), fontsize=look.font_size * 0.85, color=style.palette_of(look).muted
        )


def _fit(figure: Figure, axes: Any) -> None:
    """Shrink a 3-D box until its labels are on the paper: the layout does not see how far they reach."""
    for zoom in (1.0, 0.9, 0.8, 0.7, 0.6):
        axes.set_box_aspect(None, zoom=zoom)
        figure.draw_without_rendering()
        box = figure.get_tightbbox()
        width, height = figure.get_size_inches()
        if box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height:
            break
    # Another pass would move the axes again, and the labels with them.
    figure.set_layout_engine("none")
