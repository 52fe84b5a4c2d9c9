"""Which part of the plane the canvas shows: all of it until a person looks closer, and then what that person chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explorer.gui.map.glide import Glide
from explorer.gui.map.view import Bounds, Frame, MapView
from explorer.gui.theme import GRID

if TYPE_CHECKING:
    from explorer.gui.map.canvas import MapCanvas


class Viewing:
    """Holds the canvas's view, and changes it.

    Attributes
    ----------
    view : MapView
    equal : bool
        Whether a unit is as long on both axes.
    """

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self.view = MapView.fit(Frame.inside(640, 480, canvas.still.insets), None)
        self.equal = True
        self._chosen = False  # whether a person panned or zoomed since the view was last fitted
        self._glide = Glide(canvas)

    @property
    def frame(self) -> Frame:
        """The part of the canvas that shows the plane, as large as the canvas is now."""
        return Frame.inside(self._canvas.width(), self._canvas.height(), self._canvas.still.insets)

    @property
    def whole(self) -> Bounds | None:
        """What holds all points, however they are turned."""
        canvas = self._canvas
        whole = canvas.points.index.bounds
        return canvas.turning.bounds if whole is not None and canvas.turning.active else whole

    @property
    def fitted(self) -> MapView:
        """The view that shows all points, and the handle."""
        canvas, frame = self._canvas, self.frame
        whole, at = self.whole, canvas.moving.at
        if whole is not None and at is not None and not canvas.flat:
            whole = Bounds(min(whole.x0, at[0]), max(whole.x1, at[0]), min(whole.y0, at[1]), max(whole.y1, at[1]))
        # Points go under neither the tools nor the legend, unless that would leave them too little room.
        clear = tuple(
            child.width() + GRID if not child.isHidden() and child.width() < 0.2 * frame.width else 0.0
            for child in (canvas.tools, canvas.legend)
        )
        equal = (self.equal and not canvas.flat) or canvas.turning.active  # in space, the stage is stretched instead
        return MapView.fit(frame, whole, equal=equal, clear=(clear[0], clear[1]))

    # By the person

    def pan(self, dx: float, dy: float) -> None:
        """Draw the plane along by pixels."""
        self._choose(self.view.panned(dx, dy))

    def zoom(self, factor: float, px: float, py: float) -> None:
        """Zoom about a pixel."""
        self._choose(self.view.zoomed(factor, px, py))

    def _choose(self, view: MapView) -> None:
        self._glide.stop()
        self._chosen = True
        self._canvas.set_view(view)

    def fit(self) -> None:
        """Show all points and the handle, from now on."""
        self._chosen = False
        self._glide.toward(self.fitted)

    # By what happens

    def begin(self) -> None:
        """Show all of other points, at once."""
        self._chosen = False
        self._glide.stop()
        self.view = self.fitted

    def follow(self) -> None:
        """Let a fitted view follow points that outgrew it, or shrank to a part of it."""
        self.adapt()
        whole = self.whole
        if self._chosen or whole is None:
            return
        if self._glide.aim.differs_much(self.fitted) or not self._glide.aim.bounds.holds(whole):
            self._glide.toward(self.fitted)

    def adapt(self) -> None:
        """Keep what is seen, in a frame that is as large as the canvas now allows."""
        self.view = self.view.resized(self.frame)

    def resize(self) -> None:
        """Keep a chosen view in a canvas of another size; a fitted one goes on showing all."""
        self._glide.stop()
        self.view = self.view.resized(self.frame) if self._chosen else self.fitted

    def stop(self) -> None:
        """Stay where it is."""
        self._glide.stop()

    def reveal(self) -> None:
        """Bring the handle into view, by no more than is needed."""
        there, frame = self._canvas.handle_px(), self.view.frame
        if there is None or frame.holds(*there):
            return
        if not self._chosen:
            self._glide.toward(self.fitted)
            return
        room = 6.0 * GRID
        room_x, room_y = min(room, frame.width / 3), min(room, frame.height / 3)
        x = min(max(there[0], frame.left + room_x), frame.right - room_x)
        y = min(max(there[1], frame.top + room_y), frame.bottom - room_y)
        self._glide.toward(self.view.panned(x - there[0], y - there[1]))
