"""From the mouse event to the painted decoded curve, over 500 moves in the real window.

A move is sent to the map as Qt would send it; the clock stops when the decode panel has painted the curve of exactly
the code that the handle then has. Moves come at 120 Hz at the most, each after the last was painted. "training" is the
same while the window trains the case study's model; the handle is dragged on the model that is being trained.
"recipes" are 200 moves each on every recipe that can decode, and on some of their options, barely trained, for each
kind of sample that it takes: series, irregular records, sentences at 50, 200 and 1,000 steps or words, melodies of 4,
16 and 64 bars, images of 28 × 28. "turn_busy_ms" is the longest that the window's thread computed at a time meanwhile,
by the processor's time: what cannot decode within a frame must not hold the hand either. Of what takes long fewer
moves are made. Where one decode of a hundred does not fit into a frame, "free" is a hand that moves at 120 Hz and waits
for none of them: how many a second were painted, and the longest turn in that.

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
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.app import _settings_folder, _settle_collector, set_environment
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
from tests.benchmarks._measure import main, percentiles, tell
from tests.benchmarks._samples import KINDS, Kind

MOVES = 500
RECIPE_MOVES = 200
INTERVAL = 1 / 120
FRAME_MS = 16.0
FREE_MOVES = 240
HEARTBEAT_MS = 2
"""The window's thread sleeps until something happens, as it does for a hand, and at least looks up so often."""
PARTS = ("case_study", "recipes")
MOST_SECONDS = 5.0
"""Of the moves on one recipe."""
OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "recurrent-autoencoder, conditioned": ("recurrent-autoencoder", {"decoder": "conditioned"}),
    "recurrent-autoencoder, unconditioned": ("recurrent-autoencoder", {"decoder": "unconditioned"}),
    "recurrent-vae, conditioned": ("recurrent-vae", {"decoder": "conditioned"}),
    "wavenet-autoencoder, residual": ("wavenet-autoencoder", {"block": "residual"}),
}
"""Recipes with decoders that are not those of their defaults."""


def measure(points: int = 0, kinds: Sequence[str] = (), parts: Sequence[str] = ()) -> dict[str, Any]:
    """Open the window on the case study, and drag; with so many points on the map, if any are given."""
    parts = parts or (("recipes",) if kinds else PARTS)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    set_environment()
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENTSCAPE_HOME"] = home
        bench = Bench()
        try:
            if points:
                return {"points": points, **bench.case_study(points)}
            first = bench.case_study() if "case_study" in parts else {}
            return {**first, **({"recipes": bench.recipes(kinds)} if "recipes" in parts else {})}
        finally:
            bench.window.close()


class Watch:
    """Sees the first paint of the sample after the decode of the handle's present code has come."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.arrived = self.painted = False
        self.paints = 0
        """Decodes that were painted, or had nothing new to paint."""
        self._newer = False
        self._shown: tuple[str, int] | None = None

    def hear(self, decoded: Any) -> None:
        """Take note that a code was decoded, if it is the handle's; the same words again need no paint."""
        shown = decoded.text, decoded.nearest
        same = bool(decoded.text) and shown == self._shown
        self._shown = shown
        self.paints += same
        self._newer = not same
        z = self.controller.hand.z
        if z is not None and np.array_equal(decoded.z, z):
            self.arrived, self.painted = True, same

    def see(self) -> None:
        """Take note of a paint."""
        self.painted = self.painted or self.arrived
        self.paints += self._newer
        self._newer = False


