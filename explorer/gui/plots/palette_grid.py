"""A square of decoded mixes of four codes, on which a hand moves between them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.analysis.thumbnails import thumbnails
from explorer.data.dataset import Dataset
from explorer.gui.plots.small import cell_of, look_of, pixmap_of
from explorer.gui.theme import theme

SIDE = 5
"""Mixes along each side."""
_STEP = 0.05
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}


class PaletteGrid(QWidget):
    """Shows `SIDE`² small samples, corner 1 at the lower left, and a handle that is dragged over them."""

    moved = Signal(float, float)
    """The hand is at x, y, from 0 to 1, of the square; at every move."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette-grid")
        self.setAccessibleName("Palette of four samples")
        self.setToolTip("Drag, or use the arrow keys, to mix the four corners")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(SIDE * 32, SIDE * 20)
        self._data: Dataset | None = None
        self._samples: np.ndarray | None = None
        self._texts: list[str] = []
        self._pixmaps: list[QPixmap] = []
        self.at: tuple[float, float] | None = None
        theme().changed.connect(self._redraw)

    def show_samples(self, data: Dataset, samples: np.ndarray | None, texts: list[str]) -> None:
        """Show samples ``(SIDE², *sample_shape)``, row by row from corner 1; None shows nothing."""
        self._data, self._samples, self._texts = data, samples, texts
        lines = 2 * QFontMetrics(theme().font("small")).height() + 4
        self.setMinimumHeight(SIDE * (lines if texts else 20))
        self._redraw()

    def set_at(self, at: tuple[float, float] | None) -> None:
        """Put the handle at a place, or take it away."""
        self.at = at
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the room of small samples."""
        return QSize(SIDE * 66, SIDE * 44)

    def _cell(self) -> tuple[float, float]:
        wide, tall = self.width() / SIDE, self.height() / SIDE
        if self._data is not None and not self._texts:
            high, broad = cell_of(self._data)
            wide = min(wide, tall * broad / high * 1.15)
        return wide, tall

    def square(self) -> QRectF:
        """Return where the samples are drawn."""
        wide, tall = self._cell()
        return QRectF(0, 0, wide * SIDE, tall * SIDE)

    def _redraw(self) -> None:
        self._pixmaps = []
        self.update()

    def _draw_small(self) -> None:
        assert self._data is not None and self._samples is not None
        ratio, (wide, tall) = self.devicePixelRatioF(), self._cell()
        size = (max(1, round((tall - 2) * ratio)), max(1, round((wide - 2) * ratio)))
        look = look_of(self._data, size)
        fits = self._samples.shape[1:] == self._data.sample_shape
        samples, ranges = self._samples, look.ranges
        if not fits and samples.ndim > 2:
            ranges = np.array([[0.0, max(samples.shape[-1] - 1, 1)]])
            samples = samples.argmax(axis=-1)[..., None].astype(np.float32)
        drawn = thumbnails(samples, look.layout, look.size, ranges, look.colours, look.vocabulary)
        self._pixmaps = [pixmap_of(image, ratio) for image in drawn]

    def _place(self, index: int) -> QRectF:
        wide, tall = self._cell()
        row, column = divmod(index, SIDE)
        return QRectF(column * wide + 1, (SIDE - 1 - row) * tall + 1, wide - 2, tall - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the samples and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        square = self.square()
        painter.fillRect(square, theme().color("field"))
        if self._samples is not None:
            if not self._pixmaps and not self._texts:
                self._draw_small()
            painter.setFont(theme().font("small"))
            painter.setPen(theme().color("text"))
            for index in range(len(self._samples)):
                place = self._place(index)
                if self._texts:
                    self._write(painter, place.adjusted(3, 0, -3, 0), self._texts[index])
                else:
                    painter.drawPixmap(place.topLeft(), self._pixmaps[index])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color("accent" if self.hasFocus() else "line"), 1))
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
        if self.at is not None and self._samples is not None:
            x, y = self.at
            at = QPointF(square.left() + x * square.width(), square.bottom() - y * square.height())
            painter.setPen(QPen(theme().color("field"), 2))
            painter.setBrush(theme().color("accent"))
            painter.drawEllipse(at, 7, 7)
        painter.end()

    def _write(self, painter: QPainter, place: QRectF, text: str) -> None:
        """Write as much of a sentence as fits its place."""
        metrics = painter.fontMetrics()
        lines = max(1, int(place.height() / metrics.height()))
        room = int(place.width() * lines * 0.85)  # lines break at words, and so do not fill up
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.save()
        painter.setClipRect(place)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), shown)
        painter.restore()

    def _move_to(self, at: QPointF) -> None:
        square = self.square()
        x = (at.x() - square.left()) / square.width()
        y = (square.bottom() - at.y()) / square.height()
        self._go(x, y)

    def _go(self, x: float, y: float) -> None:
        self.set_at((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)))
        assert self.at is not None
        self.moved.emit(*self.at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton and self._samples is not None:
            self._move_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let it follow."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._samples is not None:
            self._move_to(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move it by arrows."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or self._samples is None:
            super().keyPressEvent(event)
            return
        x, y = self.at or (0.5, 0.5)
        self._go(x + step[0] * _STEP, y + step[1] * _STEP)

    def focusInEvent(self, event) -> None:
        """Show that the keys go here."""
        self.update()

    def focusOutEvent(self, event) -> None:
        """Show it no longer."""
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the samples as large as there is room."""
        self._redraw()
