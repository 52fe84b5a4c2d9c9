"""Points whose two coordinates should be equal: what was found of real samples, and of generated ones."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from explorer.gui.plots.base import ThemedPlot
from explorer.gui.theme import theme


class AgreementPlot(ThemedPlot):
    """Points ``(N,)`` over ``(N,)`` and the diagonal on which they would lie if both agreed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits = (0.0, 1.0)
        self._diagonal = pg.PlotCurveItem()
        self._points = pg.ScatterPlotItem(size=6, pen=None, useCache=True)
        for item in (self._diagonal, self._points):
            self.box.addItem(item, ignoreBounds=True)
        self.box.setAspectLocked(True)
        self.restyle()

    @property
    def points(self) -> np.ndarray:
        """What is drawn, ``(N, 2)``."""
        return np.stack(self._points.getData(), axis=1)

    def set_points(self, first: np.ndarray, second: np.ndarray, limits: tuple[float, float], what: str) -> None:
        """Draw exactly these points within limits that hold for both axes."""
        self._limits = limits
        self._points.setData(np.asarray(first, float), np.asarray(second, float))
        self._diagonal.setData(np.array(limits), np.array(limits))
        self.set_labels(f"{what}, real", f"{what}, generated")
        self.reset_view()

    def reset_view(self) -> None:
        """Show all points again."""
        super().reset_view()
        low, high = self._limits
        self.box.setRange(xRange=(low, high), yRange=(low, high), padding=0.03, disableAutoRange=True)

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        if hasattr(self, "_points"):
            self._points.setBrush(theme().color("accent", 0.65))
            self._diagonal.setPen(pg.mkPen(theme().color("muted", 0.8), width=1, dash=[4, 3]))
