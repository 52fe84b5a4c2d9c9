"""The data's principal components: how much each explains, what it looks like, and what it changes in a sample."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QVBoxLayout, QWidget

from explorer.data.dataset import why_no_numbers
from explorer.gui.panels.analysis.page import AnalysisPage
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.spectrum import SpectrumPlot
from explorer.gui.plots.strip import ComponentStrip
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted
from explorer.workspace.messages import FindSpectrum, Spectrum

_TENTHS = 10
"""Steps of the slider in one standard deviation."""
_HELD = (0.9, 0.99)
"""Shares of the variance whose number of components is told."""


class ComponentsPage(AnalysisPage):
    """Asks for the spectrum; the chosen component is shown as the mean less and plus some of it."""

    name = "components"
    heading = "Principal components"
    purpose = "How many straight directions the data need, what each looks like, and how much it explains."
    action = "Find the components"
    of_model = False
    figure = "spectrum"

    def setting_widgets(self) -> list[QWidget]:
        """Ask how many."""
        self.count = QSpinBox()
        self.count.setRange(1, 64)
        self.count.setValue(16)
        self.count.setPrefix("first ")
        self.count.setObjectName("components-count")
        self.count.setAccessibleName("How many components")
        self.count.setToolTip("How many components to find, the largest first")
        self.count.valueChanged.connect(self.refresh)
        return [self.count]

    def settings(self) -> dict[str, Any]:
        """Return how many components."""
        return {"count": self.count.value()}

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for the spectrum of the data."""
        assert self.workspace.data is not None
        return "find_spectrum", FindSpectrum(self.workspace.data, settings["count"])

    def obstacle(self) -> str:
        """Say that tokens have no directions."""
        data = self.workspace.data
        return "" if data is None else why_no_numbers(data.layout)

    def make_body(self) -> QWidget:
        """Make the spectrum at the left; the strip, the samples and the slider at the right."""
        self.plot = SpectrumPlot()
        self.plot.setObjectName("spectrum-plot")
        self.plot.setAccessibleName("Share of the variance by component, and all up to it together")
        self.plot.chosen.connect(self.choose)
        self.summary = Words("", "small", "muted")
        self.summary.setObjectName("spectrum-summary")
        self.strip = ComponentStrip("component-strip")
        self.strip.chosen.connect(self.choose)
        self.view = SampleView("component-view")
        self.view.setAccessibleName("The mean, less and plus some of the component")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 3 * _TENTHS)
        self.slider.setValue(2 * _TENTHS)
        self.slider.setObjectName("component-amount")
        self.slider.setAccessibleName("How much of the component, in standard deviations")
        self.slider.setToolTip("How far from the mean: in standard deviations of the data along the component")
        self.slider.valueChanged.connect(self._show_component)
        self.amount = Words("", "number", "muted", wrap=False)
        self.amount.setMinimumWidth(self.amount.fontMetrics().horizontalAdvance("± 0.0 sd") + GRID)
        body = QWidget()
        left, right, line = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        for column in (left, right):
            column.setSpacing(GRID // 4)
        left.addWidget(self.plot, 1)
        left.addWidget(self.summary)
        line.addWidget(self.slider, 1)
        line.addWidget(self.amount)
        right.addWidget(self.strip)
        right.addLayout(line)
        right.addWidget(self.view, 1)
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(GRID)
        columns.addLayout(left, 2)
        columns.addLayout(right, 4)
        return body

    def show_result(self, result: Spectrum) -> None:
        """Draw the spectrum and the strip, and show the first component."""
        data = self.workspace.data
        assert data is not None
        self._spectrum, self._current = result, 0
        self.plot.set_ratios(result.ratios)
        titles = [f"{i} · {_percent(ratio)}" for i, ratio in enumerate(result.ratios, 1)]
        self.strip.set_components(result.components, titles, data.layout)
        self.view.set_dataset(data)
        self.view.legend.setHidden(data.layout == "image")  # pictures have their names below them
        self.summary.setText(summary(result.ratios))
        self._show_component()

    def choose(self, index: int) -> None:
        """Show a component, from 0."""
        self._current = index
        self.plot.set_current(index)
        self.strip.set_current(index)
        self._show_component()

    def _show_component(self) -> None:
        amount = self.slider.value() / _TENTHS
        self.amount.setText(f"± {amount:.1f} sd")
        result = self._spectrum
        step = (amount * np.sqrt(result.variances[self._current]) * result.components[self._current]).astype(np.float32)
        self.view.show_samples({"less": result.mean - step, "mean": result.mean, "plus": result.mean + step})

    def count_words(self, result: Spectrum) -> str:
        """Say how many samples were learnt from."""
        return f"{counted(result.n_samples, 'training sample')}"


def summary(ratios: np.ndarray) -> str:
    """Say how many components hold how much of the variance."""
    held = np.cumsum(ratios)
    parts = []
    for share in _HELD:
        enough = np.flatnonzero(held >= share - 1e-9)
        if len(enough):
            verb = "holds" if enough[0] == 0 else "hold"
            parts.append(f"{counted(int(enough[0]) + 1, 'component')} {verb} {share:.0%}")
    if not parts:
        return f"These {len(ratios)} hold {held[-1]:.0%} of the variance." if len(held) else ""
    return f"{', '.join(parts)} of the variance."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else f"{100 * share:.1g} %"
