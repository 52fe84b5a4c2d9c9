"""Clusters among the codes: found, judged, counted, and put on the map as colours."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from explorer.gui.panels.analysis.page import AnalysisPage
from explorer.gui.plots.bar_rows import BarRow, BarRows
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted
from explorer.workspace.messages import Clusters, FindClusters

_SCORES = {
    "silhouette": ("Silhouette", "How much nearer codes are to their own cluster than to the next: −1 to 1"),
    "ari": ("Match (ARI)", "Adjusted Rand index with the labels: 0 is chance, 1 the same groups"),
    "nmi": ("Match (NMI)", "Normalised mutual information with the labels: 0 is none, 1 the same groups"),
}
_MOST = 12
"""Clusters whose sizes are drawn; the rest are summed up."""


class ClustersPage(AnalysisPage):
    """Asks for clusters by k-means or HDBSCAN, and colours the map by them."""

    name = "clusters"
    heading = "Clusters of the codes"
    purpose = "Whether the codes fall into groups by themselves, and how these agree with the labels."
    action = "Find clusters"
    figure = "clusters"

    def setting_widgets(self) -> list[QWidget]:
        """Ask for the method and its one number."""
        self.method = QComboBox()
        self.method.setObjectName("clusters-method")
        self.method.setAccessibleName("Method")
        self.method.setToolTip("k-means finds so many round groups; HDBSCAN finds dense ones, and leaves noise out")
        self.method.addItem("k-means", "k-means")
        self.method.addItem("HDBSCAN", "hdbscan")
        self.count = _spin("clusters-count", "Number of clusters", 1, 64, " clusters")
        self.count.setSpecialValueText("best number")
        self.count.setToolTip("How many clusters; by default the number from 2 to 10 with the best silhouette")
        self.smallest = _spin("clusters-smallest", "Smallest cluster", 2, 10_000, " codes at least")
        self.smallest.setValue(10)
        self.smallest.setToolTip("How many codes make a cluster, at least; what is left over is noise")
        self.method.currentIndexChanged.connect(self._method_changed)
        for box in (self.count, self.smallest):
            box.valueChanged.connect(self.refresh)
        self.smallest.hide()
        return [self.method, self.count, self.smallest]

    def _method_changed(self) -> None:
        k_means = self.method.currentData() == "k-means"
        self.count.setVisible(k_means)
        self.smallest.setVisible(not k_means)
        self.refresh()

    def settings(self) -> dict[str, Any]:
        """Return the method and its number."""
        if self.method.currentData() == "hdbscan":
            return {"method": "hdbscan", "params": {"smallest": self.smallest.value()}}
        count = self.count.value()
        return {"method": "k-means", "params": {"clusters": count if count >= 2 else None}}

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for the clusters of all codes."""
        model, data = self.workspace.model_ref, self.workspace.data
        assert model is not None
        assert data is not None
        return "find_clusters", FindClusters(model, data, settings["method"], settings["params"])

    def make_body(self) -> QWidget:
        """Make the sizes at the left, the scores and the button at the right."""
        self.sizes = BarRows("cluster-sizes", "Sizes of the clusters")
        self.scores = BarRows("cluster-scores", "How good the clusters are")
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("clusters-verdict")
        self.colour_button = QPushButton("Colour the map")
        self.colour_button.setObjectName("clusters-colour")
        self.colour_button.setAccessibleName("Colour the map by these clusters")
        self.colour_button.setToolTip("Keep the clusters as a column of the data, and colour the map by it")
        self.colour_button.clicked.connect(self._colour)
        body = QWidget()
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.sizes)
        left.addStretch(1)
        line = QHBoxLayout()
        line.addWidget(self.colour_button)
        line.addStretch(1)
        right.addWidget(self.verdict)
        right.addWidget(self.scores)
        right.addLayout(line)
        right.addStretch(1)
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, GRID // 2, 0, 0)
        columns.setSpacing(3 * GRID)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        return body

    def show_result(self, result: Clusters) -> None:
        """Draw the sizes and the scores, and say in a sentence what they mean."""
        labels, total = result.labels, len(result.labels)
        sizes = np.bincount(labels[labels >= 0], minlength=result.n_clusters)
        largest = max(int(sizes.max(initial=0)), int((labels < 0).sum()), 1)
        rows = [
            BarRow(f"cluster {i}", size / largest, f"{size:,} ({size / total:.0%})", f"class:{i}")
            for i, size in enumerate(sizes[:_MOST])
        ]
        if len(sizes) > _MOST:
            rest = int(sizes[_MOST:].sum())
            rows.append(BarRow(f"{len(sizes) - _MOST} more", rest / largest, f"{rest:,}", "muted"))
        if noise := int((labels < 0).sum()):
            rows.append(BarRow("noise", noise / largest, f"{noise:,} ({noise / total:.0%})", "unlabelled"))
        self.sizes.set_rows(rows)
        self.scores.set_rows(
            [
                BarRow(_SCORES[key][0], value, f"{value:.3f}", "good" if value > 0.5 else "accent", strong=True)
                for key, value in result.scores.items()
                if key in _SCORES and value == value
            ]
        )
        self.scores.setToolTip("\n".join(f"{title}: {tip}" for title, tip in _SCORES.values()))
        self.verdict.setText(verdict(result))

    def _colour(self) -> None:
        result = self.inquiry.result
        assert isinstance(result, Clusters)
        self.controller.guard(lambda: self.workspace.colour_by_result(*column(result)))

    def count_words(self, result: Clusters) -> str:
        """Say of how many codes."""
        return counted(len(result.labels), "code")


def column(result: Clusters) -> tuple[str, np.ndarray]:
    """Return name and values ``(N,)`` of the column that keeps the clusters: names, so that they are classes."""
    width = len(str(max(result.n_clusters - 1, 0)))
    names = np.array([*(f"cluster {i:0{width}d}" for i in range(result.n_clusters)), "noise"])
    return f"clusters ({result.method})", names[result.labels]


def verdict(result: Clusters) -> str:
    """Say what the scores mean, in a sentence."""
    if result.n_clusters == 0:
        return "No clusters: all codes are noise. Lower the smallest size."
    found = counted(result.n_clusters, "cluster")
    silhouette = result.scores.get("silhouette", float("nan"))
    how = "" if silhouette != silhouette else next(
        words for least, words in ((0.5, "well apart"), (0.25, "loosely apart"), (-1, "hardly apart"))
        if silhouette >= least
    )  # fmt: skip
    text = f"{found}, {how}" if how else found
    if "ari" in result.scores:
        ari = result.scores["ari"]
        agree = "they match the labels" if ari > 0.9 else "they partly match the labels" if ari > 0.3 else (
            "they are not the labels"
        )  # fmt: skip
        text += f"; {agree}"
    return f"{text}."


def _spin(name: str, accessible: str, low: int, high: int, suffix: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setSuffix(suffix)
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    return box
