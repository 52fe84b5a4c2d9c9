"""From the mouse event to the painted decoded curve, over 500 moves in the real window.

A move is sent to the map as Qt would send it; the clock stops when the decode panel has painted the curve of exactly
the code that the handle then has. Moves come at 120 Hz at the most, each after the last was painted. "training" is the
same while the window trains the case study's model; the handle is dragged on the model that is being trained.
"recipes" are 200 moves each on every recipe that can decode, and on some of their options, barely trained, at 50, 200
and 1,000 time steps.

With ``--points 10000000`` the map shows so many points instead of the codes of the model that the hand drags on; the
recipes are then left out, and "few" is the same at rest before those points were shown. The nearest sample is still
looked for among the model's own codes.
"""

from __future__ import annotations

import math
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QGraphicsView

from explorer.app import _settle_collector, set_environment
from explorer.data.dataset import Dataset
from explorer.data.generated import make
from explorer.gui.controller import Controller
from explorer.gui.jobs import Jobs
from explorer.gui.main_window import MainWindow
from explorer.gui.theme import install_theme
from explorer.models.base import RECIPES
from explorer.parameters import parameters
from explorer.workspace.places import untitled_path
from explorer.workspace.project import ProjectFile
from explorer.workspace.workspace import Workspace
from tests.benchmarks._measure import main, percentiles

MOVES = 500
RECIPE_MOVES = 200
INTERVAL = 1 / 120
STEPS = (50, 200, 1000)
OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "recurrent-autoencoder, conditioned": ("recurrent-autoencoder", {"decoder": "conditioned"}),
    "recurrent-autoencoder, unconditioned": ("recurrent-autoencoder", {"decoder": "unconditioned"}),
    "recurrent-vae, conditioned": ("recurrent-vae", {"decoder": "conditioned"}),
    "wavenet-autoencoder, residual": ("wavenet-autoencoder", {"block": "residual"}),
}
"""Recipes with decoders that are not those of their defaults."""


