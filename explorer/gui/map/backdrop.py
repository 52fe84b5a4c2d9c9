"""What a worker draws behind the points: asked for once the view rests, kept until the next is here."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPainter

from explorer.gui.jobs import Beside
from explorer.gui.map.picture import Picture
from explorer.gui.map.view import MapView
from explorer.gui.panels.absent import why_no_decoding
from explorer.gui.theme import theme
from explorer.workspace.map_planes import held_across

if TYPE_CHECKING:
    from explorer.gui.controller import Controller
    from explorer.gui.map.canvas import MapCanvas

_REST_MS = 60
"""How long the view rests before a new picture is asked for."""
_LONGEST_MOVE = 0.4
"""Seconds after which it is asked for even while the view moves."""
_TRAINING = 1.5
"""Seconds between pictures while a run trains: its epochs may be many a second."""


class Backdrop(QObject):
    """A picture behind the points that depends on the view, the weights and what the hand holds across the map.

    While the next one is computed the last is moved and scaled as the map is. The newest wish wins, and none is
    made while the hand drags.
    """

    changed = Signal()
    """It is shown or no longer, is being computed or has come."""

    def __init__(self, canvas: MapCanvas, controller: Controller) -> None:
        super().__init__(canvas)
        self.canvas, self.controller = canvas, controller
        self.on = False
        self.failure = ""
        self._picture: Picture | None = None
        self._shown: object = None
        self._asked: object = None
        self._moved_since = self._asked_at = 0.0
        self._beside = Beside(self)
        self._forgotten = 0
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask_if_new)
        workspace, hand = controller.workspace, controller.hand
        canvas.view_changed.connect(self.poke)
        canvas.shown_again.connect(self.poke)
        controller.outlook.changed.connect(self._forget)
        controller.past.changed.connect(self._past_changed)
        workspace.active_run_changed.connect(self._forget)
        workspace.data_changed.connect(self._forget)
        hand.refreshed.connect(self.poke)
        hand.moved.connect(self._hand_moved)
        theme().changed.connect(self._forget)

    # What a subclass says

    @abstractmethod
    def wanted(self) -> tuple[object, Any]:
        """Return what tells one picture from another, and what `request` needs to have it made."""

    @abstractmethod
    def request(self, needed: Any) -> None:
        """Have a picture made; `compose` or `failed` is called once a worker has answered."""

    def obstacle(self) -> str:
        """Return why there can be none, as a sentence; empty where there can."""
        outlook, workspace = self.controller.outlook, self.controller.workspace
        if workspace.codes is None or outlook.plane is None or workspace.data is None:
            return "There are no codes yet."
        if outlook.plane.dims == 3:
            return "A map of three dimensions has none. Show two."
        return why_no_decoding(workspace.run)

    # Showing it

    def set_on(self, on: bool) -> None:
        """Show it, or nothing."""
        if on != self.on:
            self.on = on
            self._forget()

    def poke(self) -> None:
        """See soon whether another picture is wanted."""
        if not self.on or not self.canvas.isVisible():
            return
        now = time.monotonic()
        if not self._rest.isActive():
            self._moved_since = now
        if not self._rest.isActive() or now - self._moved_since < _LONGEST_MOVE:
            self._rest.start()

    def stop(self) -> None:
        """Wait for nothing any more: nobody looks."""
        self._rest.stop()
        if self._beside.busy:
            self._beside.close()
            self._asked = self._shown

    def paint(self, painter: QPainter, view: MapView) -> None:
        """Draw what there is into a view."""
        if self.on and self._picture is not None and not self.controller.past.epoch:
            self._picture.paint(painter, view)

    @property
    def current(self) -> bool:
        """Whether what is shown is what is wanted."""
        return self._picture is not None and self._asked == self._shown

    def _past_changed(self) -> None:
        """Show nothing behind an earlier epoch: what it would tell is of the weights as they are now."""
        self.canvas.backdrop_changed()
        self.poke()

    def _hand_moved(self, _z: object) -> None:
        if not self.canvas.dragging:
            self.poke()

    def _forget(self) -> None:
        """Show nothing until it is here anew."""
        self._picture = self._shown = self._asked = None
        self._forgotten += 1
        self.failure = ""
        self.canvas.backdrop_changed()
        self.changed.emit()
        self.poke()

    def _ask_if_new(self) -> None:
        if self.canvas.dragging:
            self._rest.start()
            return
        if not self.on or self.obstacle() or self.controller.hand.z is None or not self.canvas.has_points:
            return
        run, now = self.controller.workspace.run, time.monotonic()
        if run is not None and run.active and self._picture is not None and now - self._asked_at < _TRAINING:
            self._rest.start()
            return
        key, needed = self.wanted()
        if key != self._asked:
            self._asked, self._asked_at = key, now
            self.request(needed)
            self.changed.emit()

    def compose(self, key: object, view: MapView, ratio: float, work: Callable[[], QImage]) -> None:
        """Have what a worker answered made into the picture of a view, on a thread beside the window; then show it."""
        forgotten = self._forgotten

        def done(image: QImage) -> None:
            if forgotten == self._forgotten:
                extent = image.width() / ratio, image.height() / ratio
                self.answered(key, Picture(image, view, ratio, extent))

        self._beside.latest(work, done)

    def answered(self, key: object, picture: Picture) -> None:
        """Show a picture that was made, unless another is shown that was wanted later."""
        if self.on and self._asked is not None:
            self._picture, self._shown, self.failure = picture, key, ""
            self.canvas.backdrop_changed()
            self.changed.emit()

    def failed(self, reason: Exception) -> None:
        """Say why there is no picture."""
        self.failure = str(reason)
        self.changed.emit()

    def basis(self) -> tuple[object, ...]:
        """Return what every picture depends on beside the view: weights, plane, and what is held across it."""
        outlook, hand, workspace = self.controller.outlook, self.controller.hand, self.controller.workspace
        plane = outlook.plane
        assert plane is not None and hand.z is not None and workspace.codes is not None
        words = outlook.words()
        held = np.round(held_across(plane, hand.z), 12).tobytes()
        return workspace.model_ref, repr(words), held, theme().name
