"""What a model that decodes the future says, beside what came and beside persistence."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from explorer.gui.panels.analysis.sample_page import SamplePage
from explorer.gui.plots.legend import Legend
from explorer.gui.plots.lines import Line, LinesPlot
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.style import style_of
from explorer.gui.theme import GRID
from explorer.gui.widgets.labels import Words
from explorer.gui.widgets.wording import counted
from explorer.workspace.analysis_contents import first_written
from explorer.workspace.messages import Forecast, ForecastSample


class ForecastPage(SamplePage):
    """Shows one sample's forecast, and how the error grows with the horizon over the test part."""

    name = "forecast"
    heading = "Forecast"
    purpose = "What the model says comes next, beside the truth, and beside repeating the last value."
    figure = "forecast"

    def obstacle(self) -> str:
        """Ask only a model that forecasts."""
        from explorer.models.forecaster import Forecaster

        recipe = self.recipe
        if recipe is not None and not issubclass(recipe, Forecaster):
            return f"{recipe.title} does not forecast. Train a model that does, on series: a forecaster."
        return ""

    def request(self, settings: dict[str, Any]) -> tuple[str, Any]:
        """Ask for the sample's forecast."""
        model, data = self.workspace.model_ref, self.workspace.data
        assert model is not None
        assert data is not None
        return "forecast_sample", ForecastSample(model, data, settings["index"])

    def make_body(self) -> QWidget:
        """Make the sample at the left, the errors by horizon at the right, the sentence below."""
        self.view = SampleView("forecast-view")
        self.view.setAccessibleName("Truth, forecast and persistence")
        self.plot = LinesPlot()
        self.plot.setObjectName("forecast-errors")
        self.plot.setAccessibleName("Mean squared error by steps ahead")
        self.plot.set_labels("steps ahead", "MSE")
        self.legend = Legend()
        for role in ("forecast", "persistence", "autoregression"):
            self.legend.set_entry(role, style_of(role))
        self.legend.toggled.connect(self.plot.set_visible)
        self.verdict = Words("", "body", "text")
        self.verdict.setObjectName("forecast-verdict")
        body = QWidget()
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.legend)
        right.addWidget(self.plot, 1)
        plots = QHBoxLayout()
        plots.setSpacing(GRID)
        plots.addWidget(self.view, 3)
        plots.addLayout(right, 2)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(plots, 1)
        layout.addWidget(self.verdict)
        return body

    def show_result(self, result: Forecast) -> None:
        """Draw the sample and the errors."""
        data = self.workspace.data
        assert data is not None
        if self.view.dataset is not data:
            self.view.set_dataset(data)
        first, own = first_written(result.forecast), self.view.times_of(result.index)
        if own is None or not first:
            self.view.mark_future(first)
        else:
            self.view.mark_time((own[first - 1] + own[first]) / 2, "future")
        shown = {"truth": result.truth, "persistence": result.persistence, "forecast": result.forecast}
        self.view.show_samples(shown, own)
        ahead = np.arange(1.0, result.horizon + 1)
        lines = {
            "forecast": Line(result.errors, style_of("forecast")),
            "persistence": Line(result.persistence_errors, style_of("persistence")),
        }
        if result.autoregression_errors is not None:
            lines["autoregression"] = Line(result.autoregression_errors, style_of("autoregression"))
        self.legend.set_present("autoregression", "autoregression" in lines)
        self.plot.set_lines(ahead, lines, least=(0.0, 0.0))
        color, text = verdict(result)
        self.verdict.set_color(color)
        self.verdict.setText(text)

    def count_words(self, result: Forecast) -> str:
        """Say of how many samples the errors are."""
        return f"errors over {counted(result.n_samples, 'held-out sample')}"


def verdict(result: Forecast) -> tuple[str, str]:
    """Return the palette's role and the sentence that sets the forecast beside persistence."""
    own, rival = float(np.nanmean(result.errors)), float(np.nanmean(result.persistence_errors))
    if not rival > 0:
        return "muted", "Persistence makes no error here: there is nothing to be better than."
    ratio = own / rival
    linear = float("nan") if result.autoregression_errors is None else float(np.nanmean(result.autoregression_errors))
    if linear < 0.95 * own and ratio < 0.95:
        return "warn", f"Better than persistence, but a linear autoregression has {linear / own:.0%} of its error only."
    if ratio < 0.95:
        return "good", f"The error is {1 - ratio:.0%} below that of persistence, over {result.horizon} steps ahead."
    if ratio <= 1.05:
        return "warn", "No better than persistence: repeating the last value does as well."
    return "warn", f"Worse than persistence: {ratio:.1f} times its error."