def measure(points: int = 0) -> dict[str, Any]:
    """Open the window on the case study, and drag; with so many points on the map, if any are given."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    set_environment()
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENTSCAPE_HOME"] = home
        bench = Bench()
        try:
            if points:
                return {"points": points, **bench.case_study(points)}
            return {**bench.case_study(), "recipes": bench.recipes()}
        finally:
            bench.window.close()


class Watch(QObject):
    """Sees the first paint of the curve after the decode of the handle's present code has come."""

    arrived = painted = False

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self.controller = controller

    def hear(self, decoded: Any) -> None:
        """Take note that a code was decoded, if it is the handle's."""
        if np.array_equal(decoded.z, self.controller.hand.z):
            self.arrived = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of a paint."""
        if self.arrived and event.type() == QEvent.Type.Paint:
            self.painted = True
        return False


class Bench:
    """The real window, and a hand on its map."""

    def __init__(self) -> None:
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        self.app = app
        install_theme(app)
        self.workspace = Workspace(ProjectFile.create(untitled_path()), read_files=False)
        self.workspace.add_data(make("sines"))
        self.controller = Controller(self.workspace, Jobs())
        self.window = MainWindow()
        self.window.attach(self.controller)
        self.window.furnished.connect(_settle_collector)
        furnished: list[bool] = []
        self.window.furnished.connect(lambda: furnished.append(True))
        self.window.show()
        self.wait(lambda: bool(furnished))
        self.watch = Watch(self.controller)
        self.controller.hand.decoded.connect(self.watch.hear)  # after the panel's own, which has set the curve by then

    def wait(self, seen: Callable[[], bool], seconds: float = 120.0) -> None:
        """Let the window live until something is seen."""
        deadline = time.monotonic() + seconds
        while not seen():
            self.app.processEvents()
            time.sleep(0.001)
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not get there")

    def train(self, recipe: str, params: dict[str, Any]) -> None:
        """Train a model and wait until its map is there."""
        trainer, hand = self.controller.trainer, self.controller.hand
        trainer.start(recipe, params, None)
        self.wait(lambda: not trainer.running and self.workspace.codes is not None and hand.last is not None, 600)

    def drag(self, moves: int) -> tuple[list[float], list[float]]:
        """Drag the handle; return the milliseconds of each move, and those of its bare decoder."""
        canvas, hand = self.window.map.canvas, self.controller.hand
        # Decoded classes are bands below the nearest sample, which stays as it is.
        view = [v for v in self.window.panel("decode").findChildren(QGraphicsView) if v.isVisible()][-1]
        view.viewport().installEventFilter(self.watch)
        latencies: list[float] = []
        forward: list[float] = []
        at = canvas.handle_position()
        centre = QPointF(canvas.width() / 2, canvas.height() / 2)
        radius = min(canvas.width(), canvas.height()) / 4

        def send(kind: QEvent.Type, held: Qt.MouseButton, button: Qt.MouseButton) -> None:
            event = QMouseEvent(kind, at, QPointF(canvas.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(canvas, event)

        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        send(QEvent.Type.MouseButtonPress, left, left)
        for move in range(moves):
            angle = 2 * math.pi * move / 125
            at = centre + radius * QPointF(math.cos(angle), math.sin(1.7 * angle))
            self.watch.arrived = self.watch.painted = False
            began = time.perf_counter()
            send(QEvent.Type.MouseMove, left, none)
            while not self.watch.painted:
                self.app.processEvents()
                if time.perf_counter() - began > 5:
                    raise TimeoutError("a move was never painted")
            latencies.append(1000 * (time.perf_counter() - began))
            assert hand.last is not None
            forward.append(hand.last.forward_ms)
            while time.perf_counter() - began < INTERVAL:
                self.app.processEvents()
        send(QEvent.Type.MouseButtonRelease, none, left)
        view.viewport().removeEventFilter(self.watch)
        return latencies, forward

    def crowd(self, points: int) -> None:
        """Show so many points on the map, and no longer those that the training moves."""
        from tests.benchmarks._crowd import crowd, fill

        canvas = self.window.map.canvas
        fill(canvas, *crowd(points))
        canvas.set_points = canvas.set_colouring = lambda *_, **__: None
        self.wait(lambda: canvas.points.exact)

    def case_study(self, points: int = 0) -> dict[str, Any]:
        """Drag on the slides' model, at rest and while it trains."""
        trainer = self.controller.trainer
        self.train("lstm-autoencoder", {"epochs": 3})
        few: list[float] = []
        if points:
            self.drag(50)
            few, _ = self.drag(MOVES)
            self.crowd(points)
        self.drag(50)
        idle, forward = self.drag(MOVES)
        trainer.start("lstm-autoencoder", {"epochs": 100_000, "patience": 0}, None)
        self.wait(
            lambda: trainer.running and self.workspace.codes is not None and self.controller.hand.last is not None
        )
        time.sleep(1)
        self.drag(50)
        training, _ = self.drag(MOVES)
        if not trainer.running:
            raise RuntimeError("the training ended before the drag did")
        trainer.cancel()
        self.wait(lambda: not trainer.running)
        return {
            **({"few": percentiles(few)} if few else {}),
            "idle": percentiles(idle),
            "training": percentiles(training),
            "forward_p50_ms": round(statistics.median(forward), 3),
        }

    def recipes(self) -> dict[str, Any]:
        """Drag on every recipe that decodes series."""
        found: dict[str, Any] = {}
        for steps in STEPS:
            self.workspace.add_data(_series(steps))
            for name, (recipe, options) in ({each: (each, {}) for each in RECIPES.names()} | OPTIONS).items():
                cls = RECIPES.load(recipe)
                if not cls.can_decode or not {"series"} & set(cls.layouts):
                    continue
                declared = {parameter.name for parameter in parameters(cls)}
                self.train(recipe, options | ({"epochs": 1} if "epochs" in declared else {}))
                self.drag(20)
                latencies, forward = self.drag(RECIPE_MOVES)
                row = {**percentiles(latencies), "forward_p50_ms": round(statistics.median(forward), 3)}
                found.setdefault(name, {})[str(steps)] = row
        return found


def _series(steps: int) -> Dataset:
    """Return few series with labels of each and of each of their steps, so that every recipe can learn from them."""
    rng = np.random.default_rng(0)
    phase = rng.uniform(0, 2 * np.pi, (200 if steps <= 200 else 50, 1, 1))
    values = np.sin(phase + 4 * np.pi * np.arange(steps)[None, :, None] / steps).astype(np.float32)
    labels = (phase[:, 0, 0] > np.pi).astype(np.int64)
    return Dataset(values=values, labels=labels, masks=(values[..., 0] > 0.5).astype(np.int64), name=f"{steps} steps")


if __name__ == "__main__":
    main(__doc__ or "", measure, points="points that the map shows instead of the codes")
