"""The Analysis dock: a list of questions at the left, the page of one at the right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from explorer.gui.panels.analysis.pages import PAGES
from explorer.gui.panels.pages_panel import PageEntry, PagesPanel


class AnalysisPanel(PagesPanel):
    """Shows one question at a time."""

    pages: ClassVar[Mapping[str, PageEntry]] = PAGES
    name: ClassVar[str] = "analysis"
    title: ClassVar[str] = "Analyses"
    tip: ClassVar[str] = "What to ask of the run and its data"
