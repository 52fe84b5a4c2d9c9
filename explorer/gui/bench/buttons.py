"""The buttons of the bench."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton


def button(text: str, name: str, accessible: str, tip: str) -> QPushButton:
    """Return a button of the bench, which Return presses only where it has the focus."""
    made = QPushButton(text)
    made.setObjectName(f"bench_{name}")
    made.setAccessibleName(accessible)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    return made
