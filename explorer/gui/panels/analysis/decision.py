"""Where a class-conditional VAE divides the classes: by p(x, y) and Bayes' rule, beside its network q(y|x)."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from explorer.gui.panels.analysis.page import AnalysisPage
from explorer.gui.plots.decision import DecisionPlot
from explorer.gui.plots.gallery import Gallery
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.flow import FlowLayout
from explorer.gui.widgets.labels import Words
from explorer.workspace.messages import Decisions, MapDecisions

TITLES = {"generative": "Generative: p(x, y), by Bayes' rule", "discriminative": "Discriminative: the network q(y|x)"}
TIPS = {
    "generative": "The class with the highest p(x, y) at each point of the plane; the clearer, the surer",
    "discriminative": "The class that q(y|x) takes each point of the plane to be; the clearer, the surer",
}
NAMED = 12
"""Classes that the key names."""
FIT = 0.01
"""Accuracies so near to each other count as equal."""


class DecisionPage(AnalysisPage):
    """Draws both maps beside each other, and shows new samples of each class."""

    name = "decision"
    heading = "Generative or discriminative?"
    purpose = "Which class the model takes every point of a plane of samples to be: by Bayes' rule, and by a network."
    action = "Map the decisions"
    figure = "decision"

    def obstacle(self) -> str:
        """Say that the model must learn p(x, y), of numbers."""
        from explorer.models.recipes.conditional_vae import ConditionalVAE

        recipe, data = self.recipe, self.workspace.data
        if recipe is not None and not issubclass(recipe, ConditionalVAE):
            return f"{recipe.title} does not learn p(x, y). Train a class-conditional VAE, on data with labels."
        if data is not None and data.vocabulary:
            return "There is no plane through texts or melodies: it takes numbers."
        return ""

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for both maps."""
        model, data = self.workspace.model_ref, self.workspace.data
        assert model is not None
        assert data is not None
        return "map_decisions", MapDecisions(model, data)

    def make_body(self) -> QWidget:
        """Make the sentence, the key, and the two maps or the new samples below."""
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("decision-verdict")
        self.what = QComboBox()
        self.what.setObjectName("decision-what")
        self.what.setAccessibleName("What is shown")
        self.what.setToolTip("The maps of both, or new samples that the model makes of each class")
        self.what.addItem("Maps", "maps")
        self.what.addItem("New samples", "samples")
        self.what.currentIndexChanged.connect(self._choose)
        self.key = QWidget()
        self.key.setObjectName("decision-key")
        self._key_line = FlowLayout(self.key, spacing=GRID)
        self.plots = {name: self._plot(name) for name in TITLES}
        first, second = self.plots.values()
        second.box.setXLink(first.box)
        second.box.setYLink(first.box)
        maps = QWidget()
        beside = QHBoxLayout(maps)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(GRID)
        for name, plot in self.plots.items():
            column = QVBoxLayout()
            column.setSpacing(GRID // 2)
            column.addWidget(Words(TITLES[name], "small", "muted"))
            column.addWidget(plot, 1)
            beside.addLayout(column, 1)
        self.gallery = Gallery("decision-samples", "New samples of each class", rows=True)
        self.gallery.setToolTip("Samples that the model makes of each class")
        self.gallery.setMinimumHeight(8 * GRID)
        # It scrolls itself: what it would like to have would make the page scroll around it.
        self.gallery.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.stack = QStackedWidget()
        self.stack.addWidget(maps)
        self.stack.addWidget(self.gallery)
        body = QWidget()
        outer = QVBoxLayout(body)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GRID // 2)
        outer.addWidget(self.verdict)
        row = QHBoxLayout()
        row.setSpacing(2 * GRID)
        row.addWidget(self.what, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.key, 1)
        row.addStretch()
        outer.addLayout(row)
        outer.addWidget(self.stack, 1)
        theme().changed.connect(self._fill_key)
        self._result: Decisions | None = None
        return body

    def _plot(self, name: str) -> DecisionPlot:
        plot = DecisionPlot()
        plot.setObjectName(f"decision-{name}")
        plot.setAccessibleName(TITLES[name])
        plot.setToolTip(TIPS[name])
        plot.set_least_height(6)
        plot.set_labels("component 1", "component 2" if name == "generative" else "")
        return plot

    def show_result(self, result: Decisions) -> None:
        """Draw the maps, the key and the new samples, and say what it comes to."""
        self._result = result
        for name, plot in self.plots.items():
            plot.set_map(
                (result.x, result.y), result.classes[name], result.confidence[name], len(result.names),
                result.points, result.labels,
            )  # fmt: skip
        self._fill_key()
        data = self.workspace.data
        assert data is not None
        each = result.examples.shape[1]
        captions = [name for name in result.names for _ in range(each)]
        self.gallery.show_samples(data, result.examples.reshape(-1, *result.examples.shape[2:]), captions)
        color, text = verdict(result)
        self.verdict.set_color(color)
        self.verdict.setText(text)

    def _choose(self) -> None:
        self.stack.setCurrentIndex(self.what.currentIndex())
        self.key.setVisible(self.what.currentData() == "maps")

    def _fill_key(self) -> None:
        """Name the classes, each in its colour."""
        if self._result is None:
            return
        while (item := self._key_line.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        names = self._result.names
        for label, name in enumerate(names[:NAMED]):
            words = Words(f"● {name}", "small", "muted", wrap=False)
            words.setStyleSheet(f"color: {theme().palette.class_color(label)}")
            self._key_line.addWidget(words)
        if len(names) > NAMED:
            self._key_line.addWidget(Words(f"and {len(names) - NAMED} more", "small", "muted", wrap=False))

    def count_words(self, result: Decisions) -> str:
        """Say how many samples were judged, and how many are drawn."""
        data = self.workspace.data
        kind = "held-out samples" if result.part == "test" else "samples, those of training too"
        shown = "" if data is None or len(result.rows) == len(data) else f"; {len(result.rows)} of {len(data)} drawn"
        return f"{result.n_samples} {kind}{shown}"


def verdict(result: Decisions) -> tuple[str, str]:
    """Return the palette's role, and how often both are right and how much of the plane is like samples."""
    like = f"{np.mean(result.likelihood > result.typical):.0%} of the plane is as likely as the samples are."
    if not result.accuracy:
        return "muted", f"No label is known of the samples: how often they are right cannot be told. {like}"
    bayes, network = result.accuracy["generative"], result.accuracy["discriminative"]
    usual = result.accuracy.get("usual")
    beside = "" if usual is None else f", {usual:.1%} by the most frequent class"
    words = f"Right: {bayes:.1%} by Bayes' rule, {network:.1%} by the network{beside}. {like}"
    if usual is not None and max(bayes, network) <= usual + FIT:
        return "warn", words
    return "text", words
