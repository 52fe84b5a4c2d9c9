"""How much of the labels simple predictors read out of the code, beside raw values and PCA of the same width."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QSpinBox, QVBoxLayout, QWidget

from explorer.gui.panels.analysis.page import AnalysisPage
from explorer.gui.plots.dots import DotPlot, DotRow
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted
from explorer.workspace.analysis_contents import FEATURE_NAMES, PROBE_NAMES
from explorer.workspace.messages import ProbeCodes, Probed, ProbeRow

_COLOURS = {"code": "accent", "pca": "class:3", "raw": "muted"}


class FeaturesPage(AnalysisPage):
    """Asks for the probes, and draws them as dots over folds."""

    name = "features"
    heading = "What the code knows"
    purpose = "How well two simple predictors read the labels out of the code, beside raw values and PCA as wide."
    action = "Probe the code"
    figure = "features"

    def setting_widgets(self) -> list[QWidget]:
        """Ask for the target and the number of folds."""
        self.target = QComboBox()
        self.target.setObjectName("features-target")
        self.target.setAccessibleName("What to predict")
        self.target.setToolTip("What the predictors are asked for: the label, or a column of numbers")
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.folds = QSpinBox()
        self.folds.setRange(2, 20)
        self.folds.setValue(5)
        self.folds.setSuffix(" folds")
        self.folds.setObjectName("features-folds")
        self.folds.setAccessibleName("Folds of the cross-validation")
        self.folds.setToolTip("In how many parts the samples are cut; each is predicted from the others")
        for event in (self.workspace.data_changed, self.workspace.columns_changed):
            event.connect(self._fill_targets)
        self._fill_targets()
        self.target.currentIndexChanged.connect(self.refresh)
        self.folds.valueChanged.connect(self.refresh)
        return [self.target, self.folds]

    def _fill_targets(self) -> None:
        data, before = self.workspace.data, self.target.currentData()
        self.target.blockSignals(True)
        self.target.clear()
        if data is not None:
            if data.labels is not None:
                self.target.addItem("label", "label")
            for name, values in data.columns.items():
                if values.dtype.kind in "fiu":
                    self.target.addItem(name, name)
        self.target.setCurrentIndex(max(0, self.target.findData(before)))
        self.target.blockSignals(False)

    def settings(self) -> dict[str, Any]:
        """Return the target and the folds."""
        return {"target": self.target.currentData(), "folds": self.folds.value()}

    def obstacle(self) -> str:
        """There must be something to predict."""
        if self.target.count() == 0:
            return "The data have neither labels nor a column of numbers that could be predicted."
        return ""

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for both probes on the three kinds of features."""
        model, data = self.workspace.model_ref, self.workspace.data
        assert model is not None
        assert data is not None
        return "probe_codes", ProbeCodes(model, data, settings["folds"], target=settings["target"])

    def make_body(self) -> QWidget:
        """Make the dots, and the sentence below."""
        self.plot = DotPlot("features-plot", "Scores of the predictors by the features that they were given")
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("features-verdict")
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.verdict)
        return body

    def show_result(self, result: Probed) -> None:
        """Draw the rows, the better marked."""
        groups = []
        for probe, heading in PROBE_NAMES.items():
            rows = [row for row in result.rows if row.probe == probe]
            best = max((row.mean for row in rows), default=0.0)
            dots = [
                DotRow(
                    FEATURE_NAMES[row.features],
                    row.mean,
                    row.sd,
                    tuple(row.folds),
                    _COLOURS[row.features],
                    best=row.mean == best,
                )
                for row in sorted(rows, key=lambda row: list(FEATURE_NAMES).index(row.features))
            ]
            if dots:
                groups.append((heading, dots))
        measure = "accuracy" if result.measure == "accuracy" else "R²"
        guess = "most frequent class" if result.measure == "accuracy" else "mean"
        self.plot.set_groups(groups, f"{measure} on held-out folds", baseline=(guess, result.baseline))
        color, text = verdict(result.rows, measure)
        self.verdict.set_color(color)
        self.verdict.setText(text)

    def count_words(self, result: Probed) -> str:
        """Say how many samples, and whether the model had seen them."""
        kind = "held-out sample" if result.held_out else "sample"
        words = counted(result.n_samples, kind)
        return words if result.held_out else f"{words}, some of which the model was trained on"


def verdict(rows: list[ProbeRow], measure: str) -> tuple[str, str]:
    """Return the palette's role and the sentence that says whether the code is worth it.

    A difference counts where it is larger than the spread over the folds of both.
    """
    words = []
    worse = better = 0
    for probe, name in (("knn", "k-NN"), ("linear", "a linear predictor")):
        by = {row.features: row for row in rows if row.probe == probe}
        if "code" not in by:
            continue
        code = by.pop("code")
        if not by:
            continue
        other = max(by.values(), key=lambda row: row.mean)
        spread = (code.sd**2 + other.sd**2) ** 0.5
        rival = "PCA of the same width" if other.features == "pca" else "the raw values"
        if code.mean > other.mean + spread:
            better += 1
            words.append(f"for {name} the code is better than {rival} ({code.mean:.3f} to {other.mean:.3f})")
        elif code.mean < other.mean - spread:
            worse += 1
            words.append(f"for {name} the code is behind {rival} ({code.mean:.3f} to {other.mean:.3f})")
        else:
            words.append(f"for {name} the code and {rival} are level within the spread")
    text = "; ".join(words)
    color = "good" if better and not worse else "warn" if worse else "text"
    return color, f"{text[:1].upper()}{text[1:]}." if text else f"No {measure} is known."
