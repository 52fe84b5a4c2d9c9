"""Which pages there are. Nothing of them is imported before it is shown."""

from __future__ import annotations

from explorer.gui.panels.pages_panel import PageEntry

_FOLDER = "explorer.gui.panels.analysis"

PAGES: dict[str, PageEntry] = {
    "components": PageEntry(
        "Components",
        "The data's principal components, and how much each explains",
        f"{_FOLDER}.components",
        "ComponentsPage",
    ),
    "clusters": PageEntry(
        "Clusters", "Groups among the codes, found without labels", f"{_FOLDER}.clusters", "ClustersPage"
    ),
    "features": PageEntry(
        "Features",
        "How well labels can be read from the code, beside raw values and PCA",
        f"{_FOLDER}.features",
        "FeaturesPage",
    ),
    "pretraining": PageEntry(
        "Pre-training",
        "Accuracy with few labels, with this encoder and from scratch",
        f"{_FOLDER}.pretraining",
        "PretrainingPage",
    ),
    "outliers": PageEntry(
        "Outliers", "The samples that the model reconstructs worst", f"{_FOLDER}.outliers", "OutliersPage"
    ),
    "forecast": PageEntry(
        "Forecast", "What comes next, beside the truth and persistence", f"{_FOLDER}.forecast", "ForecastPage"
    ),
    "segments": PageEntry(
        "Segments", "The class of every step or pixel, beside the truth", f"{_FOLDER}.segments", "SegmentsPage"
    ),
    "generation": PageEntry(
        "Generation",
        "How what the model generates compares with real samples",
        f"{_FOLDER}.generation",
        "GenerationPage",
    ),
    "decision": PageEntry(
        "Decision",
        "Where p(x, y) and p(y|x) divide the classes, on a plane of samples",
        f"{_FOLDER}.decision",
        "DecisionPage",
    ),
}
"""In the order of the list and of the menu."""
