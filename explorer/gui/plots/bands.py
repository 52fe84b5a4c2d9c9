"""Classes over time: a row of coloured bands for each mask, below a curve over the same times."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QWidget

from explorer.gui.plots.base import ThemedPlot
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.theme import theme


def mask_color(label: int) -> QColor:
    """Return the colour of a class of masks: the background's is quiet, an unknown one's quieter."""
    if label <= 0:
        return theme().color("muted", 0.22 if label == 0 else 0.06)
    return QColor(theme().palette.class_color(label))


def runs_of(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return first step, step behind the last, and class of each run of equal classes in a mask ``(T,)``."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(mask)) + 1])
    return starts, np.append(starts[1:], len(mask)), mask[starts]


class BandsPlot(ThemedPlot):
    """Rows of bands by name, the first on top. Its times are those of a plot above, if it follows one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._masks: dict[str, np.ndarray] = {}
        self._edges = np.arange(2.0)
        self._items: list[pg.BarGraphItem] = []
        self.box.setMouseEnabled(x=True, y=False)
        self.item.showGrid(x=False, y=False)

    @property
    def masks(self) -> dict[str, np.ndarray]:
        """What is drawn, by name."""
        return dict(self._masks)

    def set_times(self, times: np.ndarray, label: str) -> None:
        """Set the time of each step ``(T,)``: a band reaches half a step to both sides."""
        middles = (times[1:] + times[:-1]) / 2
        if len(times) > 1:
            first, last = 2 * times[0] - middles[0], 2 * times[-1] - middles[-1]
        else:
            first, last = times[0] - 0.5, times[0] + 0.5
        self._edges = np.concatenate([[first], middles, [last]])
        self.set_labels(label, "")

    def follow(self, plot: CurvePlot) -> None:
        """Have the times and the left edge of a plot above."""
        self.item.getAxis("left").setWidth(max(plot.left_width, self._name_width()))
        plot.item.getAxis("left").setWidth(max(plot.left_width, self._name_width()))
        self.box.setXLink(plot.box)

    def _name_width(self) -> int:
        metrics = QFontMetrics(theme().font("small"))
        return max((metrics.horizontalAdvance(name) for name in self._masks), default=0) + 10

    def set_masks(self, masks: Mapping[str, np.ndarray]) -> None:
        """Draw exactly these masks ``(T,)``, int, by name."""
        self._masks = dict(masks)
        self._draw()

    def _draw(self) -> None:
        for item in self._items:
            self.box.removeItem(item)
        self._items = []
        count = len(self._masks)
        ticks = []
        for place, (name, mask) in enumerate(self._masks.items()):
            first, behind, labels = runs_of(mask)
            bottom = count - place - 1
            for label in np.unique(labels).tolist():  # bands of one colour are drawn at once, as many as there may be
                some = labels == label
                item = pg.BarGraphItem(
                    x0=self._edges[first[some]],
                    x1=self._edges[behind[some]],
                    y0=bottom + 0.1,
                    y1=bottom + 0.9,
                    brush=mask_color(label),
                    pen=pg.mkPen(None),
                )
                self.box.addItem(item, ignoreBounds=True)
                self._items.append(item)
            ticks.append((bottom + 0.5, name))
        self.item.getAxis("left").setTicks([ticks, []])
        self.item.getAxis("left").setWidth(self._name_width())
        self.box.setRange(yRange=(0, max(count, 1)), padding=0, disableAutoRange=True)
        line = QFontMetrics(theme().font("small")).height()
        self.setFixedHeight(round(max(count, 1) * 1.5 * line + 2.6 * line))

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        if hasattr(self, "_items"):
            self.item.showGrid(x=False, y=False)
            self._draw()
