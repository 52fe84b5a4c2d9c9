"""How what a model generates compares with real samples, beside controls that show what a measure cannot see."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.analysis.generation.controls import CONTROL_WORDS
from explorer.analysis.generation.judging import MEASURES
from explorer.gui.panels.analysis.page import AnalysisPage
from explorer.gui.plots.agreement import AgreementPlot
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import GRID, theme
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted
from explorer.workspace.analysis_contents import correlation_pairs
from explorer.workspace.messages import GeneratedScores, JudgeGenerated

HEADS = {
    "generated": "Generated",
    "real": "Real again",
    "bootstrap": "Mixed",
    "gaussian": "Gaussian",
    "repeated": "Repeated",
}
"""Titles of the columns, by who was judged."""
SHORT = {
    "discriminative": "Told apart, d/2",
    "discriminative_wide": "Told apart, 4 d",
    "predictive": "Prediction error",
    "tstr_auroc": "AUROC, learnt from it",
    "trtr_auroc": "AUROC, from real",
    "ks": "Marginals (KS)",
    "missingness_error": "Share measured, error",
    "correlation_error": "Correlations, error",
    "precision": "Precision",
    "recall": "Recall",
    "coverage": "Coverage",
    "closer_to_train": "Nearer to training",
    "copies": "Near copies",
}
"""The measures that are shown, and their titles here; those that tell the same are left to the command line."""
MOST = 8
"""Channels of an example that are drawn."""
FIT = 0.03
"""So near to what real samples reach counts as equal."""


class GenerationPage(AnalysisPage):
    """Asks for the scores of generated samples and of the controls, and sets the variables beside each other."""

    name = "generation"
    heading = "Real or generated?"
    purpose = "Whether generated samples can be told from real ones, are as varied, and are no copies; beside controls."
    action = "Judge what it generates"
    figure = "generation"

    def setting_widgets(self) -> list[QWidget]:
        """Ask for how long the judging networks learn."""
        self.steps = QComboBox()
        self.steps.setObjectName("generation-steps")
        self.steps.setAccessibleName("How long the judges learn")
        self.steps.setToolTip("How many steps each judging network learns for: longer ones see more, and take longer")
        for words, steps in (("quick judges", 150), ("usual judges", 500), ("thorough judges", 2000)):
            self.steps.addItem(words, steps)
        self.steps.setCurrentIndex(1)
        self.steps.currentIndexChanged.connect(self.refresh)
        return [self.steps]

    def settings(self) -> dict[str, Any]:
        """Return the steps of a judge."""
        return {"steps": self.steps.currentData()}

    def obstacle(self) -> str:
        """Say that the model must generate, and numbers at that."""
        recipe, data = self.recipe, self.workspace.data
        if recipe is not None and not recipe.generative:
            return f"{recipe.title} generates no samples: a VAE or TimeGAN does."
        if data is not None and data.vocabulary:
            return "Texts and melodies are not judged by these measures: they compare numbers."
        return ""

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for all measures and controls."""
        model, data = self.workspace.model_ref, self.workspace.data
        assert model is not None
        assert data is not None
        return "judge_generated", JudgeGenerated(model, data, steps=settings["steps"])

    def make_body(self) -> QWidget:
        """Make the sentence, the table, and the plot beside it."""
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("generation-verdict")
        self.table = QTableWidget()
        self.table.setObjectName("generation-table")
        self.table.setAccessibleName("Scores of generated samples and of controls")
        self.table.setToolTip("What generated samples reach beside controls; each measure tells what it is")
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.setStyleSheet("QTableView::item { padding: 0 6px; }")
        self.what = QComboBox()
        self.what.setObjectName("generation-what")
        self.what.setAccessibleName("What is shown")
        self.what.setToolTip("The scores; or generated variables over real ones")
        self.what.addItem("Scores", "scores")
        self.what.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.what.currentIndexChanged.connect(self._draw)
        self.plot = AgreementPlot()
        self.plot.setObjectName("generation-plot")
        self.plot.setAccessibleName("Variables of generated samples over those of real ones")
        self.plot.set_least_height(4)
        self.table.setMinimumHeight(5 * GRID)
        self.curves = CurvePlot()
        self.curves.setObjectName("generation-example")
        self.curves.setAccessibleName("A generated sample")
        self.curves.set_least_height(4)
        self.stack = QStackedWidget()
        for widget in (self.table, self.plot, self.curves):
            self.stack.addWidget(widget)
        body = QWidget()
        outer = QVBoxLayout(body)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GRID // 2)
        outer.addWidget(self.verdict)
        outer.addWidget(self.what, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addWidget(self.stack, 1)
        theme().changed.connect(self._restyle)
        self._result: GeneratedScores | None = None
        return body

    def show_result(self, result: GeneratedScores) -> None:
        """Fill the table, offer what can be drawn, and say what it comes to."""
        self._result = result
        self._fill()
        before = self.what.currentData()
        self.what.blockSignals(True)
        while self.what.count() > 1:
            self.what.removeItem(1)
        if result.real_correlation.size > 1:
            self.what.addItem("Correlations", "correlation")
        if (result.real_rate < 1).any() or (result.made_rate < 1).any():
            self.what.addItem("Share measured", "rate")
        if result.examples.ndim == 3:
            for number in range(len(result.examples)):
                self.what.addItem(f"Example {number + 1}", number)
        self.what.setCurrentIndex(max(0, self.what.findData(before)))
        self.what.blockSignals(False)
        self.what.setVisible(self.what.count() > 1)
        self._draw()
        color, text = verdict(result.scores)
        self.verdict.set_color(color)
        self.verdict.setText(text)

    def _restyle(self) -> None:
        if self._result is not None:
            self._fill()

    def _fill(self) -> None:
        result = self._result
        assert result is not None
        who = list(result.scores)
        told = [measure for measure in SHORT if any(measure in scores for scores in result.scores.values())]
        self.table.setColumnCount(1 + len(who))
        self.table.setRowCount(len(told))
        self.table.setHorizontalHeaderLabels(["Measure", *(HEADS[name] for name in who)])
        for column, name in enumerate(who, 1):
            head = self.table.horizontalHeaderItem(column)
            if head is not None and name in CONTROL_WORDS:
                head.setToolTip(f"Control: {CONTROL_WORDS[name]}")
        strong = QFont(theme().font("body"))
        strong.setWeight(QFont.Weight.DemiBold)
        for row, measure in enumerate(told):
            known = MEASURES[measure]
            tip = f"{known.title}: {known.tells}"
            self.table.setItem(row, 0, _cell(SHORT.get(measure, known.title), tip, theme().palette.text))
            for column, name in enumerate(who, 1):
                value = result.scores[name].get(measure, float("nan"))
                ink = theme().palette.text if name == "generated" else theme().palette.muted
                cell = _cell("–" if np.isnan(value) else f"{value:.3f}", _aim(known.better), ink)
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if name == "generated":
                    cell.setFont(strong)
                self.table.setItem(row, column, cell)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        if (first := self.table.horizontalHeaderItem(0)) is not None:
            first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.resizeRowsToContents()

    def _draw(self) -> None:
        result, what = self._result, self.what.currentData()
        example = isinstance(what, int)
        self.stack.setCurrentWidget(self.table if what == "scores" else self.curves if example else self.plot)
        if result is None or what == "scores":
            return
        if isinstance(what, int):
            self._draw_example(result, result.examples[what])
            return
        if what == "rate":
            self.plot.set_points(result.real_rate, result.made_rate, (0.0, 1.0), "share measured")
        else:
            self.plot.set_points(*correlation_pairs(result), (-1.0, 1.0), "correlation")

    def _draw_example(self, result: GeneratedScores, values: np.ndarray) -> None:
        """Draw a generated series; of one with gaps what is measured, as dots, of the variables measured most often."""
        data = self.workspace.data
        if data is None or data.sample_shape != values.shape:
            return
        shown = np.sort(np.argsort(-result.real_rate, kind="stable")[:MOST])
        known = data.values[: len(result.examples) * 100][..., shown]
        low, high = (np.nan_to_num(each(known, axis=(0, 1))) for each in (np.fmin.reduce, np.fmax.reduce))
        ranges = np.stack([low, np.where(high > low, high, low + 1)], axis=1)
        times, names = data.time_axis, [result.names[i] for i in shown]
        self.curves.configure(times, ranges, channels=names, bottom=data.time_label)
        gaps = bool(np.isnan(values).any())
        style = CurveStyle("generated", "decoded", width=1.5, observed=gaps)
        self.curves.set_curve("generated", values[:, shown], style, x=times if gaps else None)

    def count_words(self, result: GeneratedScores) -> str:
        """Say beside which samples."""
        kind = {"test": "test sample", "held-out": "held-out sample"}.get(result.part, "sample")
        return f"beside {counted(result.n_samples, kind)}"


def verdict(scores: dict[str, dict[str, float]]) -> tuple[str, str]:
    """Return the palette's role and the sentences that say what the scores come to."""
    made, real = scores["generated"], scores.get("real", {})
    told = made["discriminative_wide"]
    words = []
    good = told <= real.get("discriminative_wide", 0.0) + FIT
    if good:
        words.append("A network cannot tell generated samples from real ones")
    else:
        words.append(f"A network tells generated samples from real ones with an accuracy of {0.5 + told:.0%}")
    covered = made["coverage"]
    words.append(f"{covered:.0%} of the real samples have a generated one near")
    copied = made["closer_low"] > 0.5
    words.append(
        f"they are nearer to training samples than to unseen ones ({made['closer_to_train']:.0%}): some are memorised"
        if copied
        else "nothing shows that training samples were memorised"
    )
    color = "warn" if copied or covered < 0.5 else "good" if good else "text"
    return color, "; ".join(words) + "."


def _aim(better: str) -> str:
    aims = {
        "lower": "The lower the better",
        "higher": "The higher the better",
        "half": "0.5 is best",
        "one": "1 is best",
    }
    return aims[better]


def _cell(text: str, tip: str, ink: str) -> QTableWidgetItem:
    cell = QTableWidgetItem(text)
    cell.setToolTip(tip)
    cell.setForeground(QColor(ink))
    return cell
