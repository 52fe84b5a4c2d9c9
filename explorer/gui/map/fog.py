"""A fog over what the model does not know: one of the gauge's readings all over the map, behind the points."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from explorer.analysis.pixels import packed
from explorer.analysis.readings import ReadingName
from explorer.analysis.reencoding import why_not
from explorer.gui.jobs import Job
from explorer.gui.map.backdrop import Backdrop
from explorer.gui.map.colours import rgb
from explorer.gui.map.view import Frame, MapView
from explorer.gui.panels.absent import recipe_of
from explorer.gui.pixels import image_of
from explorer.gui.theme import theme
from explorer.workspace.messages import ManifoldMap, MapManifold

if TYPE_CHECKING:
    from explorer.gui.controller import Controller
    from explorer.gui.map.canvas import MapCanvas

_CELLS: dict[ReadingName, int] = {"distance": 10, "density": 10, "re-encoding": 16}
"""Pixels between places that are judged: to decode and encode again takes longest."""
_AROUND = 32
"""Pixels around the view that are judged too, so that a small move shows no bare edge."""
_AT = (0.0, 0.3, 0.6, 0.85, 1.0)
_THICK = (0.0, 0.0, 0.1, 0.26, 0.4)
"""How opaque the fog is at such places between usual and unlike any."""


def opacity(places: np.ndarray) -> np.ndarray:
    """Return how thick the fog is at places from 0 to 1; none where it is not known."""
    return np.nan_to_num(np.interp(places, _AT, _THICK))


class Fog(Backdrop):
    """Clear where codes are like those of samples, thick where no sample is like them."""

    progressed = Signal(float)
    """How far the next fog is."""

    def __init__(self, canvas: MapCanvas, controller: Controller) -> None:
        super().__init__(canvas, controller)
        self.reading: ReadingName = "density"
        self.last: ManifoldMap | None = None
        self._job: Job | None = None

    def obstacle(self) -> str:
        """Return why there is none."""
        return super().obstacle() or self.why_not(self.reading)

    def why_not(self, reading: ReadingName) -> str:
        """Return why a reading cannot be had of the run, as a sentence; empty where it can."""
        recipe = recipe_of(self.controller.workspace.run)
        return why_not(recipe) if recipe is not None and reading == "re-encoding" else ""

    def choose(self, reading: ReadingName) -> None:
        """Show another reading."""
        if reading != self.reading:
            self.reading = reading
            self.last = None
            self.cancel()
            self._forget()

    def stop(self) -> None:
        """Wait for nothing any more, and compute nothing."""
        super().stop()
        self.cancel()

    def set_on(self, on: bool) -> None:
        """Show it, or nothing."""
        if not on:
            self.cancel()
            self.last = None
        super().set_on(on)

    @property
    def working(self) -> bool:
        """Whether the next is being computed."""
        return self._job is not None

    def cancel(self) -> None:
        """Give up the fog that is being computed."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            job.drop()
            self.changed.emit()

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Draw the fog, and lines around what is usual, and around what is like any sample."""
        if not self.on or self._picture is None or self.controller.past.epoch:
            return
        painter.save()
        super().paint(painter, view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lines, dashes in () if self.last is None else ((self.last.edge, [4.0, 4.0]), (self.last.far, [])):
            pen = QPen(QColor(theme().palette.muted), 0)  # one pixel: a wider line takes many times as long
            if dashes:
                pen.setDashPattern(dashes)
            painter.setPen(pen)
            for line in lines:
                px, py = view.to_px(line[:, 0], line[:, 1])
                painter.drawPolyline([QPointF(x, y) for x, y in zip(px.tolist(), py.tolist(), strict=True)])
        painter.restore()

    def wanted(self) -> tuple[object, Any]:
        """Return the grid that covers the view."""
        frame = self.canvas.view.frame
        wide = Frame(
            frame.left - _AROUND, frame.top - _AROUND, frame.width + 2 * _AROUND, frame.height + 2 * _AROUND
        )  # fmt: skip
        view = replace(self.canvas.view, frame=wide)
        bounds, cell = view.bounds, _CELLS[self.reading]
        nx, ny = math.ceil(wide.width / cell), math.ceil(wide.height / cell)
        x = bounds.x0 + (np.arange(nx) + 0.5) * cell / view.sx
        y = bounds.y1 - (np.arange(ny)[::-1] + 0.5) * cell / view.sy
        key = (*self.basis(), self.reading, self.canvas.view)
        return key, (key, view, x, y[:1] if self.canvas.flat else y)

    def request(self, needed: Any) -> None:
        """Have the grid judged, beside what a person waits for."""
        key, view, x, y = needed
        controller = self.controller
        model, data = controller.workspace.model_ref, controller.workspace.data
        if model is None or data is None:
            return
        self.cancel()
        words, z = controller.outlook.words(), np.asarray(controller.hand.z)

        def current() -> bool:
            return self._asked == key

        def done(found: ManifoldMap) -> None:
            if current() and controller.is_current(found.model):
                self._job = None
                self.last = found
                colour, flat = rgb(theme().palette.muted), self.canvas.flat
                self.compose(key, view, 1.0, lambda: drawn(found, view, colour, flat=flat))

        def failed(reason: Exception) -> None:
            if current():
                self._job = None
                self.failed(reason)

        job = controller.jobs.submit(
            "map_manifold",
            MapManifold(model, data, words, z, x, y, self.reading),
            lane="study",
            on_result=done,
            on_error=failed,
            on_progress=lambda fraction, _message, _payload, _left: (
                self.progressed.emit(fraction) if current() else None
            ),
        )
        if current() and self._shown != key and not self.failure:
            self._job = job


def drawn(found: ManifoldMap, view: MapView, colour: tuple[float, float, float], *, flat: bool) -> QImage:
    """Return the fog, a pixel of it a logical one: it has no edges to be sharp. It may be called on another thread."""
    frame = view.frame
    thick = opacity(found.places)[::-1]
    if flat:
        thick = np.repeat(thick, 2, axis=0)
    cell = _CELLS[found.reading]
    red, green, blue = colour
    ny, nx = thick.shape
    image = image_of(packed((red * thick, green * thick, blue * thick, 255 * thick)))
    width, height = nx * cell, math.ceil(frame.height) if flat else ny * cell
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(width, height, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
