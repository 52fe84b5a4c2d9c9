"""The buttons of the bench."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from explorer.gui.widgets.buttons import quiet_button


def button(text: str, name: str, accessible: str, tip: str) -> QPushButton:
    """Return a button of the bench, which Return presses only where it has the focus."""
    return quiet_button(text, f"bench_{name}", accessible, tip)
