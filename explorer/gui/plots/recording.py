"""A recording of any length: panned and zoomed at frame rate, with shaded stretches and a play-head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from explorer.analysis.pyramid import Envelope, Pyramid, exact
from explorer.errors import Cancelled
from explorer.gui.jobs import Beside
from explorer.gui.plots.base import ThemedPlot
from explorer.gui.plots.spans import SpansItem
from explorer.gui.theme import theme
from explorer.progress import Silent

_ZOOM = 1.2  # for one notch of the wheel
_LEAST_STEPS = 8
_GRIP = 6.0  # pixels beside the play-head by which it is taken
_CLICK = 4.0  # a press that moves less is a click
_BUILDING_MS = 120
_REST_MS = 80

Mode = Literal["idle", "play-head", "brush", "pan"]


class _Until(Silent):
    """Goes on until it is told to stop."""

    stopped = False

    def cancelled(self) -> bool:
        return self.stopped


class RecordingPlot(ThemedPlot):
    """Draws a recording ``(S, C)``, which may be a memory map; nothing of it is held but its coarse levels.

    What is not looked through yet is drawn as a sketch of it, and what is drawn coarsely is drawn exactly once the view
    rests. The left button moves the play-head, with Shift it brushes a stretch; other buttons and the wheel move and
    zoom.
    """

    head_asked = Signal(float)
    """The play-head should go to this step."""
    brushed = Signal(float, float, bool)
    """A stretch of steps was brushed; whether it adds to what is selected."""
    stepped = Signal(int)
    """The play-head should go so many windows on."""
    play_asked = Signal()
    prepared = Signal()
    """All of the recording was looked through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pyramid: Pyramid | None = None
        self._rate = 1.0
        self._channels: tuple[str, ...] = ("",)
        self._ranges = np.array([[0.0, 1.0]])
        self._steps, self._length = 1, 1
        self._envelope: Envelope | None = None
        self._mode: Mode = "idle"
        self._pressed = self._last = QPointF()
        self._until = _Until()
        self._builder, self._finer = Beside(self), Beside(self)
        self._follow_build = QTimer(self, interval=_BUILDING_MS)
        self._follow_build.timeout.connect(self._build_goes_on)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._refine)
        self._make_items()
        self.box.setMouseEnabled(x=True, y=False)
        self.box.sigXRangeChanged.connect(self._moved)
        self.setMouseTracking(True)
        self.restyle()

    def _make_items(self) -> None:
        self.spans = SpansItem()
        self.brush = SpansItem()
        self.window_span = SpansItem()
        for item, z in ((self.spans, -3), (self.window_span, -2), (self.brush, 8)):
            item.setZValue(z)
            self.box.addItem(item, ignoreBounds=True)
        self._curve = pg.PlotCurveItem(skipFiniteCheck=True)
        self.box.addItem(self._curve, ignoreBounds=True)
        self.head = pg.InfiniteLine(angle=90, movable=False)
        self.head.setZValue(10)
        self.head.hide()
        self.box.addItem(self.head, ignoreBounds=True)

    # What is shown

    def set_recording(
        self,
        recording: np.ndarray | None,
        *,
        rate: float | None = None,
        channels: Sequence[str] = ("",),
        unit: str = "",
        length: int = 1,
    ) -> None:
        """Show a recording ``(S, C)`` from its first to its last step, or nothing.

        Parameters
        ----------
        recording : ndarray or None
        rate : float, optional
            Steps per second, by which the axis is in seconds.
        channels : sequence of str
        unit : str
            Of the values.
        length : int
            Steps of a window, which is marked at the play-head.
        """
        self._stop_building()
        self.pyramid = self._envelope = None
        self._curve.setData([], [])
        self.spans.set_spans(np.zeros((0, 2)))
        self.set_head(None)
        if recording is None:
            return
        self._rate, self._channels = rate or 1.0, tuple(channels)
        self._steps, self._length = len(recording), length
        self.pyramid = Pyramid(recording)
        self.set_labels("time (s)" if rate else "time step", "" if len(self._channels) > 1 else unit)
        self._take_extent()
        first, last = -0.02 * self._steps, 1.02 * self._steps
        self.box.setLimits(
            xMin=first / self._rate, xMax=last / self._rate, maxXRange=(last - first) / self._rate,
            minXRange=_LEAST_STEPS / self._rate,
        )  # fmt: skip
        self.reset_view()
        if self.isVisible():
            self._begin_building()

    def _take_extent(self) -> None:
        """Scale the channels to what is known of them."""
        assert self.pyramid is not None
        low, high = self.pyramid.extent()
        low, high = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), 1.0, high)
        flat = high - low <= 1e-12 * np.maximum(1.0, np.abs(low))
        self._ranges = np.stack([np.where(flat, low - 0.5, low), np.where(flat, high + 0.5, high)], axis=1)
        axis, count = self.item.getAxis("left"), len(self._channels)
        if count > 1:
            every = -(-count // 16)  # more names than that do not fit beside each other
            ticks = [(count - i - 0.5, name) for i, name in enumerate(self._channels) if i % every == 0]
            axis.setTicks([ticks, []])
            y_range = (0.0, float(count))
        else:
            axis.setTicks(None)
            pad = 0.06 * (self._ranges[0, 1] - self._ranges[0, 0])
            y_range = (self._ranges[0, 0] - pad, self._ranges[0, 1] + pad)
        axis.setWidth(self._left_width())
        self.box.setYRange(*y_range, padding=0)

    def _left_width(self) -> int:
        metrics = QFontMetrics(theme().font("small"))
        texts = (
            list(self._channels) if len(self._channels) > 1 else [f"{end:.2g}" for end in self._ranges[0]] + ["−0.55"]
        )
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        label = metrics.height() if len(self._channels) == 1 and self._labels["left"] else 0
        return min(widest, 14 * metrics.averageCharWidth()) + label + 10

    @property
    def envelope(self) -> Envelope | None:
        """What is drawn."""
        return self._envelope

    def set_stretches(self, stretches: np.ndarray) -> None:
        """Shade stretches of steps ``(K, 2)``."""
        self.spans.set_spans(stretches / self._rate)

    def set_head(self, start: float | None) -> None:
        """Put the play-head on the window that begins at a step, or take it away."""
        self.head.setVisible(start is not None)
        if start is None:
            self.window_span.set_spans(np.zeros((0, 2)))
            return
        self.head.setValue((start + (self._length - 1) / 2) / self._rate)
        self.window_span.set_spans(np.array([[start, start + self._length]]) / self._rate)

    def reveal(self, step: float) -> None:
        """Move the view, if need be, so that a step is in it."""
        low, high = self.box.viewRange()[0]
        at, wide = step / self._rate, high - low
        if not low + 0.05 * wide <= at <= high - 0.05 * wide and self._mode == "idle":
            self.box.setXRange(at - wide / 2, at + wide / 2, padding=0)

    def reset_view(self) -> None:
        """Show the whole recording."""
        super().reset_view()
        self.box.setXRange(0, max(1, self._steps) / self._rate, padding=0.005)
        self._draw()

    # Looking through the recording, beside the window

    def _begin_building(self) -> None:
        pyramid, until = self.pyramid, _Until()
        assert pyramid is not None
        self._until = until

        def work() -> bool:
            try:
                for _ in pyramid.build(until):
                    pass
            except Cancelled:
                return False
            return True

        def sketched(_sketch: Envelope) -> None:
            if self.pyramid is pyramid:
                self._build_goes_on()
                self._builder.latest(work, built)

        def built(whole: bool) -> None:
            if self.pyramid is pyramid and whole:
                self._built()

        self._follow_build.start()
        self._builder.latest(pyramid.sketch, sketched)

    def _build_goes_on(self) -> None:
        """Show what is known by now."""
        if self.pyramid is not None:
            self._take_extent()
            self._draw()

    def _built(self) -> None:
        self._follow_build.stop()
        self._build_goes_on()
        self.prepared.emit()

    def _stop_building(self) -> None:
        self._until.stopped = True
        self._follow_build.stop()
        self._rest.stop()
        self._builder.close()
        self._finer.close()
        self._builder, self._finer = Beside(self), Beside(self)

    def stop(self) -> None:
        """Do nothing more beside the window."""
        self.pyramid = None
        self._stop_building()

    def close(self) -> None:
        """Close it, and end what is done beside the window for it."""
        self.stop()
        super().close()

    # Drawing

    def _moved(self) -> None:
        self._draw()

    def _draw(self) -> None:
        """Draw what is in view, at once; exactly where that takes no time, else once the view rests."""
        if self.pyramid is None:
            return
        low, high = self.box.viewRange()[0]
        first, last, columns = low * self._rate, high * self._rate, max(200, int(self.box.width()))
        self._show(self.pyramid.view(first, last, columns))
        if self.pyramid.is_exact(first, last, columns):
            self._rest.stop()
        elif self.pyramid.built >= min(self._steps, last):
            self._rest.start()

    def _refine(self) -> None:
        """Draw the steps themselves, of which the levels hold only blocks that are wider than a pixel."""
        if self.pyramid is None:
            return
        shown = tuple(self.box.viewRange()[0])
        recording, columns = self.pyramid.recording, max(200, int(self.box.width()))
        low, high = max(0, int(shown[0] * self._rate)), min(self._steps, int(shown[1] * self._rate) + 2)

        def found(envelope: Envelope) -> None:
            if self.pyramid is not None and tuple(self.box.viewRange()[0]) == shown:
                self._show(envelope)

        self._finer.latest(lambda: exact(recording, low, high, columns), found)

    def _show(self, envelope: Envelope) -> None:
        self._envelope = envelope
        x, values = envelope.steps / self._rate, envelope.values
        count = values.shape[1]
        if count == 1:
            y = values[:, 0]
        else:  # all channels are one item, with a gap after each
            span = self._ranges[:, 1] - self._ranges[:, 0]
            stacked = (values - self._ranges[:, 0]) / span * 0.9 + 0.05 + np.arange(count - 1, -1, -1)
            y = np.full((count, len(x) + 1), np.nan, dtype=np.float32)
            y[:, :-1] = stacked.T
            y = y.reshape(-1)
            x = np.tile(np.append(x, x[-1] if len(x) else 0.0), count)
        everywhere = count == 1 and bool(np.isfinite(y).all())
        self._curve.setData(x, y, connect="all" if everywhere else "finite", antialias=False)

    def resizeEvent(self, ev: QResizeEvent) -> None:
        """Draw as many points as there now is room for."""
        super().resizeEvent(ev)
        if hasattr(self, "_finer"):
            self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do nothing beside the window while nobody looks."""
        super().hideEvent(event)
        self._stop_building()

    def showEvent(self, event: QShowEvent) -> None:
        """Look through the recording, if that is not done."""
        super().showEvent(event)
        if self.pyramid is not None and not self.pyramid.whole:
            self._begin_building()

    def restyle(self) -> None:
        """Take the theme's colours and fonts."""
        super().restyle()
        if not hasattr(self, "head"):
            return
        self.item.showGrid(x=True, y=False, alpha=0.35 if theme().name == "light" else 0.45)
        self._curve.setPen(pg.mkPen(theme().color("text", 0.75), width=1))
        self.spans.set_color(theme().color("accent", 0.22))
        self.window_span.set_color(theme().color("decoded", 0.30))
        self.brush.set_color(theme().color("accent", 0.30))
        self.head.setPen(pg.mkPen(theme().color("decoded"), width=2))
        if self.pyramid is not None:
            self._take_extent()

    # A person's hand

    def step_at(self, at: QPointF) -> float:
        """Return the step of the recording under a pixel of the widget."""
        return float(self.box.mapSceneToView(self.mapToScene(at.toPoint())).x()) * self._rate

    def pixel_of(self, step: float) -> QPointF:
        """Return the pixel of a step, in the middle of the plot's height."""
        middle = self.box.viewRect().center().y()
        scene = self.box.mapViewToScene(QPointF(step / self._rate, middle))
        return QPointF(self.mapFromScene(scene))

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Take the play-head, begin a brush, or move the view."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = self._last = ev.position()
        if self.pyramid is None or self._mode != "idle":
            return
        if ev.button() == Qt.MouseButton.LeftButton:
            brushes = bool(ev.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier))
            self._mode = "brush" if brushes else "play-head"
            if not brushes:
                self.head_asked.emit(self.step_at(ev.position()))
        elif ev.button() in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            self._mode = "pan"
        ev.accept()
        self._show_cursor(ev.position())

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Go on with it."""
        at = ev.position()
        if self._mode == "play-head":
            self.head_asked.emit(self.step_at(at))
        elif self._mode == "brush":
            ends = sorted((self.step_at(self._pressed), self.step_at(at)))
            self.brush.set_spans(np.array([ends]) / self._rate)
        elif self._mode == "pan":
            low, high = self.box.viewRange()[0]
            by = (self.step_at(self._last) - self.step_at(at)) / self._rate
            self._held = True
            self.box.setXRange(low + by, high + by, padding=0)
        self._last = at
        self._show_cursor(at)
        ev.accept()

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """End it."""
        mode, self._mode = self._mode, "idle"
        if mode == "brush":
            self.brush.set_spans(np.zeros((0, 2)))
            if abs(ev.position().x() - self._pressed.x()) > _CLICK:
                first, last = sorted((self.step_at(self._pressed), self.step_at(ev.position())))
                self.brushed.emit(first, last, bool(ev.modifiers() & Qt.KeyboardModifier.ControlModifier))
        self._show_cursor(ev.position())
        ev.accept()

    def _show_cursor(self, at: QPointF) -> None:
        if self._mode == "pan":
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._mode == "brush":
            shape = Qt.CursorShape.CrossCursor
        elif self._mode == "play-head" or (self.head.isVisible() and abs(self._head_px() - at.x()) <= _GRIP):
            shape = Qt.CursorShape.SplitHCursor
        else:
            shape = Qt.CursorShape.ArrowCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def _head_px(self) -> float:
        return self.pixel_of(float(self.head.x()) * self._rate).x()

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Zoom about the pointer; with Shift, or sideways, move."""
        across = ev.angleDelta().x()
        notches = ev.angleDelta().y() / 120
        if ev.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            across, notches = across or ev.angleDelta().y(), 0
        if across:
            self._pan(-across / 120 * 0.1)
        if notches:
            self._zoom(_ZOOM**notches, self.step_at(ev.position()) / self._rate)
        ev.accept()

    def _zoom(self, factor: float, about: float) -> None:
        low, high = self.box.viewRange()[0]
        self._held = True
        self.box.setXRange(about - (about - low) / factor, about + (high - about) / factor, padding=0)

    def _pan(self, share: float) -> None:
        low, high = self.box.viewRange()[0]
        self._held = True
        by = share * (high - low)
        self.box.setXRange(low + by, high + by, padding=0)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Move the play-head by windows, zoom, move, play."""
        key, shift = ev.key(), bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        low, high = self.box.viewRange()[0]
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            sign = 1 if key == Qt.Key.Key_Right else -1
            if ev.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._pan(0.1 * sign)
            else:
                self.stepped.emit(sign * (10 if shift else 1))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(_ZOOM, (low + high) / 2)
        elif key == Qt.Key.Key_Minus:
            self._zoom(1 / _ZOOM, (low + high) / 2)
        elif key == Qt.Key.Key_Space:
            self.play_asked.emit()
        else:
            super().keyPressEvent(ev)
            return
        ev.accept()
