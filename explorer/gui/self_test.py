"""The window tries itself: what `latentscape --self-test` runs, also in a packaged build."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.analysis.look import FigureStyle

if TYPE_CHECKING:
    from explorer.gui.main_window import MainWindow

PATIENCE = 60.0
"""Seconds that one step may take: a cold start of torch on a slow machine is most of it."""


class SelfTest(QObject):
    """Waits for the sample, drags the handle with mouse events, denoises, exports, and closes the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._failures: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="latentscape-self-test-")
        self._steps = self._script()
        self._waiting: tuple[str, Callable[[], bool], float] | None = None
        self._timer = QTimer(self, interval=20)
        self._timer.timeout.connect(self._tick)
        window.controller.failed.connect(lambda error: self._failures.append(str(error)))
        window.furnished.connect(self._timer.start)

    def _script(self) -> Iterator[tuple[str, Callable[[], bool]]]:
        """Do a step, then yield what to wait for and how to see it."""
        window, controller = self._window, self._window.controller
        workspace = controller.workspace
        yield "the sample is open with its codes", lambda: workspace.data is not None and workspace.codes is not None
        yield "the sample under the handle is decoded", lambda: controller.hand.last is not None
        before = controller.hand.last
        self._drag(60, 40)
        yield (
            "a drag of the handle decodes anew",
            lambda: (
                controller.hand.last is not before
                and controller.hand.last is not None
                and controller.hand.z is not None
                and np.array_equal(controller.hand.last.z, controller.hand.z)
            ),
        )
        controller.denoiser.denoise(0, "gaussian:0.3")
        yield (
            "a sample is denoised",
            lambda: controller.denoiser.last is not None and controller.denoiser.last.corruption == "gaussian:0.3",
        )
        folder = Path(self._folder.name)
        for kind in ("map", "loss", "decode", "denoise"):
            for ending in ("svg", "pdf", "png", "csv"):
                path = folder / f"{kind}.{ending}"
                controller.exporter.figure(kind, str(path), FigureStyle())
                yield f"{path.name} is written", lambda path=path: path.exists() and path.stat().st_size > 0
        controller.exporter.codes(str(folder / "codes.npz"))
        yield "codes.npz is written", lambda: (folder / "codes.npz").exists()
        window.close()

    def _drag(self, dx: int, dy: int) -> None:
        """Drag the handle across the map as a mouse would."""
        canvas = self._window.map.canvas
        start = canvas.handle_position()
        for step in range(11):
            kind = (
                QMouseEvent.Type.MouseButtonPress
                if step == 0
                else QMouseEvent.Type.MouseButtonRelease
                if step == 10
                else QMouseEvent.Type.MouseMove
            )
            at = start + QPointF(dx, dy) * step / 10
            held = Qt.MouseButton.NoButton if step == 10 else Qt.MouseButton.LeftButton
            button = Qt.MouseButton.NoButton if kind == QMouseEvent.Type.MouseMove else Qt.MouseButton.LeftButton
            event = QMouseEvent(kind, at, QPointF(canvas.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(canvas, event)

    def _tick(self) -> None:
        if self._waiting is not None:
            name, seen, deadline = self._waiting
            if not seen():
                if time.monotonic() < deadline:
                    return
                self._failures.append(f"after {PATIENCE:.0f} s still not so: {name}")
        following = next(self._steps, None)
        if following is None:
            self._timer.stop()
            self._waiting = None
            return
        self._waiting = (*following, time.monotonic() + PATIENCE)

    def report(self) -> int:
        """Print what failed and return the exit status: 0 where all went well."""
        self._folder.cleanup()
        if next(self._steps, None) is not None:
            self._failures.append("the window closed before the test was over")
        for failure in self._failures:
            print(f"self-test: {failure}", file=sys.stderr)  # noqa: T201
        print("self-test: failed" if self._failures else "self-test: passed")  # noqa: T201
        return 1 if self._failures else 0
