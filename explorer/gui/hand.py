"""The hand on the map: the handle, the plane of codes that it moves in, and the sample decoded under it."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from explorer.gui.desk import Desk
from explorer.workspace.messages import Decode, Decoded

HAND_RESTS = 0.15
"""Seconds without a move after which what a training changed is decoded and denoised anew."""


class Hand(QObject):
    """Moves the handle, and has the sample under it decoded; the newest place wins.

    Attributes
    ----------
    z : ndarray or None, float64 ``(L,)``
        The code under the hand.
    axes : tuple of int
        The two coordinates of the code that the map shows; the second is -1 where the code has only one.
    source : int
        The sample whose values the handle's other coordinates keep; -1 where none.
    last : Decoded or None
        What was decoded last, of the run that is shown.
    """

    moved = Signal(object)
    """The handle's code, ndarray ``(L,)``, or None where there is none."""
    source_changed = Signal(int)
    """The sample whose other coordinates the handle keeps; -1 where none."""
    axes_changed = Signal(int, int)
    decoded = Signal(object)
    """`Decoded`: the newest finished decode."""
    refreshed = Signal()
    """The run's codes changed and no hand is on its way: what else depends on them may be computed anew."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk, self._workspace = desk, desk.workspace
        self.z: np.ndarray | None = None
        self.axes: tuple[int, int] = (0, 1)
        self.source = -1
        self.last: Decoded | None = None
        self._resting = self._made = False
        self._moved = -HAND_RESTS
        self._at_rest = QTimer(self, singleShot=True, interval=int(1000 * HAND_RESTS))
        self._at_rest.timeout.connect(self._codes_changed)
        self._workspace.active_run_changed.connect(self._run_changed)
        self._workspace.codes_changed.connect(self._codes_changed)
        self._run_changed()
        self._made = True

    def begin(self) -> None:
        """Decode at the handle, now that the window can show it."""
        self._decode()

    def stop(self) -> None:
        """Wait for no rest any more: the window closes."""
        self._at_rest.stop()

    def move(self, point: np.ndarray) -> None:
        """Put the handle at a point of the map, ``(2,)`` in the coordinates of `axes`, and decode there."""
        if self.z is None:
            return
        z = self.z.copy()
        for axis, value in zip(self.axes, point, strict=True):
            if axis >= 0:
                z[axis] = value
        self._resting = False
        self._moved = time.monotonic()
        self.set_code(z)

    def nudge(self, dx: float, dy: float) -> None:
        """Move the handle by a step in the map's coordinates."""
        if self.z is not None:
            self.move(self.point() + np.array([dx, dy]))

    def place_on(self, index: int) -> None:
        """Put the handle on a sample: all its coordinates are then that sample's."""
        codes = self._workspace.codes
        if codes is None or not 0 <= index < len(codes) or not np.isfinite(codes[index]).all():
            return
        self.source, self._resting = index, True
        self.source_changed.emit(index)
        self.set_code(codes[index])

    def set_code(self, z: np.ndarray) -> None:
        """Put the handle at a whole code ``(L,)``, and decode it."""
        self.z = np.asarray(z, dtype=np.float64)
        self.moved.emit(self.z)
        self._decode()

    def point(self) -> np.ndarray:
        """Return where the handle is on the map, ``(2,)``; the second is 0 where the code has only one coordinate."""
        if self.z is None:
            return np.full(2, np.nan)
        return np.array([self.z[axis] if axis >= 0 else 0.0 for axis in self.axes])

    def set_axes(self, first: int, second: int) -> None:
        """Choose which two coordinates of the code the map shows."""
        if (first, second) != self.axes:
            self.axes = (first, second)
            self.axes_changed.emit(first, second)

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
        width = 0 if codes is None else codes.shape[1]
        self.set_axes(0, 1 if width != 1 else -1)
        self.last = None
        if codes is None:
            self.z, self.source = None, -1
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

    def _on_its_way(self) -> bool:
        """Whether a hand moves: its next move decodes with the newest weights, and nothing may delay it."""
        return time.monotonic() - self._moved < HAND_RESTS

    def _codes_changed(self) -> None:
        """Keep the reconstructions as fresh as the map while a run trains."""
        codes = self._workspace.codes
        if codes is None:
            return
        if self.z is None or len(self.z) != codes.shape[1]:
            self._run_changed()
        elif self._on_its_way():
            self._at_rest.start()
            return
        elif self._resting and 0 <= self.source < len(codes) and np.isfinite(codes[self.source]).all():
            self.set_code(codes[self.source])  # it lies on a sample until a hand takes it, and goes along with it
        else:
            self._decode()
        self.refreshed.emit()
