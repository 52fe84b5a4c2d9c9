"""How every figure looks, whatever the settings of the person's own matplotlib are."""

from __future__ import annotations

import logging
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from cycler import cycler
from matplotlib import font_manager, style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from explorer.analysis.look import FigureStyle, pixels
from explorer.analysis.palette import PALETTES, Palette

# Those of these that are installed lend their glyphs to text that DejaVu Sans, which matplotlib ships, has none for.
_FALLBACKS = (
    "Noto Sans", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK KR", "Source Han Sans", "Hiragino Sans",
    "PingFang SC", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "WenQuanYi Zen Hei", "Arial Unicode MS",
    "Noto Sans Arabic", "Noto Sans Devanagari", "Noto Emoji", "Segoe UI Symbol",
)  # fmt: skip


def palette_of(look: FigureStyle) -> Palette:
    """Return the colours of a style's theme."""
    return PALETTES[look.theme]


@cache
def font_families() -> tuple[str, ...]:
    """Return DejaVu Sans and those of the fallback fonts that are installed."""
    installed = set(font_manager.get_font_names())
    return ("DejaVu Sans", *(name for name in _FALLBACKS if name in installed))


@contextmanager
def applied(look: FigureStyle) -> Iterator[None]:
    """Within this, matplotlib draws in the style; its global settings come back afterwards.

    A glyph that no font has is drawn as an empty box, without a warning: the box says it.
    """
    logger = logging.getLogger("fontTools")
    level = logger.level
    with style.context(["default", _settings(look)]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        warnings.filterwarnings("error", message="constrained_layout not applied")
        logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            logger.setLevel(level)


def _settings(look: FigureStyle) -> dict[str, Any]:
    palette, size = palette_of(look), look.font_size
    return {
        "font.family": list(font_families()),
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size,
        "legend.fontsize": size * 0.9,
        "xtick.labelsize": size * 0.9,
        "ytick.labelsize": size * 0.9,
        "figure.facecolor": palette.field,
        "savefig.facecolor": palette.field,
        "savefig.edgecolor": "none",
        "axes.facecolor": palette.field,
        "text.color": palette.text,
        "axes.labelcolor": palette.text,
        "axes.titlecolor": palette.text,
        "axes.edgecolor": palette.muted,
        "xtick.color": palette.muted,
        "ytick.color": palette.muted,
        "xtick.labelcolor": palette.text,
        "ytick.labelcolor": palette.text,
        "grid.color": palette.line,
        "grid.linewidth": 0.5,
        "axes.linewidth": 0.6,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 3.0,
        "ytick.major.size": 3.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.titlelocation": "left",
        "axes.prop_cycle": cycler(color=palette.classes),
        "axes.formatter.useoffset": False,
        "lines.linewidth": 1.2,
        "legend.frameon": False,
        "legend.handlelength": 1.6,
        "legend.columnspacing": 1.4,
        "text.parse_math": False,  # a class called "$x$ or $y" is a name, not a formula
        "path.simplify": True,
        # Outlines in SVG look the same everywhere, whatever fonts there are; PDF carries its fonts (TrueType), so
        # that its text can be searched and copied.
        "svg.fonttype": "path",
        "pdf.fonttype": 42,
        "svg.hashsalt": "latentscape",
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.w_pad": 0.09,
        "figure.constrained_layout.h_pad": 0.09,
    }


def new_figure(look: FigureStyle) -> Figure:
    """Return an empty figure of the style's size. Call it, and fill it, within `applied`."""
    # A PNG's size is cut to whole pixels: a hair more keeps it from losing one.
    width, height = ((count + 0.01) / look.dpi for count in pixels(look))
    return Figure(figsize=(width, height), dpi=look.dpi, layout="constrained")


def dress(axes: Axes, look: FigureStyle) -> None:
    """Fix the colours and sizes of ticks, which matplotlib otherwise takes from the settings when it first draws."""
    palette = palette_of(look)
    size = look.font_size * 0.9
    axes.tick_params(color=palette.muted, labelcolor=palette.text, labelsize=size, width=0.6, length=3)
    axes.xaxis.get_offset_text().set(color=palette.text, fontsize=size)
    axes.yaxis.get_offset_text().set(color=palette.text, fontsize=size)


Mark = Line2D | tuple[Line2D, ...]
"""What stands for something in a legend; of a tuple, all over one another, the first naming them."""


def legend(figure: Figure, marks: Sequence[Mark], look: FigureStyle, *, side: str = "top", title: str = "") -> None:
    """Put a legend outside the axes, above them (`side` "top") or to their right, in as many columns as it needs."""
    if not marks:
        return
    labels = [str((mark[0] if isinstance(mark, tuple) else mark).get_label()) for mark in marks]
    if side == "right":
        rows = max(1, int(look.height_mm / 25.4 * 72 / (look.font_size * 1.6)) - 1)
        place, columns = "outside right upper", -(-len(marks) // rows)
    else:
        entry = (max(map(len, labels)) * 0.6 + 4) * look.font_size * 0.9
        place, columns = "outside upper center", max(1, min(len(marks), int(look.width_mm / 25.4 * 72 / entry)))
    box = figure.legend(
        handles=list(marks), labels=labels, loc=place, ncols=columns, title=wrapped(title, look) or None
    )
    box.get_title().set(fontsize=look.font_size * 0.85, color=palette_of(look).muted)


def note(axes: Axes, text: str, look: FigureStyle) -> None:
    """Write a quiet line above the left end of some axes."""
    axes.set_title(wrapped(text, look), fontsize=look.font_size * 0.85, color=palette_of(look).muted, loc="left")


def wrapped(text: str, look: FigureStyle) -> str:
    """Return a caption in as many lines as the figure's width asks for."""
    fit = (look.width_mm - 20.0) / 25.4 * 72 / (look.font_size * 0.85 * 0.58)
    return textwrap.fill(text, max(12, int(fit)))


def short(text: object, length: int = 28) -> str:
    """Return text for a label, cut with an ellipsis where it is too long, on one line."""
    line = " ".join(str(text).split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
