"""Decoded samples all over the map, behind the points: what the model makes of each place."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from explorer.gui.map.backdrop import Backdrop
from explorer.gui.map.view import Frame, MapView
from explorer.gui.pixels import PREMULTIPLIED, image_of
from explorer.gui.plots.small import cell_of, look_of
from explorer.gui.theme import GRID, theme
from explorer.workspace.messages import DrawLattice
from explorer.workspace.messages import Lattice as Drawn

_GAP = 6
"""Pixels between two pictures, at least."""
_MOST = 400
"""Pictures, at most: of a larger screen they are larger."""
_OPACITY = 0.6


class Lattice(Backdrop):
    """Draws a lattice that is fixed to the map's coordinates: while the map is moved, no picture jumps."""

    def wanted(self) -> tuple[object, Any]:
        """Return the places in view and around it, by which one lattice is told from another."""
        data, canvas = self.controller.workspace.data, self.canvas
        assert data is not None
        ratio = canvas.devicePixelRatioF()
        cell = cell_of(data)
        view = _wide(canvas.view, max(cell))
        while True:
            steps = _step((cell[1] + _GAP) / view.sx), _step((cell[0] + _GAP) / view.sy)
            places = _places(view, steps, flat=canvas.flat)
            if len(places) <= _MOST:
                break
            cell = tuple(math.ceil(side * 1.25) for side in cell)
        key = (*self.basis(), places.tobytes(), cell, ratio, canvas.view.sx, canvas.view.sy)
        return key, (key, places, view, cell, ratio)

    def request(self, needed: Any) -> None:
        """Have the places decoded and drawn beside the window."""
        key, places, view, cell, ratio = needed
        controller = self.controller
        model, data = controller.workspace.model_ref, controller.workspace.data
        if model is None or data is None:
            return
        pen = Pen(theme().font("small"), theme().color("text"))
        look = look_of(data, (round(cell[0] * ratio), round(cell[1] * ratio)))
        asked = DrawLattice(model, controller.outlook.words(), places, np.asarray(controller.hand.z), look)

        def done(drawn: Drawn) -> None:
            if controller.is_current(drawn.model) and len(drawn.images) == len(places):
                self.compose(key, view, ratio, lambda: composed(drawn, places, view, cell, ratio, pen))

        controller.jobs.latest("lattice", "draw_lattice", asked, lane="work", on_result=done, on_error=self.failed)


def _wide(view: MapView, around: float) -> MapView:
    """Return a view that shows so many pixels more on every side."""
    frame = view.frame
    return replace(
        view, frame=Frame(frame.left - around, frame.top - around, frame.width + 2 * around, frame.height + 2 * around)
    )


def _step(least: float) -> float:
    """Return the smallest of 1, 1.25, 1.5 and 1.75 times a power of two that is no less than `least`."""
    power = 2.0 ** math.floor(math.log2(least))
    return next(power * factor for factor in (1.0, 1.25, 1.5, 1.75, 2.0) if power * factor >= least * (1 - 1e-9))


def _places(view: MapView, steps: tuple[float, float], *, flat: bool) -> np.ndarray:
    """Return the multiples of the steps in view, row by row from the top, ``(M, 2)``; of a flat map one row."""
    bounds = view.bounds
    across = np.arange(math.ceil(bounds.x0 / steps[0]), math.floor(bounds.x1 / steps[0]) + 1) * steps[0]
    if flat:
        return np.column_stack([across, np.full(len(across), view.cy)])
    up = np.arange(math.ceil(bounds.y0 / steps[1]), math.floor(bounds.y1 / steps[1]) + 1)[::-1] * steps[1]
    return np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)


@dataclass(frozen=True)
class Pen:
    """How decoded sentences are written."""

    font: QFont
    colour: QColor


def composed(
    drawn: Drawn, places: np.ndarray, view: MapView, cell: tuple[int, ...], ratio: float, pen: Pen
) -> QImage:  # fmt: skip
    """Return all pictures in one, each around its place; it may be called on another thread."""
    frame = view.frame
    image = QImage(math.ceil(frame.width * ratio), math.ceil(frame.height * ratio), PREMULTIPLIED)
    image.fill(Qt.GlobalColor.transparent)
    px, py = view.to_px(places[:, 0], places[:, 1])
    painter = QPainter(image)
    painter.setOpacity(_OPACITY)
    tall, wide = drawn.images.shape[1:]
    left = np.rint((px - frame.left) * ratio - wide / 2).astype(int).tolist()
    top = np.rint((py - frame.top) * ratio - tall / 2).astype(int).tolist()
    small = np.ascontiguousarray(drawn.images)
    for each, x, y in zip(small if wide else (), left, top, strict=False):
        painter.drawImage(x, y, image_of(each))
    if drawn.texts:
        painter.scale(ratio, ratio)
        painter.setFont(pen.font)
        painter.setPen(pen.colour)
        for text, x, y in zip(drawn.texts, px.tolist(), py.tolist(), strict=True):
            box = QRectF(0, 0, cell[1] - GRID // 2, cell[0])
            box.moveCenter(QPointF(x - frame.left, y - frame.top))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)
    painter.end()
    return image
