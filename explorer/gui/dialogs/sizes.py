"""Sizes of figures: presets and units."""

from __future__ import annotations

from typing import Literal

Unit = Literal["mm", "in", "px"]

MM_PER_INCH = 25.4

# Widths that most journals ask for (Nature 89 and 183 mm, Elsevier 90 and 190, IEEE 88 and 181, PLOS 132 and 190).
PRESETS: dict[str, tuple[float, float]] = {
    "Journal, one column": (88.0, 66.0),
    "Journal, one and a half": (132.0, 92.0),
    "Journal, two columns": (180.0, 115.0),
    "Slide, 16 : 9": (254.0, 142.9),
}


def to_mm(value: float, unit: Unit, dpi: int) -> float:
    """Return a length in millimetres."""
    if unit == "mm":
        return value
    return value * MM_PER_INCH / (1 if unit == "in" else dpi)


def from_mm(mm: float, unit: Unit, dpi: int) -> float:
    """Return millimetres in another unit; pixels are whole."""
    if unit == "mm":
        return mm
    inches = mm / MM_PER_INCH
    return inches if unit == "in" else float(round(inches * dpi))


def describe(width_mm: float, height_mm: float, dpi: int) -> str:
    """Return a size in every unit: ``"88.0 × 66.0 mm · 3.46 × 2.60 in · 1,039 × 780 px at 300 dpi"``."""
    inches = f"{width_mm / MM_PER_INCH:.2f} × {height_mm / MM_PER_INCH:.2f} in"
    pixels = f"{from_mm(width_mm, 'px', dpi):,.0f} × {from_mm(height_mm, 'px', dpi):,.0f} px at {dpi} dpi"
    return f"{width_mm:.1f} × {height_mm:.1f} mm · {inches} · {pixels}"
