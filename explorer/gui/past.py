"""The map as it was after earlier epochs of a run, to be looked back at."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.gui.desk import Desk
from explorer.gui.widgets.calm import Calm

PLAY_MS = 80
"""Between two epochs while they are played."""
MOST_PLAYED = 150
"""Of more epochs some are left out while they are played."""
LOOK_MS = 500
"""While a run trains, new epochs are looked for so often."""


class Past(QObject):
    """Knows which epochs of the active run have their maps kept, and shows one of them, or none.

    Attributes
    ----------
    epochs : list of int
        Whose maps are kept, ascending.
    epoch : int
        That is looked back at; 0 where the map shows the run as it is now.
    codes : ndarray or None, float32 ``(N, L)``
        Of all samples after the epoch that is looked back at, NaN where they were not kept; None at present.
    """

    changed = Signal()
    """Another epoch is shown, or the run as it is now."""
    epochs_changed = Signal()
    """Other epochs are kept."""
    playing_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk, self._workspace = desk, desk.workspace
        self.epochs: list[int] = []
        self.epoch = 0
        self._run = -1
        self.codes: np.ndarray | None = None
        self._look = Calm(self, LOOK_MS, self._find)
        self._beat = QTimer(self, interval=PLAY_MS)
        self._beat.timeout.connect(self._step)
        self._workspace.active_run_changed.connect(self._run_changed)
        self._workspace.run_changed.connect(self._trained_on)
        self._run_changed()

    def stop(self) -> None:
        """Play no more: the window closes."""
        self._beat.stop()

    @property
    def playing(self) -> bool:
        """Whether the epochs are played."""
        return self._beat.isActive()

    def show(self, epoch: int) -> None:
        """Show the map after the last epoch that was kept up to this one."""
        kept = [it for it in self.epochs if it <= epoch] or self.epochs[:1]
        data, run = self._workspace.data, self._run
        if not kept or kept[-1] == self.epoch or data is None:
            return
        found = self._desk.guard(lambda: self._workspace.project.past_codes(run, kept[-1]).spread(len(data)))
        if found is None:
            self.leave()
            return
        self.epoch, self.codes = kept[-1], found
        self.changed.emit()

    def leave(self) -> None:
        """Show the run as it is now."""
        self.pause()
        if self.epoch:
            self.epoch, self.codes = 0, None
            self.changed.emit()

    def play(self) -> None:
        """Show the epochs one after the other, on from the one that is shown, and then the run as it is now."""
        if not self.epochs:
            return
        if not self.epoch or self.epoch >= self.epochs[-1]:
            self.show(self.epochs[0])
        if not self.playing:
            self._beat.start()
            self.playing_changed.emit()

    def pause(self) -> None:
        """Stay at the epoch that is shown."""
        if self.playing:
            self._beat.stop()
            self.playing_changed.emit()

    def _step(self) -> None:
        stride = -(-len(self.epochs) // MOST_PLAYED)
        later = [it for it in self.epochs if it > self.epoch]
        if later:
            self.show(later[min(stride, len(later)) - 1])
        else:
            self.leave()

    # What is kept

    def _run_changed(self) -> None:
        run = self._workspace.run
        self._run = -1 if run is None else run.id
        self.leave()
        self._find()

    def _trained_on(self, run: int) -> None:
        if run == self._run:
            self._look.poke()

    def _find(self) -> None:
        run = self._run
        known = run >= 0 and any(it.id == run for it in self._workspace.runs)
        found = self._desk.guard(lambda: self._workspace.project.past_epochs(run)) if known else []
        if found is not None and found != self.epochs:
            self.epochs = found
            if self.epoch and self.epoch not in found:
                self.leave()
            self.epochs_changed.emit()
