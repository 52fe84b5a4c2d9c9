"""Losses over epochs, linear or logarithmic, with the epoch whose weights are kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from explorer.gui.plots.base import ThemedPlot
from explorer.gui.plots.style import CurveStyle
from explorer.gui.theme import theme


@dataclass(frozen=True, eq=False)
class LossCurve:
    """One loss by epoch: numbers of epochs ``(E,)``, values ``(E,)`` with NaN where there is none, and its style."""

    epochs: np.ndarray
    values: np.ndarray
    style: CurveStyle


class LossPlot(ThemedPlot):
    """Curves of losses by name. The epochs to come have their place from the start, so that nothing jumps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, pg.PlotCurveItem] = {}
        self._curves: dict[str, LossCurve] = {}
        self._log = False
        self._span = 1
        self._best = 0
        self._best_line = pg.InfiniteLine(angle=90, movable=False)
        self._best_text = pg.TextItem("", anchor=(0, 0))
        self._moment_line = pg.InfiniteLine(angle=90, movable=False)
        self._phases: dict[int, str] = {}
        self._phase_marks: list[tuple[pg.InfiniteLine, pg.TextItem]] = []
        for item in (self._best_line, self._best_text, self._moment_line):
            self.box.addItem(item, ignoreBounds=True)
            item.hide()
        self.set_labels("epoch", "loss")
        self.box.sigXRangeChanged.connect(self._tick_epochs)
        self.box.sigYRangeChanged.connect(self._tick_losses)
        self.restyle()

    @property
    def curves(self) -> dict[str, LossCurve]:
        """What is drawn, by name."""
        return dict(self._curves)

    @property
    def logarithmic(self) -> bool:
        """Whether the losses are drawn on a logarithmic scale."""
        return self._log

    def set_log(self, log: bool) -> None:
        """Draw on a logarithmic scale, on which losses of zero or less leave a gap, or on a linear one."""
        self._log = log
        self.reset_view()
        self._tick_losses()

    def set_curves(
        self, curves: Mapping[str, LossCurve], *, span: int, best: int, phases: Mapping[int, str] | None = None
    ) -> None:
        """Draw exactly these curves.

        Parameters
        ----------
        curves : dict of str to LossCurve
        span : int
            The last epoch that has a place on the axis.
        best : int
            The epoch to mark; 0 for none.
        phases : dict of int to str, optional
            Names of the phases by their first epochs: a line stands before each but the first.
        """
        self._phases = dict(phases or {})
        self._curves, self._span, self._best = dict(curves), max(span, 2), best
        for name in [name for name in self._items if name not in curves]:
            self.box.removeItem(self._items.pop(name))
        for name in curves:
            if name not in self._items:
                self._items[name] = pg.PlotCurveItem()
                self.box.addItem(self._items[name], ignoreBounds=True)
        self._draw()

    def mark_moment(self, epoch: int) -> None:
        """Mark the epoch that is looked back at; 0 for none."""
        self._moment_line.setVisible(epoch > 0)
        self._moment_line.setPos(epoch)

    def reset_view(self) -> None:
        """Show all epochs."""
        super().reset_view()
        self._draw()

    def _draw(self) -> None:
        low, high = np.inf, -np.inf
        for name, curve in self._curves.items():
            y = np.asarray(curve.values, float)
            if self._log:
                y = np.log10(np.where(y > 0, y, np.nan))
            finite = np.isfinite(y)
            if finite.any():
                low, high = min(low, float(y[finite].min())), max(high, float(y[finite].max()))
            self._pen(name)
            connect = "all" if finite.all() else "finite"
            self._items[name].setData(np.asarray(curve.epochs, float), y, connect=connect, antialias=len(y) <= 5000)
        if low > high:
            low, high = 0.0, 1.0
        if not self._log and low > 0:
            low = 0.0  # how much of a loss is left is seen against zero
        pad = 0.06 * (high - low) or 0.5
        bottom = low if low == 0.0 else low - pad
        wide = self._span - 1.0
        self.box.setLimits(
            xMin=1 - wide, xMax=self._span + wide, minXRange=1, maxXRange=3 * wide,
            yMin=low - 3 * (high - low + pad), yMax=high + 3 * (high - low + pad),
        )  # fmt: skip
        if not self.held:
            whole = (1 - 0.02 * wide, self._span + 0.02 * wide)
            top = high + pad * (3 if self._phases else 1)  # their names stand above the curves
            self.box.setRange(xRange=whole, yRange=(bottom, top), padding=0, disableAutoRange=True)
        self._mark_best()
        self._mark_phases()

    def _tick_epochs(self) -> None:
        """Put ticks at whole epochs: there is no epoch 1.5."""
        first, last = self.box.viewRange()[0]
        rough = max(1.0, (last - first) / 6)
        power = 10 ** math.floor(math.log10(rough))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
        self.item.getAxis("bottom").setTickSpacing(levels=[(max(1, step), 0)])

    def _tick_losses(self) -> None:
        """Name decades on a logarithmic scale, and the fewer there are, the more between."""
        axis = self.item.getAxis("left")
        if not self._log:
            axis.setTicks(None)
            return
        low, high = self.box.viewRange()[1]
        steps = (1, 1.5, 2, 3, 4, 6, 8) if high - low < 0.9 else (1, 2, 5) if high - low < 2 else (1,)
        every = max(1, math.ceil((high - low) / 6))
        decades = range(math.floor(low), math.ceil(high) + 1)
        places = [math.log10(step) + decade for decade in decades if decade % every == 0 for step in steps]
        axis.setTicks([[(place, f"{10**place:.3g}") for place in places if low <= place <= high], []])

    def _mark_best(self) -> None:
        shown = self._best > 0 and bool(self._curves)
        self._best_line.setVisible(shown)
        self._best_text.setVisible(shown)
        if shown:
            self._best_line.setPos(self._best)
            self._best_text.setText(f"best: {self._best}")
            left_half = self._best <= (1 + self._span) / 2
            self._best_text.setAnchor((0, 0) if left_half else (1, 0))
            self._best_text.setPos(self._best, self.box.viewRange()[1][1])

    def _mark_phases(self) -> None:
        """Part the phases by lines, and name each at its beginning: across a line no loss can be compared."""
        if (new := len(self._phases) - len(self._phase_marks)) > 0:
            for _ in range(new):
                mark = pg.InfiniteLine(angle=90, movable=False), pg.TextItem("", anchor=(0, 0))
                for item in mark:
                    self.box.addItem(item, ignoreBounds=True)
                self._phase_marks.append(mark)
            self._style_phases()
        top = self.box.viewRange()[1][1]
        for place, (line, text) in enumerate(self._phase_marks):
            line.setVisible(0 < place < len(self._phases))
            text.setVisible(place < len(self._phases))
        for place, (first, name) in enumerate(self._phases.items()):
            line, text = self._phase_marks[place]
            line.setPos(first - 0.5)
            text.setText(name)
            text.setPos(first - 0.5 if place else first, top)

    def _style_phases(self) -> None:
        for line, text in self._phase_marks:
            line.setPen(pg.mkPen(theme().color("line"), width=1))
            text.setColor(theme().color("muted"))
            text.setFont(theme().font("small"))

    def _pen(self, name: str) -> None:
        style = self._curves[name].style
        pen = pg.mkPen(style.qcolor(), width=style.width)
        if style.dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        self._items[name].setPen(pen)
        self._items[name].setZValue(style.front)

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        for name in self._items:
            self._pen(name)
        pen = pg.mkPen(theme().color("muted"), width=1)
        pen.setStyle(Qt.PenStyle.DotLine)
        self._best_line.setPen(pen)
        self._moment_line.setPen(pg.mkPen(theme().color("accent"), width=1.5))
        self._best_text.setColor(theme().color("muted"))
        self._best_text.setFont(theme().font("small"))
        self._style_phases()
