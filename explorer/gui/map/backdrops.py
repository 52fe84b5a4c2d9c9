"""What can be drawn behind the points of the large map: made when first asked for, remembered for the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from explorer.gui.map.tools import BACKDROPS
from explorer.gui.panels.absent import why_no_decoding

if TYPE_CHECKING:
    from explorer.gui.controller import Controller
    from explorer.gui.map.backdrop import Backdrop
    from explorer.gui.map.canvas import MapCanvas

_KEY = "map/{}"


class Backdrops(QObject):
    """Shows a backdrop when its tool is pressed."""

    def __init__(self, canvas: MapCanvas, controller: Controller) -> None:
        super().__init__(canvas)
        self._canvas, self._controller = canvas, controller
        self.made: dict[str, Backdrop] = {}
        canvas.tools.backdrop_asked.connect(self._show)
        self.refresh()
        for name in BACKDROPS:
            if QSettings().value(_KEY.format(name), "false") == "true":
                canvas.tools.show_backdrop(name, True)

    def refresh(self) -> None:
        """Offer what can be shown of the run and the view."""
        self._canvas.tools.show_backdrops({name: self._obstacle() for name in BACKDROPS})

    def _obstacle(self) -> str:
        plane = self._controller.outlook.plane
        if plane is not None and plane.dims == 3:
            return "Only on a map of two dimensions"
        return why_no_decoding(self._controller.workspace.run)

    def _show(self, name: str, on: bool) -> None:
        QSettings().setValue(_KEY.format(name), "true" if on else "false")
        if name not in self.made and on:
            self.made[name] = self._make(name)
        if name in self.made:
            self.made[name].set_on(on)

    def _make(self, name: str) -> Backdrop:
        """Make a backdrop; the start need not load them."""
        canvas = self._canvas
        if name == "lattice":
            from explorer.gui.map.lattice import Lattice

            made = Lattice(canvas, self._controller)
            canvas.backdrops.append(made)
            return made
        from explorer.gui.map.fog import Fog
        from explorer.gui.map.fog_box import FogBox

        fog = Fog(canvas, self._controller)
        canvas.backdrops.insert(0, fog)
        FogBox(fog, canvas)
        return fog
