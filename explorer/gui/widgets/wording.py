"""Amounts as people say them in a sentence."""

from __future__ import annotations


def span(seconds: float) -> str:
    """Return a time span to about two digits: ``"0.4 s"``, ``"40 s"``, ``"3 min"``, ``"1 h 5 min"``."""
    if seconds < 1:
        return f"{max(seconds, 0.1):.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h {minutes} min" if minutes and hours < 10 else f"{hours:,} h"


def counted(count: int, word: str, plural: str = "") -> str:
    """Return ``"1 step"``, ``"2,000 steps"``."""
    return f"{count:,} {word if count == 1 else plural or word + 's'}"
