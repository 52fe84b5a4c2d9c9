"""What figures there are and how they look. Without matplotlib, so that anyone may know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from explorer.analysis.palette import ThemeName
from explorer.errors import InputError

FigureKind = Literal[
    "map", "loss", "decode", "denoise", "spectrum", "features", "labels", "forecast", "segments",
    "clusters", "outliers", "generation", "decision", "path",
    "bench_sample", "bench_residuals", "bench_spectrum", "bench_spectrogram", "bench_levels", "bench_scores",
    "bench_pairs",
]  # fmt: skip
MM = 1 / 25.4
MAX_PIXELS = 150_000_000


@dataclass(frozen=True)
class FigureStyle:
    """Size in millimetres, dots per inch (of PNG, and of dense points in SVG and PDF), colours, text size in points."""

    width_mm: float = 160.0
    height_mm: float = 110.0
    dpi: int = 300
    theme: ThemeName = "print"
    font_size: float = 9.0


def check(look: FigureStyle) -> None:
    """Raise `InputError` if a figure of this style cannot be made."""
    for what, value, low, high, unit in (
        ("width", look.width_mm, 20, 2000, "mm"),
        ("height", look.height_mm, 20, 2000, "mm"),
        ("resolution", look.dpi, 30, 2400, "dpi"),
        ("font size", look.font_size, 3, 72, "pt"),
    ):
        if not low <= value <= high:
            raise InputError(f"a figure's {what} cannot be {value:g} {unit}", remedy=f"Give {low} to {high} {unit}")
    width, height = pixels(look)
    if width * height > MAX_PIXELS:
        raise InputError(
            f"a figure of {width} × {height} pixels is too large", remedy="Lower the resolution or the size"
        )


def pixels(look: FigureStyle) -> tuple[int, int]:
    """Return width and height of the PNG."""
    return round(look.width_mm * MM * look.dpi), round(look.height_mm * MM * look.dpi)
