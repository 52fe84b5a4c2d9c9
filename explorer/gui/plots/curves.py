"""Curves over time: one or many channels, several roles over each other, fast enough to follow a hand."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from explorer.gui.plots.base import ThemedPlot
from explorer.gui.plots.filling import Filling
from explorer.gui.plots.marks import Marks
from explorer.gui.plots.ranges import CalmRange
from explorer.gui.plots.style import CurveStyle, style_of
from explorer.gui.theme import theme

Arrangement = Literal["stacked", "overlaid"]

_NOWHERE = np.empty(0)
_DOT, _LEAST_DOT = 5, 2
"""Pixels across of what was observed, and of many channels."""
_MOST_LETTERS = 12
"""Room beside a plot for numbers, or for the name of a channel."""


class CurvePlot(ThemedPlot):
    """A plot of named curves ``(T,)`` or ``(T, C)`` over common times, or over times of their own.

    The vertical range is that of the data set (`set_ranges`), grows when a curve leaves it and shrinks calmly.
    Several channels are stacked, each scaled to its own range and named on the axis, or overlaid in their own units.
    NaN leaves a gap; in a curve with times of its own it does not count, and what was observed is drawn as dots.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._x = np.arange(2.0)
        self._channels: tuple[str, ...] = ("",)
        self._ranges = np.array([[0.0, 1.0]])
        self._arrangement: Arrangement = "stacked"
        self._items: dict[str, pg.PlotCurveItem] = {}
        self._dots: dict[str, Marks] = {}
        self._own_x: dict[str, np.ndarray] = {}
        self._styles: dict[str, CurveStyle] = {}
        self._values: dict[str, np.ndarray] = {}
        self._extent: dict[str, tuple[float, float]] = {}
        self._calm = CalmRange(0.0, 1.0)
        self._filled: Filling | None = None
        self._filled_ends: tuple[tuple[np.ndarray, np.ndarray], np.ndarray | None] | None = None
        self._mark: pg.InfiniteLine | None = None
        self._marked: tuple[float, str] | None = None
        self._left_label = ""
        self._whole_x = (0.0, 1.0)
        self.box.sigResized.connect(self._fill_lanes)

    # What is drawn

    @property
    def keys(self) -> list[str]:
        """Names of the curves that have values."""
        return list(self._values)

    def values(self, key: str) -> np.ndarray | None:
        """Return the values of a curve, ``(T, C)``, as they were given."""
        return self._values.get(key)

    def configure(
        self,
        x: np.ndarray,
        ranges: np.ndarray,
        *,
        channels: Sequence[str] = ("",),
        bottom: str = "",
        left: str = "",
    ) -> None:
        """Set the times ``(T,)``, the channels' ranges ``(C, 2)`` and names, and the labels; curves are cleared."""
        self.clear_curves()
        self.mark_future(None)
        self._x, self._ranges, self._channels = np.asarray(x, float), np.asarray(ranges, float), tuple(channels)
        self._left_label = left
        self._labels["bottom"] = bottom
        self._rebase()
        self.reset_view()

    @property
    def arrangement(self) -> Arrangement:
        """How several channels are drawn."""
        return self._arrangement

    def set_arrangement(self, arrangement: Arrangement) -> None:
        """Stack the channels, or overlay them."""
        self._arrangement = arrangement
        self._rebase()
        for key in self._values:
            self._draw(key)
        if self._filled_ends is not None:
            self.set_band(self._filled_ends[0], x=self._filled_ends[1])
        self.reset_view()

    def set_curve(
        self, key: str, values: np.ndarray | None, style: CurveStyle | None = None, *, x: np.ndarray | None = None
    ) -> None:
        """Draw, redraw or (with None) remove the curve called `key`.

        Parameters
        ----------
        key : str
            A role ("clean", "decoded", …) has its own style; others want `style`.
        values : ndarray ``(T,)`` or ``(T, C)``, or None
        style : CurveStyle, optional
        x : ndarray ``(T,)``, optional
            Times of its own.
        """
        if x is None and self._own_x.pop(key, None) is not None and key in self._dots:
            self._dots[key].place(_NOWHERE, _NOWHERE)
        if values is None:
            self._values.pop(key, None)
            self._extent.pop(key, None)
            if key in self._items:
                self._items[key].setData([], [])
            if key in self._dots:
                self._dots[key].place(_NOWHERE, _NOWHERE)
            return
        if x is not None:
            self._own_x[key] = x
            self._widen(x)
        item = self._items.get(key)
        if item is None:
            item = self._items[key] = pg.PlotCurveItem(skipFiniteCheck=True)
            self.box.addItem(item, ignoreBounds=True)
        if style is None:
            style = self._styles.get(key) or style_of(key)
        self._values[key] = values if values.ndim == 2 else values[:, None]
        if self._styles.get(key) != style:
            self._styles[key] = style
            self._pen(key)
        self._draw(key)

    def set_visible(self, key: str, visible: bool) -> None:
        """Show or hide a curve."""
        if key in self._items:
            self._items[key].setVisible(visible)
            if key in self._dots:
                self._dots[key].setVisible(visible)
            self.fit()

    def mark_future(self, step: int | None) -> None:
        """Draw a line before step `step` of the times, behind which lies the future; None takes it away."""
        if step is None or not 0 < step < len(self._x):
            self.mark_time(None)
        else:
            self.mark_time((self._x[step - 1] + self._x[step]) / 2, "future")

    def mark_time(self, at: float | None, text: str = "") -> None:
        """Draw a line at a time, with a word beside it; None takes it away."""
        marked = None if at is None else (float(at), text)
        if marked == self._marked:
            return
        self._marked = marked
        if marked is None:
            if self._mark is not None:
                self._mark.hide()
            return
        if self._mark is None:
            self._mark = pg.InfiniteLine(angle=90, movable=False, label=text, labelOpts={"position": 0.94})
            self.box.addItem(self._mark, ignoreBounds=True)
        self._mark.setPos(marked[0])
        self._mark.label.setFormat(text)
        self._mark.show()
        self._style_mark()

    def _style_mark(self) -> None:
        if self._mark is None:
            return
        pen = pg.mkPen(theme().color("muted"), width=1)
        pen.setStyle(Qt.PenStyle.DotLine)
        self._mark.setPen(pen)
        self._mark.label.setColor(theme().color("muted"))
        self._mark.label.setFont(theme().font("small"))

    @property
    def times(self) -> np.ndarray:
        """The times ``(T,)`` of the steps."""
        return self._x

    def include(self, low: float, high: float) -> None:
        """Let the vertical range reach from one value to another, for what is drawn beside the curves."""
        if np.isfinite([low, high]).all() and not self._held:
            self._limit_to(self._calm.update(low, high, time.monotonic()))

    def _limit_to(self, shown: tuple[float, float]) -> None:
        self._limit()
        self.box.setYRange(*shown, padding=0)

    def clear_curves(self) -> None:
        """Remove all curves."""
        self.set_band(None)
        for item in (*self._items.values(), *self._dots.values()):
            self.box.removeItem(item)
        for store in (self._items, self._dots, self._own_x, self._styles, self._values, self._extent):
            store.clear()

    def fit(self) -> None:
        """Let the vertical range follow the curves, calmly; call it after the curves of one moment were set."""
        shown = [extent for key, extent in self._extent.items() if self._items[key].isVisible()]
        if self._held or not shown:
            return
        before = self._calm.shown
        after = self._calm.update(min(low for low, _ in shown), max(high for _, high in shown), time.monotonic())
        if after != before:
            self._limit_to(after)

    def reset_view(self) -> None:
        """Show the whole time and the data set's range, or more where a curve needs it."""
        super().reset_view()
        low, high = self._base()
        self._calm = CalmRange(low, high)
        for low, high in self._extent.values():
            self._calm.update(low, high, time.monotonic())
        self._limit()
        self.box.setRange(xRange=self._whole_x, yRange=self._calm.shown, padding=0, disableAutoRange=True)

    # How

    @property
    def _stacked(self) -> bool:
        return self._arrangement == "stacked" and len(self._channels) > 1

    def _base(self) -> tuple[float, float]:
        if self._stacked:
            return 0.0, float(len(self._channels))
        return float(self._ranges[:, 0].min()), float(self._ranges[:, 1].max())

    def _rebase(self) -> None:
        """Lay out axes for the channels in their arrangement."""
        first, last = float(self._x[0]), float(self._x[-1])
        pad = 0.02 * (last - first or 1.0)
        self._whole_x = (first - pad, last + pad)
        for x in self._own_x.values():
            self._widen(x)
        self._fill_lanes()
        if self._stacked:
            self.set_labels(self._labels["bottom"], "")
        else:
            self.item.getAxis("left").setTicks(None)
            self.set_labels(self._labels["bottom"], self._left_label)
        self.item.getAxis("left").setWidth(self.left_width)

    def _fill_lanes(self) -> None:
        """Name as many channels, and draw dots as large, as there is room for."""
        for key, dots in self._dots.items():
            if dots.opts["size"] != self._dot_size:
                self._pen(key)
        if self._stacked:
            metrics, wide = QFontMetrics(theme().font("small")), Qt.TextElideMode.ElideRight
            count, room = len(self._channels), self.box.height() / metrics.height()
            every = -(-count // max(1, int(room)))
            most = _MOST_LETTERS * metrics.averageCharWidth()  # the axis leaves out what is wider than itself
            names = [metrics.elidedText(name, wide, most) for name in self._channels]
            ticks = [(count - i - 0.5, name) for i, name in enumerate(names) if i % every == 0]
            self.item.getAxis("left").setTicks([ticks, []])

    @property
    def _dot_size(self) -> int:
        """In pixels: lower than a lane, that the dots of one channel do not cover those of the next."""
        lane = self.box.height() / len(self._channels) if self._stacked else _DOT
        return max(_LEAST_DOT, min(_DOT, int(lane)))

    @property
    def left_width(self) -> int:
        """Room that the left axis takes, in pixels; fixed, so that the plot does not jump with a longer number."""
        metrics = QFontMetrics(theme().font("small"))
        if self._stacked:
            texts = list(self._channels)
        else:
            low, high = self._calm.shown
            texts = [f"{end:.2g}" for end in (low, high, (low + high) / 2)] + ["−0.5"]
        label = 0 if self._stacked or not self._left_label else metrics.height()
        most = _MOST_LETTERS * metrics.averageCharWidth()
        return min(max(metrics.horizontalAdvance(text) for text in texts), most) + label + 10

    def align_left(self, other: CurvePlot) -> None:
        """Give the left axes of two plots above each other the same room, and link their times."""
        width = max(self.left_width, other.left_width)
        for plot in (self, other):
            plot.item.getAxis("left").setWidth(width)
        other.box.setXLink(self.box)

    def _limit(self) -> None:
        low, high = self._calm.shown
        first, last = self._whole_x
        tall, wide = high - low, last - first
        self.box.setLimits(
            xMin=first - 0.5 * wide, xMax=last + 0.5 * wide, maxXRange=2 * wide,
            minXRange=wide / max(20.0, len(self._x) / 4),
            yMin=low - 2 * tall, yMax=high + 2 * tall, maxYRange=5 * tall, minYRange=tall / 1000,
        )  # fmt: skip

    def placed(self, values: np.ndarray) -> np.ndarray:
        """Return where values ``(…, C)`` are drawn: each channel in its own lane where they are stacked."""
        if not self._stacked:
            return values
        count = len(self._channels)
        low, span = self._ranges[:, 0], np.ptp(self._ranges, axis=1)
        return (values - low) / span * 0.9 + 0.05 + np.arange(count - 1, -1, -1)

    def set_band(self, ends: tuple[np.ndarray, np.ndarray] | None, *, x: np.ndarray | None = None) -> None:
        """Fill what lies between a lower and an upper curve ``(T, C)``, behind all curves; None takes it away.

        Parameters
        ----------
        ends : tuple of ndarray, or None
        x : ndarray ``(T,)``, optional
            Times of their own.
        """
        if ends is None:
            if self._filled is not None:
                self._filled.set_pairs([])
            self._filled_ends = None
            return
        if self._filled is None:
            self._filled = Filling()
            self._filled.setZValue(-10)
            self.box.addItem(self._filled, ignoreBounds=True)
            self._style_band()
        self._filled_ends = (ends, x)
        low, high = (self.placed(end if end.ndim == 2 else end[:, None]) for end in ends)
        times = (self._x if x is None else x)[: len(low)]
        pairs = []
        for lower, upper in zip(low.T, high.T, strict=True):
            known = np.isfinite(times) & np.isfinite(lower) & np.isfinite(upper)
            pairs.append((times[known], lower[known], upper[known]))
        self._filled.set_pairs(pairs)

    def _style_band(self) -> None:
        if self._filled is not None:
            self._filled.set_color(theme().color("decoded", 0.18))

    def _draw(self, key: str) -> None:
        values, item = self._values[key], self._items[key]
        x = self._own_x.get(key, self._x)[: len(values)]
        values = self.placed(values)
        steps, channels = values.shape
        if channels == 1:
            y = np.ascontiguousarray(values[:, 0], dtype=float)
        else:  # all channels are one item, with a gap after each: one paint instead of many
            y = np.full((channels, steps + 1), np.nan)
            y[:, :steps] = values.T
            y = y.reshape(-1)
            x = np.tile(np.append(x, x[-1]), channels)
        if key in self._own_x:
            x, y = _known(x, y, channels)
        finite = np.isfinite(y)
        everywhere = bool(finite.all())
        if everywhere:
            self._extent[key] = float(y.min()), float(y.max())
        elif finite.any():
            self._extent[key] = float(y[finite].min()), float(y[finite].max())
        else:
            self._extent.pop(key, None)
        if key in self._own_x and self._styles[key].observed:
            self._draw_dots(key, x[finite], y[finite])
            return
        item.setData(x, y, connect="all" if everywhere else "finite", antialias=len(y) <= 5000)

    def _draw_dots(self, key: str, x: np.ndarray, y: np.ndarray) -> None:
        """Draw what was observed as dots: a line would tell what was between."""
        dots = self._dots.get(key)
        if dots is None:
            dots = self._dots[key] = Marks()
            self.box.addItem(dots, ignoreBounds=True)
            self._pen(key)
        self._items[key].setData([], [])
        dots.place(x, y)

    def _widen(self, x: np.ndarray) -> None:
        """Show times that lie beyond those shown: a curve that goes on after the last observation."""
        first, last = float(np.nanmin(x)), float(np.nanmax(x))
        shown_first, shown_last = self._whole_x
        if first >= shown_first and last <= shown_last:
            return
        pad = 0.02 * (max(last, shown_last) - min(first, shown_first))
        self._whole_x = (min(first - pad, shown_first), max(last + pad, shown_last))
        self._limit()
        if not self._held:
            self.box.setXRange(*self._whole_x, padding=0)

    def _pen(self, key: str) -> None:
        style = self._styles[key]
        # Qt strokes a wide line slowly; where there are many points nobody sees the width anyway.
        width = style.width if len(self._x) * len(self._channels) <= 2000 else 1.0
        pen = pg.mkPen(style.qcolor(), width=width)
        if style.dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        item = self._items[key]
        item.setPen(pen)
        item.setSegmentedLineMode("off" if style.dashed else "on")
        item.setZValue(style.front)
        if (dots := self._dots.get(key)) is not None:
            dots.setBrush(style.qcolor())
            dots.setPen(None)
            dots.setSize(self._dot_size)
            dots.setZValue(style.front + 10)  # on the curves

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        for key in self._items:
            self._pen(key)
        self._style_mark()
        self._style_band()


def _known(x: np.ndarray, y: np.ndarray, channels: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a curve without what is not known, so that a line goes on from one value to the next.

    Of several channels one after another, each behind a gap.
    """
    kept = np.isfinite(x) & np.isfinite(y)
    if channels > 1:
        ends = np.zeros(len(y), bool)
        ends[len(y) // channels - 1 :: len(y) // channels] = True
        x, y = np.where(np.isfinite(x), x, 0.0), np.where(ends, np.nan, y)
        kept |= ends
    return x[kept], y[kept]
