"""By how much one denoiser is ahead of others on the same samples: quartiles, and a dot a sample.

Content: what `explorer.analysis.figures.versions` says of the others, and::

    "reference": str             who is compared with all of them
    "ahead": float (K, N)        dB by which the reference's error is below the other's, of each sample
    "samples": int (N,)          the samples' numbers
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from explorer.analysis.figures import style
from explorer.analysis.figures.versions import columns, looks
from explorer.analysis.look import FigureStyle

SHOWN = 400
"""Samples that have a dot; evenly over all where there are more."""


def draw(content: Mapping[str, Any], look: FigureStyle) -> Figure:
    """Return the figure; see `explorer.analysis.figures.draw`."""
    palette = style.palette_of(look)
    versions, ahead = looks(content, palette), np.asarray(content["ahead"], dtype=float)
    figure = style.new_figure(look)
    axes: Any = figure.add_subplot()
    rng = np.random.default_rng(0)
    place = np.arange(len(versions))[::-1]
    for y, version, row in zip(place, versions, ahead, strict=True):
        known = row[np.isfinite(row)]
        some = known[:: max(1, len(known) // SHOWN)]
        axes.plot(some, y + rng.uniform(-0.3, 0.3, len(some)), "o", ms=2, mew=0, color=version.color, alpha=0.45)
        if len(known):
            low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
            axes.plot([low, high], [y, y], color=palette.text, lw=2.2)
            axes.plot([middle], [y], marker="o", ms=6, mec=palette.text, mfc=palette.field, ls="none")
    axes.axvline(0.0, color=palette.muted, lw=0.9, ls=":")
    axes.set_yticks(place, [style.short(version.title) for version in versions])
    axes.set_ylim(-0.6, len(versions) - 0.4)
    words = f"dB by which {style.short(content['reference'])} is ahead, sample by sample"
    axes.set_xlabel(textwrap.fill(words, max(12, int((look.width_mm - 45) / 25.4 * 72 / (0.6 * look.font_size)))))
    axes.grid(axis="x")
    style.dress(axes, look)
    style.note(axes, style.short(content["name"], 80), look)
    return figure


def numbers(content: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return a row a sample, and by how many dB the reference is ahead of each of the others."""
    found = {"sample": np.asarray(content["samples"])}
    return found | columns([f"ahead of {title}" for title in content["titles"]], content["ahead"], "dB")
