"""How each role of a sample is drawn: one colour, width and dash for it, everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor

from explorer.gui.theme import theme


def mixed_color(first: str, second: str, share: float) -> str:
    """Return the colour at `share` of the way between two of the palette's roles, for `color_of`."""
    return f"mix:{first}:{second}:{share}"


def color_of(name: str, alpha: float = 1.0) -> QColor:
    """Return the colour of a palette's role, of a class (``class:3``), or ``#RRGGBB``, in the theme in force."""
    if name.startswith("#"):
        return QColor(name)
    if name.startswith("mix:"):
        first, second, share = name[4:].split(":")
        a, b, part = theme().color(first), theme().color(second), float(share)
        red, green, blue = (
            round(x + (y - x) * part) for x, y in ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
        )
        return QColor(red, green, blue, round(255 * alpha))
    if not name.startswith("class:"):
        return theme().color(name, alpha)
    color = QColor(theme().palette.class_color(int(name[6:])))
    color.setAlphaF(alpha)
    return color


@dataclass(frozen=True)
class CurveStyle:
    """How a curve looks.

    Parameters
    ----------
    title : str
        What the legend calls it.
    color : str
        As `color_of` takes it.
    width : float
        Of the line, in pixels.
    dashed : bool
    front : int
        Curves with a higher number are drawn over those with a lower.
    observed : bool
        What was observed: where samples have times of their own it is dots, since nobody knows what was between.
    """

    title: str
    color: str
    width: float = 1.5
    dashed: bool = False
    front: int = 0
    observed: bool = False

    def qcolor(self) -> QColor:
        """Return the colour in the theme in force."""
        return color_of(self.color)


ROLES: dict[str, CurveStyle] = {
    "noisy": CurveStyle("noisy", "noisy", width=1.0, front=1, observed=True),
    "nearest": CurveStyle("nearest sample", "nearest", width=1.0, front=2, observed=True),
    "clean": CurveStyle("clean", "clean", width=3.0, front=3),
    "denoised": CurveStyle("denoised", "denoised", width=1.5, front=4),
    "decoded": CurveStyle("decoded", "decoded", width=2.0, front=5),
    "recorded": CurveStyle("decoded", "decoded", width=2.0, front=5, observed=True),
    "expected": CurveStyle("mean", mixed_color("decoded", "field", 0.6), width=1.0, front=1),
    "before": CurveStyle("noisy − clean", "noisy", width=1.0, front=1),
    "residual": CurveStyle("denoised − clean", "denoised", width=1.5, front=2),
    "removed": CurveStyle("noisy − denoised", "noisy", width=1.5, front=2),
    "less": CurveStyle("− component", "train", width=1.5, front=2),
    "mean": CurveStyle("mean", "muted", width=1.5, dashed=True, front=1),
    "plus": CurveStyle("+ component", "validation", width=1.5, front=3),
    "truth": CurveStyle("truth", "clean", width=2.5, front=2),
    "forecast": CurveStyle("forecast", "decoded", width=2.0, front=4),
    "persistence": CurveStyle("persistence", "muted", width=1.2, dashed=True, front=3),
    "autoregression": CurveStyle("autoregression", "noisy", width=1.2, dashed=True, front=2),
    "predicted": CurveStyle("predicted", "text"),
    "true": CurveStyle("true", "text"),
    "sample": CurveStyle("sample", "text", width=1.2, front=2, observed=True),
    "translated": CurveStyle("translated", "decoded"),
    "source": CurveStyle("nearest sample", "nearest"),
    "translation": CurveStyle("its translation", "clean"),
}


def style_of(role: str) -> CurveStyle:
    """Return the style of a role; another name is drawn in the colour of text."""
    return ROLES.get(role) or CurveStyle(role, "text")
