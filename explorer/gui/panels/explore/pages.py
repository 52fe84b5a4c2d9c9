"""Which pages the Explore dock has. Nothing of them is imported before it is shown."""

from __future__ import annotations

from explorer.gui.panels.pages_panel import PageEntry

_FOLDER = "explorer.gui.panels.explore"

PAGES: dict[str, PageEntry] = {
    "path": PageEntry("Path", "From one place to another, step by step", f"{_FOLDER}.path", "PathPage"),
    "palette": PageEntry("Palette", "Four samples, and what lies between them", f"{_FOLDER}.palette", "PalettePage"),
    "group": PageEntry("Group", "A sample on its way from class to class", f"{_FOLDER}.group", "GroupPage"),
    "draw": PageEntry("Draw", "Samples drawn from the prior, or like the codes", f"{_FOLDER}.draw", "DrawPage"),
}
"""In the order of the list."""
