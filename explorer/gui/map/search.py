"""Which samples a box or a loop holds: of a crowd, they are found beside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from explorer.gui.jobs import Beside

if TYPE_CHECKING:
    from explorer.gui.map.canvas import MapCanvas


class Search:
    """Asks for a selection of what is found, unless the canvas has other points by then."""

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self._beside = Beside(canvas)
        self._waiting: tuple[Callable[[], np.ndarray], bool] | None = None
        canvas.points_drawn.connect(self._go_on)

    def find(self, look: Callable[[], np.ndarray], add: bool) -> None:
        """Select what `look` finds, int64 ascending; on top of what is selected where `add`."""
        points = self._canvas.points
        if not points.crowded:
            self._canvas.select(look(), add=add)
        elif points.index.crowd is None:
            self._waiting = look, add  # until it is sorted, which is under way
        else:
            index = points.index

            def done(found: np.ndarray) -> None:
                if self._canvas.points.index is index:
                    self._canvas.select(found, add=add)

            self._beside.latest(look, done)

    def close(self) -> None:
        """Look for nothing any more."""
        self._waiting = None
        self._beside.close()

    def _go_on(self) -> None:
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.find(*waiting)
