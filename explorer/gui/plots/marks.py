"""Marks of one look that move: what was observed of a record, under the hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg

_ROOM = 256


class Marks(pg.ScatterPlotItem):
    """Dots of one size and colour.

    pyqtgraph looks the picture of every dot up anew when their number changes, 7 ms of 4,000; these keep room for as
    many as there ever were, and move.
    """

    data: Any  # a field of pyqtgraph's, an array of records; Qt has a method of this name

    def __init__(self) -> None:
        self._count = 0
        super().__init__(pxMode=True)

    def place(self, x: np.ndarray, y: np.ndarray) -> None:
        """Put them at places ``(N,)``, which are finite."""
        self._count = len(x)
        if len(x) > len(self.data):
            room = np.zeros(-(-len(x) // _ROOM) * _ROOM)
            self.setData(room, room)
        for axis, values in (("x", x), ("y", y)):
            self.data[axis][: len(x)] = values
            self.data[axis][len(x) :] = np.nan  # not drawn
        self.bounds = [None, None]
        self.prepareGeometryChange()
        self.update()

    def getData(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the places."""
        return self.data["x"][: self._count], self.data["y"][: self._count]

    def dataBounds(self, ax: int, frac: float = 1.0, orthoRange: Any = None) -> Any:
        """Return the least and the greatest place on an axis; None where there is none."""
        if not self._count:
            return None, None
        return super().dataBounds(ax, frac, orthoRange)
