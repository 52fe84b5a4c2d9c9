"""The samples that the model reconstructs worst, where in them, and how well that tells anomalies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QSplitter, QVBoxLayout, QWidget

from explorer.gui.panels.analysis.page import AnalysisPage
from explorer.gui.panels.sample_table import SampleTable
from explorer.gui.panels.samples_model import SamplesModel
from explorer.gui.plots.bar_rows import BarRow, BarRows
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.ranges import shared_axis
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.workspace.messages import Outliers, RankOutliers

ERROR = "error"
_SCORE = CurveStyle("error of each step", "bad", width=1.5)
_MEASURES = (("", "samples"), ("step_", "steps"))


class OutliersPage(AnalysisPage):
    """Asks for the errors of all samples, and lists them, the largest first."""

    name = "outliers"
    heading = "Outliers"
    purpose = "Rank the samples by the error of their reconstructions: what the model has not learnt stands out."
    action = "Rank the samples"
    figure = "outliers"

    def obstacle(self) -> str:
        """Ask only a model that reconstructs."""
        recipe = self.recipe
        if recipe is not None and not recipe.can_decode:
            return f"{recipe.title} has no decoder, so there are no errors to rank by."
        if recipe is not None and recipe.decodes == "masks":
            return f"{recipe.title} decodes classes, not samples: there are no errors to rank by."
        return ""

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for the errors."""
        model, data = self.workspace.model_ref, self.workspace.data
        assert model is not None
        assert data is not None
        return "rank_outliers", RankOutliers(model, data)

    def make_body(self) -> QWidget:
        """Make the list at the left; the sample with the error of its steps, and the numbers, at the right."""
        self.model = SamplesModel()
        self._waits = False  # for many samples to be sorted
        self.model.arranged.connect(self._sorted)
        self.table = SampleTable(self.model, "outliers-table", "Samples by error, the largest first")
        self.table.setToolTip("The samples, the worst reconstructed first. Click one to see it on the map and decoded")
        self.table.setSelectionMode(SampleTable.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self.model.sort)
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.view = SampleView("outliers-sample")
        self.view.setAccessibleName("The chosen sample")
        self.steps = CurvePlot()
        self.steps.setObjectName("outliers-steps")
        self.steps.setAccessibleName("Error of each step of the chosen sample")
        self.steps.set_least_height(4.5)
        self.numbers = BarRows("outliers-numbers", "How well the errors tell anomalies")
        self.verdict = Words("", "small", "text")
        self.verdict.setObjectName("outliers-verdict")
        plots = QWidget()
        column = QVBoxLayout(plots)
        column.setContentsMargins(GRID, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.view, 3)
        column.addWidget(self.steps, 2)
        figures = QWidget()
        words = QVBoxLayout(figures)
        words.setContentsMargins(GRID, 0, 0, 0)
        words.addWidget(self.verdict)
        words.addWidget(self.numbers)
        words.addStretch(1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setObjectName("outliers_splitter")
        for widget, share in ((self.table, 5), (plots, 4), (figures, 3)):
            splitter.addWidget(widget)
            splitter.setStretchFactor(splitter.count() - 1, share)
        splitter.setSizes([245, 180, 125])
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(splitter)
        self.colour_button = QPushButton("Colour the map")
        self.colour_button.setObjectName("outliers-colour")
        self.colour_button.setAccessibleName("Colour the map by the error")
        self.colour_button.setToolTip("Keep the errors as a column of the data, and colour the map by it")
        self.colour_button.clicked.connect(self._colour)
        words.insertWidget(2, self.colour_button, 0, Qt.AlignmentFlag.AlignLeft)
        return body

    def _colour(self) -> None:
        scores = self._result.scores.astype(float)
        self.controller.guard(lambda: self.workspace.colour_by_result("reconstruction error", scores))

    def show_result(self, result: Outliers) -> None:
        """List the samples, the worst first, and show the first."""
        data = self.workspace.data
        assert data is not None
        self._result = result
        self.model.set_dataset(replace(data, columns={ERROR: result.scores.astype(float)}))
        column = self.model.columnCount() - 1
        self.model.sort(column, Qt.SortOrder.DescendingOrder)
        self.table.show_sorted(column, Qt.SortOrder.DescendingOrder)
        for other in range(column + 1):  # of other data another column may have been hidden
            self.table.setColumnHidden(other, other == column - 1)  # the part: the error is what matters here
        self.view.set_dataset(data)
        self.view.legend.hide()
        self.steps.setVisible(result.step_scores is not None)
        if result.step_scores is not None:
            top = float(np.nanmax(result.step_scores, initial=0.0)) or 1.0
            axis = shared_axis(data)
            self.steps.configure(axis, np.array([[0.0, top]]), bottom=data.sample_time_label, left="error")
            if self.view.plot is not None:
                self.view.plot.align_left(self.steps)
                self.view.plot.show_times(False)
        self._waits = self.model.busy
        self._show_first()
        self._show_numbers(result)
        self.verdict.setText(verdict(result))

    def _sorted(self) -> None:
        if self._waits:
            self._waits = False
            self._show_first()

    def _show_first(self) -> None:
        self._show(self.model.sample(0) if self.model.rowCount() else -1)

    def _chosen(self, row: QModelIndex, _before: QModelIndex) -> None:
        if row.isValid():
            sample = self.model.sample(row.row())
            self._show(sample)
            self.workspace.select([sample])
            self.controller.hand.place_on(sample)

    def _show(self, sample: int) -> None:
        data, result = self.workspace.data, self._result
        if data is None or not 0 <= sample < len(data):
            return
        own = self.view.times_of(sample)
        self.view.show_samples({"sample": data.values[sample]}, own)
        if result.step_scores is not None:
            self.steps.set_curve("score", result.step_scores[sample], _SCORE, x=own)
            self.steps.fit()

    def _show_numbers(self, result: Outliers) -> None:
        rows = []
        for prefix, of in _MEASURES:
            auc = f"{prefix}roc_auc"
            if auc not in result.metrics:
                continue
            rivals = {name: values for name, values in result.baselines.items() if auc in values}
            for key, title in ((auc, "ROC AUC"), (f"{prefix}average_precision", "Avg. precision")):
                value = result.metrics[key]
                rows.append(
                    BarRow(title if of == "samples" else f"{title}, {of}", value, f"{value:.3f}", "accent", strong=True)
                )
                rows += [
                    BarRow(f"  {name}", values[key], f"{values[key]:.3f}", "muted")
                    for name, values in sorted(rivals.items(), key=lambda item: -item[1].get(key, 0.0))
                    if key in values
                ]
        self.numbers.set_rows(rows)
        self.numbers.setVisible(bool(rows))

    def count_words(self, result: Outliers) -> str:
        """Say which part the numbers are of."""
        known = int(np.isfinite(result.scores).sum())
        return f"{known:,} samples ranked" + (f"; numbers of the {result.part} part" if result.metrics else "")


def verdict(result: Outliers) -> str:
    """Say how well the errors tell anomalies, beside the best trivial score and the prevalence."""
    for prefix, of in _MEASURES:
        key, prevalence = f"{prefix}average_precision", f"{prefix}prevalence"
        if key not in result.metrics:
            continue
        share = result.metrics.get(prevalence, float("nan"))
        own = result.metrics[key]
        rivals = {name: values[key] for name, values in result.baselines.items() if key in values}
        text = f"{share:.1%} of the {of} are anomalies"
        text += f" ({', '.join(result.anomalies)})" if result.anomalies else ""
        best = max(rivals, key=lambda name: rivals[name], default=None)
        if best is not None and rivals[best] >= own:
            return f"{text}. The simple score “{best}” tells them as well or better ({rivals[best]:.3f} to {own:.3f})."
        if best is not None:
            return f"{text}. The model tells them better than “{best}” ({own:.3f} to {rivals[best]:.3f} precision)."
        return f"{text}."
    return "Nothing in the data tells which samples are anomalies: look at the first ones yourself."
