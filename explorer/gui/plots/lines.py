"""A few named lines over a common axis, with a band about each where their spread is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QWidget

from explorer.gui.plots.base import ThemedPlot
from explorer.gui.plots.style import CurveStyle


@dataclass(frozen=True, eq=False)
class Line:
    """Values ``(P,)``, how they are drawn, and where known the lower and upper edge ``(P,)`` of their band."""

    values: np.ndarray
    style: CurveStyle
    low: np.ndarray | None = None
    high: np.ndarray | None = None


class LinesPlot(ThemedPlot):
    """Lines by name over positions ``(P,)``; an axis of amounts may be logarithmic, with a tick at each position."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._x = np.zeros(0)
        self._drawn: dict[str, Line] = {}
        self._hidden: set[str] = set()
        self._log = False
        self._items: list[QGraphicsItem] = []
        self._least: tuple[float, float] | None = None

    @property
    def lines(self) -> dict[str, Line]:
        """What is drawn, by name."""
        return dict(self._drawn)

    def set_lines(
        self,
        x: np.ndarray,
        lines: Mapping[str, Line],
        *,
        log: bool = False,
        least: tuple[float, float] | None = None,
    ) -> None:
        """Draw exactly these lines.

        Parameters
        ----------
        x : ndarray ``(P,)``
        lines : dict of str to Line
        log : bool
            Whether the positions are spread by their logarithms, each with its tick.
        least : tuple of float, optional
            A vertical range that is shown at least.
        """
        self._x, self._drawn, self._log, self._least = np.asarray(x, float), dict(lines), log, least
        self._draw()
        self.reset_view()

    def set_visible(self, name: str, visible: bool) -> None:
        """Show or hide a line and its band."""
        (self._hidden.discard if visible else self._hidden.add)(name)
        self._draw()

    def _place(self) -> np.ndarray:
        return np.log10(self._x) if self._log else self._x

    def _draw(self) -> None:
        for item in self._items:
            self.box.removeItem(item)
        self._items = []
        x = self._place()
        for name, line in self._drawn.items():
            if name in self._hidden:
                continue
            color = line.style.qcolor()
            if line.low is not None and line.high is not None:
                tint = QColor(color)
                tint.setAlphaF(0.18)
                edges = [pg.PlotCurveItem(x, np.asarray(edge, float), pen=None) for edge in (line.low, line.high)]
                self._add(pg.FillBetweenItem(*edges, brush=tint), line.style.front)
            pen = pg.mkPen(color, width=line.style.width)
            if line.style.dashed:
                pen.setStyle(Qt.PenStyle.DashLine)
            symbol = "o" if len(x) <= 24 and not line.style.dashed else None
            item = pg.PlotDataItem(x, np.asarray(line.values, float), pen=pen, symbol=symbol, symbolSize=6)
            if symbol:
                item.setSymbolBrush(color)
                item.setSymbolPen(pg.mkPen(None))
            self._add(item, line.style.front)
        ticks = [(place, f"{amount:g}") for place, amount in zip(x, self._x, strict=True)]
        self.item.getAxis("bottom").setTicks([ticks, []] if self._log else None)

    def _add(self, item: QGraphicsItem, front: int) -> None:
        item.setZValue(front)
        self.box.addItem(item, ignoreBounds=True)
        self._items.append(item)

    def reset_view(self) -> None:
        """Show all lines and bands whole."""
        super().reset_view()
        values = [
            np.asarray(part, float)
            for line in self._drawn.values()
            for part in (line.values, line.low, line.high)
            if part is not None
        ]
        flat = np.concatenate(values) if values else np.zeros(0)
        flat = np.append(flat[np.isfinite(flat)], self._least or ())
        low, high = (float(flat.min()), float(flat.max())) if len(flat) else (0.0, 1.0)
        x = self._place()
        first, last = (float(x[0]), float(x[-1])) if len(x) else (0.0, 1.0)
        wide, tall = 0.04 * (last - first) or 0.5, 0.06 * (high - low) or 0.5
        across, up = (first - wide, last + wide), (low - tall, high + tall)
        self.box.setRange(xRange=across, yRange=up, padding=0, disableAutoRange=True)

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        if hasattr(self, "_items"):
            self._draw()
