"""Brings what pages have sketched onto the large map, and offers at a place what can be marked there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QMenu

from explorer.gui.map.gestures import HIT
from explorer.gui.ways import PLACES, Spot

if TYPE_CHECKING:
    from explorer.gui.controller import Controller
    from explorer.gui.map.canvas import MapCanvas

_TITLES = {
    "A": "Path from here (&A)",
    "B": "Path to here (&B)",
    "1": "Corner &1 of the palette, lower left",
    "2": "Corner &2, lower right",
    "3": "Corner &3, upper left",
    "4": "Corner &4, upper right",
}


class Sketching(QObject):
    """Keeps the sketches where their codes are, however the map is turned or changed."""

    def __init__(self, canvas: MapCanvas, controller: Controller) -> None:
        super().__init__(canvas)
        self._canvas, self._controller = canvas, controller
        controller.ways.sketched.connect(self.refresh)
        controller.outlook.changed.connect(self.refresh)
        controller.past.changed.connect(self.refresh)
        controller.workspace.codes_changed.connect(self.refresh)
        canvas.context_asked.connect(self.offer)

    def refresh(self) -> None:
        """Place the sketches anew; none while the map shows an earlier epoch, of which they are not."""
        plane, ways = self._controller.outlook.plane, self._controller.ways
        if plane is None or self._controller.past.epoch:
            self._canvas.set_sketches([])
            return

        def placed(codes: np.ndarray) -> np.ndarray:
            return plane.project(np.atleast_2d(codes)) if plane.fits(np.atleast_2d(codes)) else np.zeros((0, 2))

        nothing = np.zeros((0, plane.dims))
        if plane.approximate:
            # A layout has places for samples only: of few codes the places between them are looked for.
            def placed(codes: np.ndarray) -> np.ndarray:
                return plane.project(np.atleast_2d(codes)[:_MOST_APPROXIMATE])

        self._canvas.set_sketches(
            [
                (
                    nothing if sketch.points is None else placed(sketch.points),
                    tuple(placed(line) for line in sketch.lines),
                    {name: placed(code)[0] for name, code in sketch.spots.items()},
                )
                for sketch in ways.sketches
            ]
        )

    def spot_at(self, at: QPointF) -> Spot | None:
        """Return what a pixel means: the sample there, or the code at that place; None where there is none."""
        canvas, plane, z = self._canvas, self._controller.outlook.plane, self._controller.hand.z
        index = canvas.point_at(at.x(), at.y(), HIT)
        if index >= 0:
            return self._controller.ways.of_sample(index)
        if plane is None or z is None or plane.dims == 3:
            return self._controller.ways.here()
        return Spot(plane.lift(np.array(canvas.view.to_data(at.x(), at.y())), z), "a place")

    def offer(self, at: QPointF) -> None:
        """Show the menu of what can be done at a pixel."""
        if self._controller.past.epoch or (spot := self.spot_at(at)) is None:
            return
        menu = QMenu(self._canvas)
        menu.setObjectName("map_menu")
        here = menu.addAction("Put the &handle here")
        here.triggered.connect(lambda: self._go(spot))
        menu.addSeparator()
        for place in PLACES:
            action = menu.addAction(_TITLES[place])
            action.setObjectName(f"map_mark_{place}")
            action.triggered.connect(lambda _checked=False, place=place: self._mark(place, spot))
            if place == "B":
                menu.addSeparator()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._canvas.mapToGlobal(at.toPoint()))

    def _go(self, spot: Spot) -> None:
        if spot.sample >= 0:
            self._controller.hand.place_on(spot.sample)
        else:
            self._controller.hand.set_code(spot.code)

    def _mark(self, place: str, spot: Spot) -> None:
        self._controller.ways.mark(place, spot)
        self._controller.ways.page_wanted.emit("path" if place in "AB" else "palette")


_MOST_APPROXIMATE = 64
