"""Melodies on piano rolls, one above the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter

from explorer.analysis.figures import style
from explorer.analysis.look import FigureStyle
from explorer.data.notation import notes_of, pitch_name

Roll = tuple[str, np.ndarray, str, bool]
"""What it is called, its tokens ``(T,)``, its colour, and whether notes are drawn as outlines."""
_BLACK = (1, 3, 6, 8, 10)
_MARGIN = 2
"""Semitones beyond the lowest and highest note."""


def draw_rolls(
    figure: Figure, facts: Mapping[str, Any], rolls: Sequence[Roll], look: FigureStyle, caption: str = ""
) -> None:
    """Draw melodies below each other, with the same pitches and bars, and numbered bars.

    Parameters
    ----------
    figure : Figure
    facts : mapping
        "vocabulary" and "bar", as in `explorer.analysis.figures.samples`.
    rolls : sequence of Roll
    look : FigureStyle
    caption : str
    """
    vocabulary, bar = tuple(facts["vocabulary"]), int(facts["bar"])
    found = [notes_of(np.asarray(tokens), vocabulary) for _, tokens, _, _ in rolls]
    pitches = np.concatenate([notes.pitches for notes in found])
    low, high = (int(pitches.min()), int(pitches.max())) if len(pitches) else (60, 72)
    low, high = low - _MARGIN, max(high, low + 8) + _MARGIN
    steps = max(len(tokens) for _, tokens, _, _ in rolls)
    grid: Any = figure.subplots(len(rolls), 1, sharex=True, sharey=True, squeeze=False)
    for (axes,), (name, _, colour, outlined), notes in zip(grid, rolls, found, strict=True):
        _keys(axes, low, high, steps, look)
        for start, end, pitch in zip(notes.starts, notes.ends, notes.pitches, strict=True):
            face = "none" if outlined else colour
            box = Rectangle((start + 0.08, pitch - 0.4), end - start - 0.16, 0.8, fc=face, ec=colour, lw=0.8)
            axes.add_patch(box)
        axes.set(xlim=(0, steps), ylim=(low - 0.5, high + 0.5))
        style.note(axes, name, look)
        style.dress(axes, look)
        axes.grid(False)
        for at in range(0, steps + 1, bar):
            axes.axvline(at, color=style.palette_of(look).line, lw=0.8, zorder=0.6)
        axes.yaxis.set_major_locator(FixedLocator(_named(low, high, crowded=len(rolls) > 3)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: pitch_name(round(value))))
    last: Axes = grid[-1][0]
    bars = steps // bar
    every = max(1, -(-bars // 16))
    last.xaxis.set_major_locator(FixedLocator([bar * i for i in range(0, bars, every)]))
    last.xaxis.set_major_formatter(FuncFormatter(lambda value, _: str(round(value / bar) + 1)))
    last.set_xlabel("bar")
    if caption:
        figure.suptitle(
            style.wrapped(caption, look), fontsize=look.font_size * 0.85, color=style.palette_of(look).muted
        )


def _named(low: int, high: int, *, crowded: bool) -> list[int]:
    """Return the pitches that are named: every C and G, or where rolls are low the lowest and the highest C."""
    if not crowded:
        return [pitch for pitch in range(low, high + 1) if pitch % 12 in (0, 7)]
    octaves = [pitch for pitch in range(low, high + 1) if pitch % 12 == 0]
    return octaves[:1] + octaves[1:][-1:]


def _keys(axes: Axes, low: int, high: int, steps: int, look: FigureStyle) -> None:
    """Shade the rows of the black keys."""
    for pitch in range(low, high + 1):
        if pitch % 12 in _BLACK:
            row = Rectangle((0, pitch - 0.5), steps, 1.0, fc=style.palette_of(look).line, alpha=0.25, lw=0, zorder=0.4)
            axes.add_patch(row)
