"""What the encoder is worth where labels are few: accuracy by their number, with it and from scratch."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtWidgets import QLineEdit, QSpinBox, QVBoxLayout, QWidget

from explorer.errors import InputError
from explorer.gui.panels.analysis.page import AnalysisPage
from explorer.gui.plots.legend import Legend
from explorer.gui.plots.lines import Line, LinesPlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted
from explorer.workspace.analysis_contents import START_NAMES
from explorer.workspace.messages import LabelCurve, PretrainCurve

_STYLES = {
    "pretrained": CurveStyle(START_NAMES["pretrained"], "accent", width=2.0, front=3),
    "frozen": CurveStyle(START_NAMES["frozen"], "class:2", width=1.5, front=2),
    "scratch": CurveStyle(START_NAMES["scratch"], "validation", width=2.0, front=2),
    "baseline": CurveStyle("most frequent class", "muted", width=1.0, dashed=True, front=1),
}


class PretrainingPage(AnalysisPage):
    """Asks for the curve; it takes minutes, and can be cancelled."""

    name = "pretraining"
    heading = "Pre-training"
    purpose = "Train classifiers on few labels, once from this encoder and once from scratch, and compare."
    action = "Compare"
    figure = "labels"

    def setting_widgets(self) -> list[QWidget]:
        """Ask for the numbers of labels and of seeds."""
        self.counts = QLineEdit("10, 30, 100")
        self.counts.setObjectName("pretraining-counts")
        self.counts.setAccessibleName("Numbers of labelled samples, by commas")
        self.counts.setToolTip("With how many labelled samples to train, by commas")
        self.counts.setFixedWidth(22 * self.counts.fontMetrics().averageCharWidth())
        self.counts.textEdited.connect(self.refresh)
        self.seeds = QSpinBox()
        self.seeds.setRange(1, 10)
        self.seeds.setValue(3)
        self.seeds.setSuffix(" seeds")
        self.seeds.setObjectName("pretraining-seeds")
        self.seeds.setAccessibleName("How often, with other samples")
        self.seeds.setToolTip("How often each number is tried, with other labelled samples and other starting weights")
        self.seeds.valueChanged.connect(self.refresh)
        return [Words("labels", "small", "muted", wrap=False), self.counts, self.seeds]

    def settings(self) -> dict[str, Any]:
        """Return the numbers of labels, and of seeds."""
        try:
            counts = sorted({int(part) for part in self.counts.text().replace(" ", "").split(",") if part})
        except ValueError as reason:
            raise InputError(
                "the numbers of labels must be whole numbers", remedy="Write them as: 10, 30, 100"
            ) from reason
        if not counts or counts[0] < 1:
            raise InputError("there must be a number of labels of 1 or more", remedy="Write them as: 10, 30, 100")
        return {"counts": counts, "seeds": self.seeds.value()}

    def obstacle(self) -> str:
        """There must be labels, and an encoder that can be trained on."""
        data, recipe = self.workspace.data, self.recipe
        if data is None or data.labels is None or len(data.class_names) < 2:
            return "The data have no labels of two or more classes to learn."
        from explorer.models.neural import NeuralModel

        if recipe is not None and not issubclass(recipe, NeuralModel):
            return f"{recipe.title} is not a network: there are no weights that a classifier could start from."
        if recipe is not None and "labels" in recipe.needs:
            return f"{recipe.title} has learnt from all labels. Choose a run that learnt from the samples alone."
        return ""

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for the accuracies of both ways."""
        model, data = self.workspace.model_ref, self.workspace.data
        assert model is not None
        assert data is not None
        return "pretrain_curve", PretrainCurve(model, data, settings["counts"], list(range(settings["seeds"])))

    def make_body(self) -> QWidget:
        """Make the curves, their legend and the sentence below."""
        self.legend = Legend()
        self.plot = LinesPlot()
        self.plot.setObjectName("pretraining-plot")
        self.plot.setAccessibleName("Accuracy on the test part by the number of labels")
        self.plot.set_labels("labelled samples", "accuracy")
        self.legend.toggled.connect(self.plot.set_visible)
        for key, style in _STYLES.items():
            self.legend.set_entry(key, style)
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("pretraining-verdict")
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.legend)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.verdict)
        return body

    def show_result(self, result: LabelCurve) -> None:
        """Draw means with a band of one standard deviation over the seeds."""
        lines = {}
        for key in START_NAMES:
            scores = getattr(result, key)
            mean, sd = scores.mean(axis=0), _sd(scores)
            lines[key] = Line(mean, _STYLES[key], mean - sd, mean + sd)
        lines["baseline"] = Line(np.full(len(result.counts), result.baseline), _STYLES["baseline"])
        self.plot.set_lines(np.array(result.counts, float), lines, log=len(result.counts) > 1)
        color, text = verdict(result)
        self.verdict.set_color(color)
        self.verdict.setText(text)

    def count_words(self, result: LabelCurve) -> str:
        """Say of how many trainings."""
        return f"mean ± sd over {counted(len(result.seeds), 'seed')}, judged on the test part"


def verdict(result: LabelCurve) -> tuple[str, str]:
    """Return the palette's role and the sentence that says with how many labels the encoder helps, and by how much."""
    gain = result.pretrained.mean(axis=0) - result.scratch.mean(axis=0)
    spread = np.sqrt(_sd(result.pretrained) ** 2 + _sd(result.scratch) ** 2)
    helps, hurts = np.flatnonzero(gain > spread), np.flatnonzero(gain < -spread)
    best = int(np.argmax(gain))
    if len(hurts) and not len(helps):
        worst = int(np.argmin(gain))
        return "warn", (
            f"Pre-training hurts here: {-100 * gain[worst]:.1f} points of accuracy less"
            f" with {counted(result.counts[worst], 'label')}."
        )
    if not len(helps):
        return "text", "No difference beyond the spread over seeds: pre-training neither helps nor hurts here."
    where = ", ".join(str(result.counts[i]) for i in helps)
    return "good", f"Pre-training helps with {where} labels: up to {100 * gain[best]:.1f} points of accuracy more."


def _sd(scores: np.ndarray) -> np.ndarray:
    return scores.std(axis=0, ddof=1) if len(scores) > 1 else np.zeros(scores.shape[1])
