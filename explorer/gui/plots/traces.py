"""Curves of one channel over long times, drawn anew at every move of a slider without holding the window."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.plots.thinning import thinned

SMOOTH = 700
"""Points up to which a curve is drawn with smooth edges: beyond, Qt takes ten times as long as for plain lines."""


class TracePlot(CurvePlot):
    """A `CurvePlot` of one channel whose curves have no more points than the plot has room for.

    Attributes
    ----------
    grows : bool
        Whether the vertical range grows with the curves; else it is the one that was configured.

    Notes
    -----
    Six curves of 5,000 steps are painted in 17 ms; thinned to the lowest and the highest value of each pixel, and
    without smooth edges, in 2 ms. They are thinned anew when a person zooms in, and then are whole.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grows = True
        self._stale: set[str] = set()
        self._shown_x = (0.0, 1.0)
        self.box.sigXRangeChanged.connect(self._x_changed)

    def set_stale(self, key: str, stale: bool) -> None:
        """Draw a curve faintly, as one that waits for its successor, or in full."""
        if stale != (key in self._stale):
            (self._stale.add if stale else self._stale.discard)(key)
            if key in self._items:
                self._pen(key)

    def is_stale(self, key: str) -> bool:
        """Whether a curve waits for its successor."""
        return key in self._stale

    def set_curves(self, curves: dict[str, tuple[np.ndarray, CurveStyle]]) -> None:
        """Draw exactly these curves ``(T,)`` by name, each in its style."""
        for key in self.keys:
            if key not in curves:
                self.set_curve(key, None)
        for key, (values, style) in curves.items():
            if not self._is_drawn(key, values, style):
                self.set_curve(key, values, style)
        self.fit()

    def _is_drawn(self, key: str, values: np.ndarray, style: CurveStyle) -> bool:
        """Whether just this memory is drawn already, in this style: an output that waits is the array that it was."""
        drawn = self._values.get(key)
        if drawn is None or self._styles.get(key) != style or len(drawn) != len(values):
            return False
        place, stride = drawn.__array_interface__["data"], drawn.strides[0]
        return place == values.__array_interface__["data"] and stride == values.strides[0]

    def _x_changed(self) -> None:
        shown = tuple(self.box.viewRange()[0])
        if shown != self._shown_x:
            self._shown_x = shown
            self._redraw()

    def _redraw(self) -> None:
        if len(self._x) > SMOOTH:
            for key in self._values:
                self._draw(key)

    def resizeEvent(self, ev: QResizeEvent) -> None:
        """Draw as many points as there now is room for."""
        super().resizeEvent(ev)
        if hasattr(self, "_stale"):
            self._redraw()

    def _draw(self, key: str) -> None:
        values = self._values[key]
        if values.shape[1] != 1 or len(values) <= SMOOTH:
            super()._draw(key)
            if not self.grows:
                self._extent.pop(key, None)
            return
        x, y = self._x[: len(values)], np.ascontiguousarray(values[:, 0], dtype=float)
        finite = np.isfinite(y)
        everywhere = bool(finite.all())
        if self.grows and (everywhere or finite.any()):
            known = y if everywhere else y[finite]
            self._extent[key] = float(known.min()), float(known.max())
        else:
            self._extent.pop(key, None)
        low, high = self.box.viewRange()[0]
        first, behind = max(0, int(np.searchsorted(x, low)) - 1), int(np.searchsorted(x, high)) + 2
        x, y = thinned(x[first:behind], y[first:behind], max(200, int(self.box.width())))
        connect = "all" if everywhere else "finite"
        self._items[key].setData(x, y, connect=connect, antialias=len(y) <= SMOOTH)

    def _pen(self, key: str) -> None:
        super()._pen(key)
        style, item = self._styles[key], self._items[key]
        long = len(self._x) > SMOOTH
        if not long and key not in self._stale:
            return
        color = style.qcolor()
        if key in self._stale:
            color.setAlphaF(0.35 * color.alphaF())
        pen = pg.mkPen(color, width=1.0 if long else style.width)
        if style.dashed:
            pen.setStyle(item.opts["pen"].style())
        item.setPen(pen)
        item.setSegmentedLineMode("off")


class TimeLink(QObject):
    """Keeps the times that several plots show the same, seen or not.

    pyqtgraph's own link aligns plots by their place on the screen, which plots on other pages have none of.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._plots: list[CurvePlot] = []
        self._busy = False

    def add(self, plot: CurvePlot) -> None:
        """Link a plot's times to those of the others."""
        self._plots.append(plot)
        plot.box.sigXRangeChanged.connect(lambda *_: self._moved(plot))
        plot.box.sigRangeChangedManually.connect(lambda *_: self._moved(plot))

    def _moved(self, plot: CurvePlot) -> None:
        if self._busy:
            return
        self._busy = True
        low, high = plot.box.viewRange()[0]
        for other in self._plots:
            if other is not plot:
                other.box.setXRange(low, high, padding=0)
        self._busy = False
