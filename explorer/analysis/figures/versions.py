"""Many versions of one series in one figure, each in its colour: what the figures of the denoising bench share.

Content that they share::

    "titles": list of str (K,)     of the curves: "noisy", "clean", and the denoisers'
    "colors": list of str (K,)     a role of the palette ("noisy"), or "class:3" for that of a class
    "dashed": list of bool (K,)    told apart by more than their colours; may be left out
    "name": str                    of the sample, the data and what spoilt them
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.lines import Line2D

from explorer.analysis.figures import style
from explorer.analysis.palette import Palette


@dataclass(frozen=True)
class Look:
    """How one version is drawn."""

    title: str
    color: str
    width: float
    dashes: str
    front: int

    def mark(self) -> Line2D:
        """Return what stands for it in a legend."""
        return Line2D([], [], color=self.color, lw=self.width, ls=self.dashes, label=style.short(self.title))


def looks(content: Mapping[str, Any], palette: Palette) -> list[Look]:
    """Return how each version is drawn: the noisy thin and behind, the clean wide, the denoised over them."""
    titles, colors = content["titles"], content["colors"]
    dashed = content.get("dashed") or [False] * len(titles)
    found = []
    for place, (title, color, dash) in enumerate(zip(titles, colors, dashed, strict=True)):
        width, front = {"noisy": (0.8, 1), "clean": (2.0, 2)}.get(color, (1.1, 3 + place))
        found.append(Look(str(title), color_of(color, palette), width, "--" if dash else "-", front))
    return found


def color_of(name: str, palette: Palette) -> str:
    """Return a palette's role or a class (``class:3``) as ``#RRGGBB``."""
    return palette.class_color(int(name[6:])) if name.startswith("class:") else str(getattr(palette, name))


def columns(titles: list[str], values: np.ndarray, unit: str = "") -> dict[str, np.ndarray]:
    """Return rows ``(K, T)`` as columns by their titles, told apart where two are called alike."""
    found: dict[str, np.ndarray] = {}
    for title, row in zip(titles, np.asarray(values), strict=True):
        name, count = (f"{title} ({unit})" if unit else title), 2
        while name in found:
            name = f"{title} {count} ({unit})" if unit else f"{title} {count}"
            count += 1
        found[name] = row
    return found
