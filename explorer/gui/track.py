"""The play-head: which window of a recording is looked at, the same on the recording's plot and on the map."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.data.windows import Windows
from explorer.gui.desk import Desk
from explorer.gui.hand import Hand

_TICK_MS = 40
SPEEDS = (5, 25, 100, 500)
"""Windows a second."""


class Track(QObject):
    """Moves along the windows of the active recording, takes the handle along, and follows it.

    Attributes
    ----------
    index : int
        The window under the play-head; -1 where there is none.
    """

    moved = Signal(int)
    """The window under the play-head."""
    playing_changed = Signal(bool)
    path_changed = Signal(bool)
    """Whether the map joins the windows by a line."""

    def __init__(self, desk: Desk, hand: Hand) -> None:
        super().__init__(desk)
        self._workspace, self._hand = desk.workspace, hand
        self.index = -1
        self.path_shown = True
        self.speed = SPEEDS[1]
        self._rest = 0.0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        hand.source_changed.connect(self._follow)
        self._workspace.data_changed.connect(self._data_changed)

    @property
    def windows(self) -> Windows | None:
        """How the active data are windows of a recording; None where they are not."""
        data = self._workspace.data
        return None if data is None else data.windows

    def move_to(self, index: int) -> None:
        """Put the play-head, and the handle, on a window."""
        windows = self.windows
        if windows is None:
            return
        index = min(max(int(index), 0), len(windows) - 1)
        codes = self._workspace.codes
        if codes is not None and index < len(codes) and np.isfinite(codes[index]).all():
            self._hand.place_on(index)  # and that moves the play-head
        self._set(index)

    def move_by(self, count: int) -> None:
        """Go so many windows on."""
        self.move_to(self.index + count)

    def brush(self, first: float, last: float, *, add: bool = False) -> None:
        """Select the windows whose middle lies from one step to another."""
        if self.windows is not None:
            found = self.windows.within(first, last)
            self._workspace.select(np.union1d(self._workspace.selection, found) if add else found)

    def show_path(self, shown: bool) -> None:
        """Choose whether the map joins the windows by a line."""
        self.path_shown = shown
        self.path_changed.emit(shown)

    @property
    def playing(self) -> bool:
        """Whether the play-head moves by itself."""
        return self._timer.isActive()

    def play(self, on: bool) -> None:
        """Let the play-head move by itself, from the start again where it was at the end."""
        windows = self.windows
        on = on and windows is not None
        if on == self.playing:
            return
        if on:
            assert windows is not None
            if self.index >= len(windows) - 1:
                self.move_to(0)
            self._rest = 0.0
            self._timer.start()
        else:
            self._timer.stop()
        self.playing_changed.emit(on)

    def stop(self) -> None:
        """Do nothing by itself any more: the window closes."""
        self._timer.stop()

    def _tick(self) -> None:
        windows = self.windows
        if windows is None:
            self.play(False)
            return
        self._rest += self.speed * _TICK_MS / 1000
        whole, self._rest = int(self._rest), self._rest % 1
        if whole:
            self.move_by(whole)
        if self.index >= len(windows) - 1:
            self.play(False)

    def _follow(self, source: int) -> None:
        if self.windows is not None and source >= 0:
            self._set(source)

    def _set(self, index: int) -> None:
        if index != self.index:
            self.index = index
            self.moved.emit(index)

    def _data_changed(self) -> None:
        self.play(False)
        self._set(-1 if self.windows is None else 0)  # the handle, if there is one, soon takes it along
