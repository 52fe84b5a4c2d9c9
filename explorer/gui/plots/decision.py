"""Which class a model takes each point of a plane to be, as colours, and the samples upon it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from explorer.analysis.decision import edges, opacity
from explorer.gui.plots.base import ThemedPlot
from explorer.gui.theme import theme


class DecisionPlot(ThemedPlot):
    """The class of each point in its colour, the clearer the surer; samples are dots in that of their label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._dots = pg.ScatterPlotItem(size=6, useCache=True)
        for item in (self._image, self._dots):
            self.box.addItem(item, ignoreBounds=True)
        self._rect = QRectF(0, 0, 1, 1)
        self._classes = np.zeros((1, 1), int)
        self._opacity = np.zeros((1, 1))
        self._given = np.zeros(0, int)
        self.restyle()

    @property
    def image(self) -> np.ndarray:
        """What is drawn, uint8 ``(G, G, 4)``, from the bottom."""
        return np.asarray(self._image.image)

    @property
    def points(self) -> np.ndarray:
        """Where the samples are drawn, ``(M, 2)``."""
        return np.stack(self._dots.getData(), axis=1)

    def set_map(
        self,
        grid: tuple[np.ndarray, np.ndarray],
        classes: np.ndarray,
        confidence: np.ndarray,
        count: int,
        points: np.ndarray,
        labels: np.ndarray,
    ) -> None:
        """Draw the likeliest of `count` classes ``(G, G)`` with its probability, and samples ``(M, 2)`` by label."""
        (left, right), (bottom, top) = edges(grid[0]), edges(grid[1])
        self._rect = QRectF(left, bottom, right - left, top - bottom)
        self._classes, self._opacity, self._given = classes, opacity(confidence, count), labels
        self._dots.setSize(float(np.clip(160 / max(len(points), 1) ** 0.5, 4, 7)))
        self._dots.setData(*np.asarray(points, float).T)
        self._colour()
        self._image.setRect(self._rect)
        self.reset_view()

    def _colour(self) -> None:
        palette = theme().palette
        shades = np.array([QColor(shade).getRgb() for shade in palette.classes], np.uint8)
        image = shades[self._classes % len(shades)]
        image[..., 3] = np.rint(255 * self._opacity)
        self._image.setImage(image, autoLevels=False, levels=(0, 255))
        self._dots.setPen(pg.mkPen(palette.field, width=0.5))
        brushes = {label: pg.mkBrush(palette.class_color(int(label))) for label in np.unique(self._given)}
        if len(self._given):
            self._dots.setBrush([brushes[label] for label in self._given])

    def reset_view(self) -> None:
        """Show all of the plane again."""
        super().reset_view()
        self.box.setRange(self._rect, padding=0, disableAutoRange=True)

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        if hasattr(self, "_dots"):
            self.item.showGrid(x=False, y=False)
            self._colour()
