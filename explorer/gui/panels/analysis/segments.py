"""The class of every step or pixel as the model tells it, beside the truth and trivial methods."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from explorer.gui.panels.analysis.sample_page import SamplePage
from explorer.gui.plots.bar_rows import BarRow, BarRows
from explorer.gui.plots.mask_view import MaskView
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.workspace.messages import Segmented, SegmentSample

_MEASURES = (("iou", "IoU"), ("dice", "Dice"))


class SegmentsPage(SamplePage):
    """Shows one sample with its predicted and its true mask."""

    name = "segments"
    heading = "Segments"
    purpose = "The class of every step or pixel, as the model tells it, beside the truth and trivial methods."
    figure = "segments"

    def obstacle(self) -> str:
        """Ask only a model that decodes masks."""
        recipe = self.recipe
        if recipe is not None and recipe.decodes != "masks":
            return f"{recipe.title} does not tell classes of steps or pixels. Train a model that does, on masks."
        return ""

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for the sample's mask."""
        model, data = self.workspace.model_ref, self.workspace.data
        assert model is not None
        assert data is not None
        return "segment_sample", SegmentSample(model, data, settings["index"])

    def make_body(self) -> QWidget:
        """Make the sample with its masks at the left, the numbers at the right."""
        self.view = MaskView("segments-view")
        self.view.setAccessibleName("The sample with its predicted and its true classes")
        self.numbers = BarRows("segments-numbers", "How well the mask fits, beside trivial methods")
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("segments-verdict")
        right = QVBoxLayout()
        right.addWidget(self.verdict)
        right.addWidget(self.numbers)
        right.addStretch(1)
        body = QWidget()
        layout = QHBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.view, 3)
        layout.addLayout(right, 2)
        self._prepared: object = None
        return body

    def show_result(self, result: Segmented) -> None:
        """Draw sample and masks, and the numbers."""
        data = self.workspace.data
        assert data is not None
        if self._prepared != (data.sha256, result.names):
            self._prepared = (data.sha256, result.names)
            self.view.set_dataset(data, result.names)
        masks = {"predicted": result.mask}
        if result.truth is not None:
            masks["true"] = result.truth
        self.view.show_masks(data.values[result.index], masks, self.view.view.times_of(result.index))
        rows = []
        for key, title in _MEASURES:
            if key in result.metrics:
                rows.append(BarRow(title, result.metrics[key], f"{result.metrics[key]:.3f}", "accent", strong=True))
                rows += [
                    BarRow(f"  {name.removeprefix('all ')}", values[key], f"{values[key]:.3f}", "muted")
                    for name, values in sorted(result.baselines.items(), key=lambda item: -item[1].get(key, 0.0))
                    if key in values
                ]
        self.numbers.set_rows(rows)
        self.numbers.setVisible(bool(rows))
        color, text = verdict(result)
        self.verdict.set_color(color)
        self.verdict.setText(text)

    def count_words(self, result: Segmented) -> str:
        """Say that it is about one sample."""
        data = self.workspace.data
        return "" if data is None else f"sample {data.sample_name(result.index)}"


def verdict(result: Segmented) -> tuple[str, str]:
    """Return the palette's role and the sentence that sets the mask beside trivial ones."""
    if "iou" not in result.metrics:
        return "muted", "No true mask is known of this sample: how well it fits cannot be told."
    own = result.metrics["iou"]
    rivals = {name: values["iou"] for name, values in result.baselines.items() if "iou" in values}
    best = max(rivals, key=lambda name: rivals[name], default=None)
    if own != own:
        return "muted", "There is nothing but background in this sample, in truth and prediction."
    if best is not None and rivals[best] >= own:
        return "warn", f"No better than “{best}” on this sample: IoU {own:.2f} to {rivals[best]:.2f}."
    behind = "" if best is None else f", {best} reaches {rivals[best]:.2f}"
    return "good", f"IoU {own:.2f} on this sample{behind}."
