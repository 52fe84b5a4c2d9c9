"""Plays a melody beside the window, and tells where it is."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.gui.jobs import Job, Jobs
from explorer.workspace.messages import Played, PlayMelody

_FRAME_MS = 33


class Player(QObject):
    """One melody at a time. Where there is no sound device it goes through the melody in silence, and says so.

    Attributes
    ----------
    playing : bool
    silent : bool
        Whether the newest one could not be heard, for want of a device.
    """

    changed = Signal()
    """It began, ended, or found out that it is silent."""
    moved = Signal(object)
    """Where it is, float, in sixteenths; None where it has ended."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: Job | None = None
        self._number = 0
        self._began: float | None = None
        self._seconds = self._steps = 0.0
        self.playing = self.silent = False
        self._clock = QTimer(self, interval=_FRAME_MS)
        self._clock.timeout.connect(self._tick)

    def play(self, tokens: np.ndarray, vocabulary: tuple[str, ...], tempo: float) -> None:
        """Play a melody ``(T,)`` from its beginning; what plays ends."""
        self.stop()
        self._number += 1
        number = self._number
        self._steps, self._seconds = float(len(tokens)), len(tokens) * 15.0 / tempo
        self.playing, self.silent = True, False
        self.changed.emit()
        request = PlayMelody(np.ascontiguousarray(tokens, np.int32), list(vocabulary), float(tempo))

        def heard(_fraction: float, _message: str, _payload: object, _left: float | None) -> None:
            if number == self._number and self._began is None:
                self._run(silent=False)

        def done(played: Played) -> None:
            if number == self._number:
                self._job = None
                if played.heard:
                    self.stop()
                else:
                    self._run(silent=True)

        def failed(_reason: Exception) -> None:
            if number == self._number:  # that nothing is heard is no reason to stop a person by a dialog
                self._job = None
                self._run(silent=True)

        self._job = self._jobs.submit(
            "play_melody", request, lane="sound", on_result=done, on_error=failed, on_progress=heard
        )

    def stop(self) -> None:
        """End what plays."""
        if not self.playing:
            return
        self._number += 1
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        self._clock.stop()
        self._began, self.playing = None, False
        self.moved.emit(None)
        self.changed.emit()

    def _run(self, *, silent: bool) -> None:
        """Start the clock: the sound has begun, or there will be none."""
        self._began, self.silent = time.monotonic(), silent
        self._clock.start()
        self.changed.emit()
        self._tick()

    def _tick(self) -> None:
        if self._began is None:
            return
        passed = time.monotonic() - self._began
        if passed >= self._seconds and (self.silent or passed >= self._seconds + 2.0):
            self.stop()
        else:
            self.moved.emit(min(passed / self._seconds, 1.0) * self._steps)
