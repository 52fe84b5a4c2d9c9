"""Which pages there are. Nothing of them is imported before it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explorer.gui.controller import Controller
    from explorer.gui.panels.analysis.page import AnalysisPage

_FOLDER = "explorer.gui.panels.analysis"


@dataclass(frozen=True)
class PageEntry:
    """A page of the dock: its title in list and menu, what it tells, and the class that makes it."""

    title: str
    tip: str
    module: str
    cls: str

    def make(self, controller: Controller) -> AnalysisPage:
        """Import the page and make it."""
        return getattr(import_module(f"{_FOLDER}.{self.module}"), self.cls)(controller)


PAGES: dict[str, PageEntry] = {
    "components": PageEntry(
        "Components", "The data's principal components, and how much each explains", "components", "ComponentsPage"
    ),
    "clusters": PageEntry("Clusters", "Groups among the codes, found without labels", "clusters", "ClustersPage"),
    "features": PageEntry(
        "Features", "How well labels can be read from the code, beside raw values and PCA", "features", "FeaturesPage"
    ),
    "pretraining": PageEntry(
        "Pre-training", "Accuracy with few labels, with this encoder and from scratch", "pretraining", "PretrainingPage"
    ),
    "outliers": PageEntry("Outliers", "The samples that the model reconstructs worst", "outliers", "OutliersPage"),
    "forecast": PageEntry("Forecast", "What comes next, beside the truth and persistence", "forecast", "ForecastPage"),
    "segments": PageEntry("Segments", "The class of every step or pixel, beside the truth", "segments", "SegmentsPage"),
}
"""In the order of the list and of the menu."""
