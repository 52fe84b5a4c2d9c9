"""The band of samples at the dragged code, behind the decoded curve, of a generative model."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject

from explorer.gui.controller import Controller
from explorer.gui.panels.absent import recipe_of
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.style import CurveStyle
from explorer.workspace.messages import Band, Decoded, DrawBand

KEY = "band"
_STYLE = CurveStyle("90 % band", "decoded", width=1.0)


class SampleBand(QObject):
    """Draws where nine of ten samples of the code under the hand lie.

    The newest finished band moves along with the decoded curve until the next one is there, so that nothing flickers.

    Parameters
    ----------
    controller : Controller
    view : SampleView
    """

    def __init__(self, controller: Controller, view: SampleView) -> None:
        super().__init__(view)
        self._controller, self._view = controller, view
        self._decoded: Decoded | None = None
        self._shown: tuple[Band, np.ndarray] | None = None
        view.legend.toggled.connect(self._toggled)
        controller.workspace.active_run_changed.connect(self.forget)
        controller.workspace.data_changed.connect(self.forget)

    def forget(self) -> None:
        """Show none: there is another run, or other data."""
        self._decoded, self._shown = None, None
        if self._view.plot is not None:
            self._view.plot.set_band(None)
        if KEY in self._view.legend.keys:
            self._view.legend.set_present(KEY, False)

    def follow(self, decoded: Decoded) -> None:
        """Go along with what was decoded, and have the band there drawn."""
        recipe, data, plot = recipe_of(self._controller.workspace.run), self._controller.workspace.data, self._view.plot
        if recipe is None or data is None or plot is None or not recipe.generative or recipe.decodes == "masks":
            return
        self._decoded = decoded
        legend = self._view.legend
        if KEY not in legend.keys:
            legend.set_entry(KEY, _STYLE)
            legend.chip(KEY).setToolTip(
                "Show or hide where nine of ten samples of this code lie: those that the model draws, the noise of a "
                "code nearby and of the likelihood included"
            )
        legend.set_present(KEY, True)
        if not legend.is_on(KEY) or not self._view.isVisible():
            return
        self._draw()
        near = data.subset(np.array([decoded.nearest])) if 0 <= decoded.nearest < len(data) else None
        self._controller.jobs.latest(
            "band", "draw_band", DrawBand(decoded.model, decoded.z, near), lane="study",
            on_result=partial(self._drawn, decoded.sample), on_error=self._failed,
        )  # fmt: skip

    def _drawn(self, sample: np.ndarray, band: Band) -> None:
        """Take a band that is here, with the sample that was decoded at its code."""
        if self._controller.is_current(band.model):
            self._shown = (band, sample)
            self._draw()

    def _failed(self, reason: Exception) -> None:
        self._controller.notice.emit("warn", str(reason))

    def _draw(self) -> None:
        """Draw the newest band about what is decoded now."""
        plot, decoded = self._view.plot, self._decoded
        if plot is None or decoded is None or self._shown is None or not self._view.legend.is_on(KEY):
            return
        band, sample = self._shown
        if band.low.shape == decoded.sample.shape:
            moved = decoded.sample - sample
            plot.set_band((band.low + moved, band.high + moved), x=decoded.times)

    def _toggled(self, key: str, on: bool) -> None:
        if key != KEY:
            return
        if on and self._decoded is not None:
            self.follow(self._decoded)
        elif self._view.plot is not None:
            self._view.plot.set_band(None)
