"""From the mouse event to the painted decoded curve, over 500 moves in the real window.

A move is sent to the map as Qt would send it; the clock stops when the decode panel has painted the curve of exactly
the code that the handle then has. Moves come at 120 Hz at the most, each after the last was painted. "training" is the
same while the window trains the case study's model; the handle is dragged on the model that is being trained.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from typing import Any

from explorer.app import set_environment
from tests.benchmarks._measure import main, percentiles

MOVES = 500
INTERVAL = 1 / 120


def measure() -> dict[str, Any]:
    """Open the window on the case study, and drag."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    set_environment()
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENTSCAPE_HOME"] = home
        return _drag()


def _drag() -> dict[str, Any]:
    import math

    import numpy as np
    from PySide6.QtCore import QEvent, QObject, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication, QGraphicsView

    from explorer.app import _settle_collector
    from explorer.data.generated import make
    from explorer.gui.controller import Controller
    from explorer.gui.jobs import Jobs
    from explorer.gui.main_window import MainWindow
    from explorer.gui.theme import install_theme
    from explorer.workspace.places import untitled_path
    from explorer.workspace.project import ProjectFile
    from explorer.workspace.workspace import Workspace

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    install_theme(app)
    workspace = Workspace(ProjectFile.create(untitled_path()), read_files=False)
    workspace.add_data(make("sines"))
    controller = Controller(workspace, Jobs())
    window = MainWindow()
    window.attach(controller)
    window.furnished.connect(_settle_collector)
    furnished: list[bool] = []
    window.furnished.connect(lambda: furnished.append(True))
    window.show()

    def wait(seen: Any, seconds: float = 120.0) -> None:
        deadline = time.monotonic() + seconds
        while not seen():
            app.processEvents()
            time.sleep(0.001)
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not get there")

    wait(lambda: bool(furnished))

    class Watch(QObject):
        """Sees the first paint of the curve after the decode of the handle's present code has come."""

        arrived = painted = False

        def hear(self, decoded: object) -> None:
            if np.array_equal(decoded.z, controller.hand.z):
                self.arrived = True

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if self.arrived and event.type() == QEvent.Type.Paint:
                self.painted = True
            return False

    watch = Watch()
    controller.hand.decoded.connect(watch.hear)  # after the panel's own, which has set the curve by then
    latencies: list[float] = []
    forward: list[float] = []

    def drag(moves: int) -> None:
        canvas = window.map.canvas
        (view,) = (v for v in window.panel("decode").findChildren(QGraphicsView) if v.isVisible())
        view.viewport().installEventFilter(watch)
        latencies.clear()
        forward.clear()
        start = canvas.handle_position()
        centre = QPointF(canvas.width() / 2, canvas.height() / 2)
        radius = min(canvas.width(), canvas.height()) / 4

        def send(kind: QEvent.Type, at: QPointF, held: Qt.MouseButton, button: Qt.MouseButton) -> None:
            event = QMouseEvent(kind, at, QPointF(canvas.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(canvas, event)

        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        send(QEvent.Type.MouseButtonPress, start, left, left)
        for move in range(moves):
            angle = 2 * math.pi * move / 125
            at = centre + radius * QPointF(math.cos(angle), math.sin(1.7 * angle))
            watch.arrived = watch.painted = False
            began = time.perf_counter()
            send(QEvent.Type.MouseMove, at, left, none)
            while not watch.painted:
                app.processEvents()
                if time.perf_counter() - began > 5:
                    raise TimeoutError("a move was never painted")
            latencies.append(1000 * (time.perf_counter() - began))
            assert controller.hand.last is not None
            forward.append(controller.hand.last.forward_ms)
            while time.perf_counter() - began < INTERVAL:
                app.processEvents()
        send(QEvent.Type.MouseButtonRelease, at, none, left)
        view.viewport().removeEventFilter(watch)

    controller.trainer.start("lstm-autoencoder", {"epochs": 3}, None)
    wait(lambda: not controller.trainer.running and workspace.codes is not None and controller.hand.last is not None)
    drag(50)
    drag(MOVES)
    idle = percentiles(latencies)
    forward_p50 = statistics.median(forward)

    controller.trainer.start("lstm-autoencoder", {"epochs": 100_000, "patience": 0}, None)
    wait(lambda: controller.trainer.running and workspace.codes is not None and controller.hand.last is not None)
    time.sleep(1)
    drag(50)
    drag(MOVES)
    training = percentiles(latencies)
    still_training = controller.trainer.running
    controller.trainer.cancel()
    wait(lambda: not controller.trainer.running)
    window.close()
    if not still_training:
        raise RuntimeError("the training ended before the drag did")
    return {"idle": idle, "training": training, "forward_p50_ms": round(forward_p50, 3)}


if __name__ == "__main__":
    main(__doc__ or "", measure)
