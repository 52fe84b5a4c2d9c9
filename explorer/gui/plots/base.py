"""A plot in the window's colours, whose axes are painted once and then only copied."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsItem, QScrollArea, QSizePolicy, QWidget

from explorer.gui.theme import theme


class ThemedPlot(pg.PlotWidget):
    """Axes with names, a quiet grid, wheel to zoom, drag to move, double-click or Home to see all again.

    Notes
    -----
    pyqtgraph paints an axis with its grid in about 4 ms, and does so whenever a curve over it changes. Held as a
    pixmap (``DeviceCoordinateCache``) they cost 0.1 ms: a curve of 50 points is then painted in half a millisecond.
    """

    painted = Signal()
    """After every paint; a read-out of latency and the benchmarks listen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        item = self.getPlotItem()
        assert item is not None  # a PlotWidget makes its own
        self.item: pg.PlotItem = item
        self.item.hideButtons()
        self.item.setMenuEnabled(False)
        self.box: pg.ViewBox = self.item.getViewBox()
        self.box.disableAutoRange()
        self.box.sigRangeChangedManually.connect(self._hold)
        self._held = False
        self._labels = {"bottom": "", "left": ""}
        self._times_shown = True
        for side in ("left", "bottom"):
            axis = self.item.getAxis(side)
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
            axis.enableAutoSIPrefix(False)
            # The axis would else give back the room of a shorter number, and the plot beside it jump.
            axis.setStyle(autoReduceTextSpace=False, tickLength=0, hideOverlappingLabels=True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._lines = 6.0
        theme().changed.connect(self.restyle)
        ThemedPlot.restyle(self)

    def set_least_height(self, lines: float) -> None:
        """Take no less room than so many lines of small letters."""
        self._lines = lines
        self.restyle()

    def set_labels(self, bottom: str, left: str) -> None:
        """Name the axes, units included."""
        self._labels = {"bottom": bottom, "left": left}
        self._style_axes()

    def _style_axes(self) -> None:
        font = theme().font("small")
        text = theme().palette.muted
        for side, label in self._labels.items():
            axis = self.item.getAxis(side)
            axis.setTickFont(font)
            axis.setTextPen(text)
            axis.setPen(theme().palette.line)
            axis.setLabel(label, color=text, **{"font-size": f"{font.pointSizeF():.1f}pt"})
            axis.showLabel(bool(label) and (side == "left" or self._times_shown))

    def show_times(self, shown: bool) -> None:
        """Show or hide the numbers and the name of the times; a plot below with the same times may have them."""
        self._times_shown = shown
        axis = self.item.getAxis("bottom")
        axis.setStyle(showValues=shown)
        axis.setHeight(None if shown else 4)
        self._style_axes()

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        self.setBackground(theme().palette.field)
        self.setMinimumHeight(round(self._lines * QFontMetrics(theme().font("small")).height()))
        self.item.showGrid(x=True, y=True, alpha=0.35 if theme().name == "light" else 0.45)
        self._style_axes()

    @property
    def held(self) -> bool:
        """Whether a person zoomed or moved the view; it then stays until they reset it."""
        return self._held

    def _hold(self, *_: object) -> None:
        self._held = True

    def reset_view(self) -> None:
        """Show everything again, and follow the curves."""
        self._held = False

    def sizeHint(self) -> QSize:
        """Ask for no more than the least: the layout's stretch gives it the rest."""
        return QSize(240, self.minimumHeight())

    def paintEvent(self, ev: QPaintEvent) -> None:
        """Paint, then tell."""
        super().paintEvent(ev)
        self.painted.emit()

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Zoom; in a panel that scrolls only once the plot was clicked, so that scrolling does not end on it."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None and area.verticalScrollBar().isVisible() and not self.hasFocus():
            ev.ignore()
        else:
            super().wheelEvent(ev)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset the view."""
        self.reset_view()
        event.accept()

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Reset the view on Home."""
        if ev.key() == Qt.Key.Key_Home:
            self.reset_view()
            ev.accept()
        else:
            super().keyPressEvent(ev)
