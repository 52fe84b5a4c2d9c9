"""The hand on the map: the handle, the plane of codes that it moves in, and the sample decoded under it."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.gui.desk import Desk
from explorer.gui.outlook import Outlook
from explorer.workspace.messages import Decode, Decoded

HAND_RESTS = 0.15
"""Seconds without a move after which what a training changed is decoded and denoised anew."""


class Hand(QObject):
    """Moves the handle, and has the sample under it decoded; the newest place wins.

    Attributes
    ----------
    z : ndarray or None, float64 ``(L,)``
        The code under the hand.
    place : ndarray or None, float64 ``(D,)``
        Where the handle is on the map, in the coordinates of the outlook's plane. Where that is exact it is the place
        of `z`; where it is approximate it is where the hand put it, or the place of the sample that it was put on.
    source : int
        The sample whose values the handle has across the map; -1 where none.
    last : Decoded or None
        What was decoded last, of the run that is shown.
    """

    moved = Signal(object)
    """The handle's code, ndarray ``(L,)``, or None where there is none."""
    source_changed = Signal(int)
    """The sample whose values the handle has across the map; -1 where none."""
    decoded = Signal(object)
    """`Decoded`: the newest finished decode."""
    refreshed = Signal()
    """The run's codes changed and no hand is on its way: what else depends on them may be computed anew."""

    def __init__(self, desk: Desk, outlook: Outlook) -> None:
        super().__init__(desk)
        self._desk, self._workspace, self._outlook = desk, desk.workspace, outlook
        self.z: np.ndarray | None = None
        self.place: np.ndarray | None = None
        self.source = -1
        self.last: Decoded | None = None
        self._resting = self._made = False
        self._moved = -HAND_RESTS
        self._at_rest = QTimer(self, singleShot=True, interval=int(1000 * HAND_RESTS))
        self._at_rest.timeout.connect(self._codes_changed)
        self._workspace.active_run_changed.connect(self._run_changed)
        self._workspace.codes_changed.connect(self._codes_changed)
        outlook.changed.connect(self._locate)
        self._run_changed()
        self._made = True

    @property
    def resting_on(self) -> int:
        """The sample that the handle was put on and has not left since; -1 where there is none."""
        return self.source if self._resting else -1

    def begin(self) -> None:
        """Decode at the handle, now that the window can show it."""
        self._decode()

    def stop(self) -> None:
        """Wait for no rest any more: the window closes."""
        self._at_rest.stop()

    def move(self, place: np.ndarray) -> None:
        """Put the handle at a place of the map, ``(D,)`` in the coordinates of its plane, and decode there."""
        plane = self._outlook.plane
        if self.z is None or plane is None:
            return
        self._resting = False
        self._moved = time.monotonic()
        self._put(plane.lift(place, self.z), np.array(place, dtype=np.float64))

    def place_on(self, index: int) -> None:
        """Put the handle on a sample: all its coordinates are then that sample's."""
        codes = self._workspace.codes
        if codes is None or not 0 <= index < len(codes) or not np.isfinite(codes[index]).all():
            return
        self.source, self._resting = index, True
        self.source_changed.emit(index)
        self._put(np.array(codes[index], dtype=np.float64), self._place_of_sample(index))

    def set_code(self, z: np.ndarray) -> None:
        """Put the handle at a whole code ``(L,)``, and decode it."""
        z = np.array(z, dtype=np.float64)
        self._resting = False
        plane = self._outlook.plane
        self._put(z, None if plane is None else plane.project(z[None])[0])

    def _put(self, z: np.ndarray, place: np.ndarray | None) -> None:
        self.z, self.place = z, place
        self.moved.emit(z)
        self._decode()

    def _place_of_sample(self, index: int) -> np.ndarray | None:
        plane, codes = self._outlook.plane, self._workspace.codes
        return None if plane is None or codes is None else plane.locate(codes, index)

    def _locate(self) -> None:
        """Find the handle on another map; its code stays what it is."""
        plane = self._outlook.plane
        if self.z is not None and plane is not None:
            on_sample = self._resting and self.source >= 0
            self.place = self._place_of_sample(self.source) if on_sample else plane.project(self.z[None])[0]
            self.moved.emit(self.z)

    def _decode(self) -> None:
        model = self._workspace.model_ref
        if model is None or self.z is None or not self._made:
            return

        def decoded(result: Decoded) -> None:
            if self._desk.is_current(result.model):
                self.last = result
                self.decoded.emit(result)

        self._desk.jobs.latest(
            "decode", "decode", Decode(model, self.z), lane="hand", on_result=decoded, on_error=self._failed
        )

    def _failed(self, reason: Exception) -> None:
        """Tell of a failed decode in the margin: a dialog under a moving hand would be worse than the failure."""
        self._desk.notice.emit("warn", str(reason))

    def _run_changed(self) -> None:
        codes = self._workspace.codes
        self.last = None
        if codes is None:
            self.z, self.place, self.source = None, None, -1
            self.moved.emit(None)
            self.source_changed.emit(-1)
        else:
            self._place_at_centre(codes)

    def _place_at_centre(self, codes: np.ndarray) -> None:
        """Put the handle on the sample nearest to the middle of the map: a real one, and in plain sight."""
        finite = np.isfinite(codes).all(axis=1)
        if not finite.any():
            return
        sample = np.flatnonzero(finite)[:: max(1, len(codes) // 20_000)]
        half = len(sample) // 2
        middle = np.partition(codes[sample], half, axis=0)[half]  # np.median imports numpy.ma, for as long as a frame
        self.place_on(int(sample[np.argmin(np.sum((codes[sample] - middle) ** 2, axis=1))]))

    @property
    def on_its_way(self) -> bool:
        """Whether a hand moves: its next move decodes with the newest weights, and nothing may delay it."""
        return time.monotonic() - self._moved < HAND_RESTS

    def _codes_changed(self) -> None:
        """Keep the reconstructions as fresh as the map while a run trains."""
        codes = self._workspace.codes
        if codes is None:
            return
        if self.z is None or len(self.z) != codes.shape[1]:
            self._run_changed()
        elif self.on_its_way:
            self._at_rest.start()
            return
        elif self._resting and 0 <= self.source < len(codes) and np.isfinite(codes[self.source]).all():
            self.place_on(self.source)  # it lies on a sample until a hand takes it, and goes along with it
        else:
            plane = self._outlook.plane
            if plane is not None and not plane.approximate:
                self._locate()  # the plane itself may have moved on
            self._decode()
        self.refreshed.emit()