class Bench:
    """The real window, and a hand on its map."""

    def __init__(self) -> None:
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        self.app = app
        _settings_folder()  # what somebody once chose must not be measured
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
        self._heart = QTimer(interval=HEARTBEAT_MS)
        self._heart.start()
        self.watch = Watch(self.controller)
        self.controller.hand.decoded.connect(self.watch.hear)  # after the panel's own, which has set the curve by then
        panel = self.window.panel("decode")
        panel.view.painted.connect(self.watch.see)
        panel.masks.painted.connect(self.watch.see)

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

    def drag(self, moves: int, seconds: float = math.inf, *, waits: bool = True) -> Drag:
        """Drag the handle, so many moves or so long; a hand that waits moves on once its last move is painted."""
        canvas, hand = self.window.map.canvas, self.controller.hand
        made = Drag()
        at = canvas.handle_position()
        centre = QPointF(canvas.width() / 2, canvas.height() / 2)
        radius = min(canvas.width(), canvas.height()) / 4
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

        def send(kind: QEvent.Type, held: Qt.MouseButton, button: Qt.MouseButton) -> None:
            event = QMouseEvent(kind, at, QPointF(canvas.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier)
            made.begin()
            QApplication.sendEvent(canvas, event)
            made.end()

        send(QEvent.Type.MouseButtonPress, left, left)
        before, started = self.watch.paints, time.perf_counter()
        end = time.perf_counter() + seconds
        for move in range(moves):
            angle = 2 * math.pi * move / 125
            at = centre + QPointF(radius * math.cos(angle), radius * math.sin(1.7 * angle))
            self.watch.arrived = self.watch.painted = False
            began = time.perf_counter()
            send(QEvent.Type.MouseMove, left, none)
            while waits and not self.watch.painted:
                self.turn(made)
                if time.perf_counter() - began > 30:
                    raise TimeoutError("a move was never painted")
            made.latencies.append(1000 * (time.perf_counter() - began))
            assert hand.last is not None
            made.forward.append(hand.last.forward_ms)
            while time.perf_counter() - began < INTERVAL:
                self.turn(made)
            if time.perf_counter() > end:
                break
        made.rate = (self.watch.paints - before) / (time.perf_counter() - started)
        send(QEvent.Type.MouseButtonRelease, none, left)
        return made

    def turn(self, made: Drag) -> None:
        """Let the window sleep until something happens, and do it; the sleep takes no processor's time."""
        made.begin()
        self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        made.end()

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
            few = self.drag(MOVES).latencies
            self.crowd(points)
        self.drag(50)
        idle = self.drag(MOVES)
        trainer.start("lstm-autoencoder", {"epochs": 100_000, "patience": 0}, None)
        self.wait(
            lambda: trainer.running and self.workspace.codes is not None and self.controller.hand.last is not None
        )
        time.sleep(1)
        self.drag(50)
        training = self.drag(MOVES)
        if not trainer.running:
            raise RuntimeError("the training ended before the drag did")
        trainer.cancel()
        self.wait(lambda: not trainer.running)
        return {
            **({"few": percentiles(few)} if few else {}),
            "idle": percentiles(idle.latencies),
            "training": percentiles(training.latencies),
            "forward_p50_ms": round(statistics.median(idle.forward), 3),
        }

    def recipes(self, kinds: Sequence[str]) -> dict[str, Any]:
        """Drag on every recipe that decodes, for each kind of sample that it takes."""
        found: dict[str, Any] = {}
        for name in kinds or KINDS:
            kind = KINDS[name]
            for size in kind.sizes:
                self.workspace.add_data(kind.make(size))
                for row, (recipe, options) in _dragged(kind).items():
                    declared = {parameter.name for parameter in parameters(RECIPES.load(recipe))}
                    self.train(recipe, options | ({"epochs": 1} if "epochs" in declared else {}))
                    self.drag(20, MOST_SECONDS / 4)
                    figures: dict[str, Any] = self.drag(RECIPE_MOVES, MOST_SECONDS).figures()
                    if figures["p99_ms"] > FRAME_MS:
                        free = self.drag(FREE_MOVES, waits=False)
                        figures["free"] = {"painted_hz": round(free.rate, 1), "turn_busy_ms": round(free.busiest, 2)}
                    found.setdefault(name, {}).setdefault(row, {})[str(size)] = figures
                    tell(f"{name} {size} {row}", figures)
        return found


class Drag:
    """What was seen of a drag: milliseconds of each move, of its bare decoder, and of the window's longest turn."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.forward: list[float] = []
        self.busiest = self.rate = 0.0
        self._began = 0.0

    def begin(self) -> None:
        """Note that the window begins to do something."""
        self._began = time.thread_time()

    def end(self) -> None:
        """Note that it has done it."""
        self.busiest = max(self.busiest, 1000 * (time.thread_time() - self._began))

    def figures(self) -> dict[str, float]:
        """Return what is told of it."""
        return {
            **percentiles(self.latencies),
            "forward_p50_ms": round(statistics.median(self.forward), 3),
            "turn_busy_ms": round(self.busiest, 2),
        }


def _dragged(kind: Kind) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the recipes, with options, that decode such samples."""
    every = {name: (name, {}) for name in kind.only or RECIPES.names()} | ({} if kind.only else OPTIONS)
    return {
        name: (recipe, options)
        for name, (recipe, options) in every.items()
        if (cls := RECIPES.load(recipe)).can_decode and kind.layout in cls.layouts
    }


if __name__ == "__main__":
    choices = {"kinds": list(KINDS), "parts": PARTS}
    main(__doc__ or "", measure, choices=choices, points="points that the map shows instead of the codes")
