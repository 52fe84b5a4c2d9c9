"""The Explore dock: a list of ways through the codes at the left, the page of one at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from explorer.gui.panels.explore.pages import PAGES
from explorer.gui.panels.pages_panel import PageEntry, PagesPanel


class ExplorePanel(PagesPanel):
    """Shows one way at a time."""

    pages: ClassVar[Mapping[str, PageEntry]] = PAGES
    name: ClassVar[str] = "explore"
    title: ClassVar[str] = "Ways to explore"
    tip: ClassVar[str] = "Ways through the codes of the run"
