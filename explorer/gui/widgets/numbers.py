"""Numbers as people read them."""

from __future__ import annotations

import math


def number(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits and a true minus: "−0.0123", "1.2e+06"."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value and not 1e-4 <= abs(value) < 1e5:
        text = f"{value:.{digits - 1}e}"
    else:
        decimals = digits - 1 - (math.floor(math.log10(abs(value))) if value else 0)
        text = f"{value:.{min(max(decimals, 0), 6)}f}"
    return text.replace("-", "−", 1) if text.startswith("-") else text


def decibel(value: float, *, sign: bool = True) -> str:
    """Return a gain with one decimal: "+12.3 dB", "−6.3 dB"."""
    if not math.isfinite(value):
        return f"{number(value)} dB"
    value = round(value, 1) or 0.0  # no "−0.0"
    text = f"{value:+.1f}" if sign and value else f"{value:.1f}"
    return text.replace("-", "−") + " dB"


def duration(seconds: float) -> str:
    """Return a time to wait: "0:07", "12:30", "1:05:00"."""
    whole = round(max(0.0, seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def code_text(z: list[float], most: int = 8) -> str:
    """Return a code as text: "(0.52, −1.30)"; of a long one the first coordinates, and how many more."""
    shown = ", ".join(f"{value:.2f}".replace("-", "−") for value in z[:most])
    return f"({shown}, … {len(z) - most} more)" if len(z) > most else f"({shown})"
