"""Power over time and frequency as an image: one spectrogram, with its name."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from explorer.analysis.palette import SEQUENTIAL
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import theme


@cache
def color_table() -> np.ndarray:
    """Return 256 colours of the scale of ordered values, uint8 ``(256, 3)``."""
    stops = np.array([[int(color[at : at + 2], 16) for at in (1, 3, 5)] for color in SEQUENTIAL], float)
    place = np.linspace(0, len(stops) - 1, 256)
    return np.stack([np.interp(place, np.arange(len(stops)), column) for column in stops.T], axis=1).astype(np.uint8)


class HeatPlot(CurvePlot):
    """An image of decibels over times and frequencies; its times can be linked with those of curves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._image.setLookupTable(color_table())
        self.box.addItem(self._image, ignoreBounds=True)
        self._style: CurveStyle | None = None
        self._top = 1.0
        self.values_shown: np.ndarray | None = None
        self.item.showGrid(x=False, y=False)

    def set_heat(
        self,
        decibels: np.ndarray,
        times: np.ndarray,
        frequencies: np.ndarray,
        levels: tuple[float, float],
        style: CurveStyle,
    ) -> None:
        """Draw decibels ``(F, S)`` over the middles of times ``(S,)`` and of frequencies ``(F,)``, in named colours.

        `levels` are the decibels that the scale begins and ends at, `style` names the image.
        """
        self.values_shown = decibels
        self._image.setImage(np.asarray(decibels, np.float32), levels=levels, autoLevels=False)
        wide = times[1] - times[0] if len(times) > 1 else 1.0
        tall = frequencies[1] - frequencies[0] if len(frequencies) > 1 else 1.0
        self._image.setRect(
            QRectF(times[0] - wide / 2, frequencies[0] - tall / 2, wide * len(times), tall * len(frequencies))
        )
        if style != self._style:
            self._style = style
            self._name()

    def _name(self) -> None:
        if self._style is not None:
            size = f"{theme().font('small').pointSizeF():.1f}pt"
            # Names come from files: what looks like HTML in them is not.
            title = self._style.title.replace("&", "&amp;").replace("<", "&lt;")
            self.item.setTitle(title, color=self._style.qcolor().name(), size=size, justify="left")

    def set_extent(self, times: np.ndarray, top: float, *, bottom: str, left: str) -> None:
        """Set the times ``(T,)`` of the series and the highest frequency."""
        self._top = top
        self.configure(times, np.array([[0.0, top]]), bottom=bottom, left=left)

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        if hasattr(self, "_style"):
            self.item.showGrid(x=False, y=False)
            self._name()
