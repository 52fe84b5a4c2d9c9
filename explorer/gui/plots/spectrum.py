"""The eigen-spectrum: the share of the variance that each component explains, and all up to it together."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from explorer.gui.plots.base import ThemedPlot
from explorer.gui.theme import theme


class SpectrumPlot(ThemedPlot):
    """Bars of the shares in percent, the cumulative share as a line above; a click on a bar chooses it."""

    chosen = Signal(int)
    """The component that was clicked, from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ratios = np.zeros(0)
        self._current = 0
        self._bars = pg.BarGraphItem(x=[], height=[], width=0.7)
        self._line = pg.PlotDataItem(symbol="o", symbolSize=5)
        for item in (self._bars, self._line):
            self.box.addItem(item, ignoreBounds=True)
        self.box.setMouseEnabled(x=False, y=False)
        self.set_labels("component", "variance (%)")
        self.restyle()

    @property
    def ratios(self) -> np.ndarray:
        """The shares that are drawn, ``(K,)``, from 0 to 1."""
        return self._ratios

    def set_ratios(self, ratios: np.ndarray) -> None:
        """Draw the shares of the variance ``(K,)``, from 0 to 1."""
        self._ratios, self._current = np.asarray(ratios, float), 0
        self.reset_view()
        self.restyle()

    def set_current(self, index: int) -> None:
        """Mark a component."""
        self._current = index
        self.restyle()

    def reset_view(self) -> None:
        """Show all components, from none to all of the variance."""
        super().reset_view()
        count = max(2, len(self._ratios))
        self.box.setRange(xRange=(0.3, count + 0.7), yRange=(0, 104), padding=0, disableAutoRange=True)
        every = max(1, -(-count // 6))
        self.item.getAxis("bottom").setTicks([[(i, str(i)) for i in range(1, count + 1, every)], []])

    def restyle(self) -> None:
        """Take the theme's colours; the chosen bar is the accent's."""
        super().restyle()
        if not hasattr(self, "_bars"):
            return
        count = len(self._ratios)
        x = np.arange(1, count + 1)
        brushes = [theme().color("accent", 1.0 if i == self._current else 0.4) for i in range(count)]
        self._bars.setOpts(x=x, height=100 * self._ratios, width=0.7, brushes=brushes, pen=pg.mkPen(None))
        color = theme().color("validation")
        self._line.setData(x, 100 * np.cumsum(self._ratios), pen=pg.mkPen(color, width=1.5))
        self._line.setSymbolBrush(color)
        self._line.setSymbolPen(pg.mkPen(None))

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Choose the component whose bar, or the column above it, is pressed."""
        if ev.button() == Qt.MouseButton.LeftButton and len(self._ratios):
            place = self.box.mapSceneToView(self.mapToScene(ev.position().toPoint()))
            assert isinstance(place, QPointF)
            index = round(place.x()) - 1
            if 0 <= index < len(self._ratios):
                self.chosen.emit(index)
        super().mousePressEvent(ev)
