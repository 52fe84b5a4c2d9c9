"""Whether things may move by themselves."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStyle


def reduced_motion() -> bool:
    """Return whether the desktop asks programs not to animate, as Qt learns it from the platform's settings."""
    style = QApplication.style()
    return style.styleHint(QStyle.StyleHint.SH_Widget_Animate) == 0
