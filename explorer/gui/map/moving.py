"""What moves over the still map: the handle and its nearest sample, the hover label, the box or loop, the hint."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from explorer.gui.map.handle import Handle, State
from explorer.gui.map.overlay import Band, Bubble
from explorer.gui.theme import theme

if TYPE_CHECKING:
    from explorer.gui.map.canvas import MapCanvas

HINT = "Drag the handle: the sample under it is decoded live"
_HINTS = (
    (HINT,),
    ("Drag the handle:", "the sample under it is decoded live"),
    ("Drag the handle:", "the sample under", "it is decoded live"),
)
"""The same words in ever narrower lines: the first that fits between tools and legend is shown."""

ECHO = 11.0
"""Radius of the ring around the sample that the pointer is over on another map."""


class Moving:
    """Holds and paints what moves, and has only the pixels painted anew that it leaves and enters."""

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self.handle = Handle(theme().palette)
        self.at: tuple[float, float] | None = None
        self.nearest = -1
        self.hovered = -1
        self.echo = -1
        self._bubble: Bubble | None = None
        self.band: Band | None = None
        self.hint = 0.0
        self.describe: Callable[[int], Sequence[str]] = lambda index: [str(index)]

    # Where things are on the screen

    def px_of(self, index: int) -> tuple[float, float]:
        """Return the pixel of a sample; NaN where its code is not finite."""
        points = self._canvas.points
        px, py = self._canvas.view.to_px(float(points.x[index]), float(points.y[index]))
        return px, py

    def handle_px(self) -> tuple[float, float] | None:
        """Return the pixel of the handle's middle; None where there is no handle."""
        canvas = self._canvas
        if self.at is None or not canvas.has_points:
            return None
        px, py = canvas.view.to_px(*self.at)
        return px, (canvas.view.frame.top + canvas.view.frame.height / 2 if canvas.flat else py)

    def _nearest_px(self) -> tuple[float, float] | None:
        if not 0 <= self.nearest < len(self._canvas.points.x):
            return None
        there = self.px_of(self.nearest)
        return there if all(map(math.isfinite, there)) else None

    def _hint_bubble(self) -> Bubble | None:
        there = self.handle_px()
        if self.hint <= 0 or there is None or not self._canvas.view.frame.holds(*there):
            return None
        frame, font, avoid = self._canvas.view.frame, theme().font("body"), self._canvas.covered()
        bubbles = [Bubble(lines, there, 22, frame, font, title=True, avoid=avoid) for lines in _HINTS]
        return next((bubble for bubble in bubbles if bubble.readable), bubbles[-1])

    # Changes

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Have painted anew what moves with the handle, as it was before and as it is after."""
        self._mark()
        yield
        self._mark()

    def _mark(self) -> None:
        trail = self._canvas.path.rect()
        if trail is not None:
            self._update(trail)
        there, frame = self.handle_px(), self._canvas.view.frame
        if there is None:
            return
        self._update(Handle.rect(*there) if frame.holds(*there) else Handle.beyond_rect(*there, frame))
        nearest = self._nearest_px()
        if nearest is not None:
            self._update(Handle.link_rect(*there, nearest))
        bubble = self._hint_bubble()
        if bubble is not None:
            self._update(bubble.rect)

    def _update(self, rect: QRectF) -> None:
        seen = rect.intersected(QRectF(self._canvas.rect()))
        self._canvas.update(seen.toAlignedRect().adjusted(-1, -1, 1, 1))

    def set_state(self, state: State) -> None:
        """Show the handle at rest, under the pointer or held."""
        if state != self.handle.state:
            with self.changing():
                self.handle.state = state

    def hover(self, index: int) -> None:
        """Show what sample `index` is; -1 shows nothing."""
        if index == self.hovered:
            return
        self._mark_hover()
        self.hovered, self._bubble = index, None
        self._canvas.hovered.emit(index)
        if index >= 0:
            frame, font = self._canvas.view.frame, theme().font("small")
            self._bubble = Bubble(self.describe(index), self.px_of(index), 12, frame, font)
            self._mark_hover()

    def forget_hover(self) -> None:
        """Show no label: what was under the pointer has moved. The canvas is painted anew by others."""
        if self.hovered >= 0:
            self.hovered, self._bubble = -1, None
            self._canvas.hovered.emit(-1)

    def set_echo(self, index: int) -> None:
        """Ring the sample that the pointer is over on another map; -1 rings none."""
        if index != self.echo:
            self._mark_echo()
            self.echo = index
            self._mark_echo()

    def _echo_px(self) -> tuple[float, float] | None:
        if not 0 <= self.echo < len(self._canvas.points.x):
            return None
        there = self.px_of(self.echo)
        return there if all(map(math.isfinite, there)) else None

    def _mark_echo(self) -> None:
        if (there := self._echo_px()) is not None:
            self._update(QRectF(there[0] - ECHO - 4, there[1] - ECHO - 4, 2 * ECHO + 8, 2 * ECHO + 8))

    def _mark_hover(self) -> None:
        if self._bubble is not None:
            self._update(self._bubble.rect)
            px, py = self.px_of(self.hovered)
            self._update(QRectF(px - 12, py - 12, 24, 24))

    def extend_band(self, px: float, py: float) -> None:
        """Draw the box or loop on to a pixel, inside the frame."""
        if self.band is None:
            return
        frame = self._canvas.view.frame
        self._update(self.band.rect)
        self.band.extend(min(max(px, frame.left), frame.right), min(max(py, frame.top), frame.bottom))
        self._update(self.band.rect)

    def take_band(self) -> Band | None:
        """Return the box or loop, and wipe it off."""
        band, self.band = self.band, None
        if band is not None:
            self._update(band.rect)
        return band

    # Painting

    def paint(self, painter: QPainter, ratio: float) -> None:
        """Draw all of it."""
        palette, frame = theme().palette, self._canvas.view.frame
        self._canvas.path.paint_head(painter, self._canvas.view)
        if self.band is not None:
            self.band.paint(painter, palette)
        if self.hovered >= 0:
            painter.setPen(QPen(QColor(palette.text), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = self._canvas.points.radius + 3
            painter.drawEllipse(QPointF(*self.px_of(self.hovered)), radius, radius)
        if (there := self._echo_px()) is not None and frame.holds(*there):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (QPen(QColor(palette.field), 5.0), QPen(QColor(palette.accent), 2.4)):
                painter.setPen(pen)
                painter.drawEllipse(QPointF(*there), ECHO, ECHO)
        there, nearest = self.handle_px(), self._nearest_px()
        if there is not None:
            painter.save()
            inside = QRectF(frame.left, frame.top, frame.width, frame.height)
            painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
            if nearest is not None:
                self.handle.paint_link(painter, *there, nearest)
            if frame.holds(*there):
                self.handle.paint(painter, *there, ratio)
            else:
                self.handle.paint_beyond(painter, *there, frame)
            painter.restore()
            bubble = self._hint_bubble()
            if bubble is not None:
                bubble.paint(painter, palette, accent=True, opacity=self.hint)
        if self._bubble is not None:
            self._bubble.paint(painter, palette)
