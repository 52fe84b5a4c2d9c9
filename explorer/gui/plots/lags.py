"""Autocorrelations over lags, with the band that those of white noise stay in."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from explorer.gui.plots.style import CurveStyle
from explorer.gui.plots.traces import TracePlot
from explorer.gui.theme import theme


class LagsPlot(TracePlot):
    """Named autocorrelations ``(K + 1,)``, from lag 0 where all are 1, between −1 and 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._band = 0.0
        self._region = pg.LinearRegionItem((0, 0), orientation="horizontal", movable=False)
        self._region.setZValue(-10)
        self.box.addItem(self._region, ignoreBounds=True)
        self.restyle()

    @property
    def band(self) -> float:
        """Half the width of the band about 0."""
        return self._band

    def set_lags(self, lags: np.ndarray, band: float, *, bottom: str) -> None:
        """Set the lags ``(K + 1,)`` in steps or seconds, and what white noise stays below; curves are cleared."""
        self._band = band
        self.configure(lags, np.array([[min(-0.3, -1.5 * band), 1.0]]), bottom=bottom, left="autocorrelation")
        self._region.setRegion((-band, band))

    def set_curves(self, curves: dict[str, tuple[np.ndarray, CurveStyle]]) -> None:
        """Draw exactly these; one of a constant, which has none, is left out."""
        super().set_curves({key: each for key, each in curves.items() if np.isfinite(each[0]).any()})

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        if hasattr(self, "_region"):
            tint = QColor(theme().color("accent"))
            tint.setAlphaF(0.12)
            self._region.setBrush(tint)
            for line in self._region.lines:
                line.setPen(pg.mkPen(theme().color("accent", 0.5), width=1, dash=[4, 3]))
