"""From a move of the bench's strength slider to the painted curves, on samples of 5,000 steps.

The classical denoisers that are not known to be slow are compared all together, with settings as a bench tunes them
("redraw"), and before that at their defaults, where four of them look for their settings anew at every move
("redraw_auto"). "quick" of them were found to take less than a frame each, and the rest followed as jobs. A move sets
the slider as a hand does; the clock stops when the overlay has painted the outputs of exactly the strength that the
slider then has, of as many as are asked together. Moves come at 60 Hz at the most, each after the last was painted.
"gui" is the longest that the window was held at one stretch by a move: by the slider, by an answer that came, or by the
paint; "gui_cpu" the same in the thread's own time, which others' work on the machine does not lengthen. "flood" moves
at 60 Hz without waiting: how many of the 73 strengths were drawn, and how long the window was held.
"""

from __future__ import annotations

import math
import os
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from explorer.app import _settle_collector, set_environment
from explorer.data.dataset import Dataset
from explorer.gui.bench.window import BenchWindow
from explorer.gui.controller import Controller
from explorer.gui.jobs import Jobs
from explorer.gui.theme import install_theme
from explorer.workspace.places import untitled_path
from explorer.workspace.project import ProjectFile
from explorer.workspace.workspace import Workspace
from tests.benchmarks._measure import main, percentiles

MOVES = 300
STEPS = 5_000
INTERVAL = 1 / 60


def measure() -> dict[str, Any]:
    """Open the bench on long series, and move its slider."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    set_environment()
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENTSCAPE_HOME"] = home
        hand = Hand()
        try:
            return hand.measure()
        finally:
            hand.close()


class Watch(QObject):
    """Sees the first paint of the overlay after the outputs of the present strength have come."""

    arrived = painted = False

    def __init__(self, window: BenchWindow) -> None:
        super().__init__()
        self._window = window

    def hear(self) -> None:
        """Take note that there are outputs of what is asked for now."""
        trial = self._window.trials.trial
        if trial is not None and self._window.corruption_shown() == self._window.corruption():
            self.arrived = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of a paint."""
        if self.arrived and event.type() == QEvent.Type.Paint:
            self.painted = True
        return False


class Hand:
    """The real window of the bench, with real workers."""

    def __init__(self) -> None:
        app = QApplication.instance() or QApplication([])
        assert isinstance(app, QApplication)
        self.app = app
        install_theme(app)
        self.workspace = Workspace(ProjectFile.create(untitled_path()), read_files=False)
        self.workspace.add_data(_series())
        self.controller = Controller(self.workspace, Jobs())
        self.window = BenchWindow(self.controller)
        self.window.resize(1180, 740)
        self.window.choice.choose("gaussian:0.3")
        lineup = self.window.lineup
        lineup.choose_all(False)
        self.names = [each.id for each in lineup.entrants if each.kind == "classic" and not each.slow]
        for name in self.names:
            lineup.choose(name, True)
        self.watch = Watch(self.window)
        self.window.trials.changed.connect(self.watch.hear)
        self.window.show()
        self.window.sample_page.overlay.viewport().installEventFilter(self.watch)
        self.wait(lambda: self.watch.painted)
        rested = time.monotonic() + 5.0  # what is loaded at the first use has been, and all have been timed
        self.wait(lambda: time.monotonic() > rested)
        _settle_collector()

    def close(self) -> None:
        """End the workers."""
        self.window.close()
        self.controller.close()

    def wait(self, seen: Callable[[], bool], seconds: float = 120.0) -> None:
        """Let the window live until something is seen."""
        deadline = time.monotonic() + seconds
        while not seen():
            self.app.processEvents()
            time.sleep(0.001)
            if time.monotonic() > deadline:
                raise TimeoutError("the window did not get there")

    def measure(self) -> dict[str, Any]:
        """Move the slider to and fro, waiting for each paint, then without waiting."""
        self._moves(30, wait=True)
        automatic, _, _ = self._moves(MOVES, wait=True)
        for name in self.names:
            cls = self.window.lineup.cls(name)
            tried = [] if cls is None else cls.grid(STEPS)
            if tried:
                self.window.lineup.set_settings(name, tried[len(tried) // 2])
        rested = time.monotonic() + 5.0
        self.wait(lambda: time.monotonic() > rested)
        self._moves(30, wait=True)
        latency, held, busy = self._moves(MOVES, wait=True)
        drawn: list[object] = []
        self.window.trials.changed.connect(lambda: drawn.append(self.window.corruption_shown()))
        _, flooded, flooded_busy = self._moves(MOVES, wait=False)
        return {
            "denoisers": len(self.names),
            "quick": sum(not self.window.trials.is_slow(each) for each in self.window.lineup.chosen),
            "worker_ms": {name: _milliseconds(self.window.trials.seconds(name)) for name in self.names},
            "steps": STEPS,
            "redraw": percentiles(latency),
            "redraw_auto": percentiles(automatic),
            "gui": percentiles(held),
            "gui_cpu": percentiles(busy),
            "flood": {"drawn": len(set(drawn)), "gui": percentiles(flooded), "gui_cpu": percentiles(flooded_busy)},
        }

    def _moves(self, count: int, *, wait: bool) -> tuple[list[float], list[float], list[float]]:
        slider = self.window.choice.slider
        latency: list[float] = []
        held: list[float] = []
        busy: list[float] = []
        for move in range(count):
            value = 60 + 5 * abs(move % 144 - 72)  # up and down, never twice the same in a row
            self.watch.arrived = self.watch.painted = False
            cpu, began = time.thread_time(), time.perf_counter()
            slider.setValue(value)
            longest, most = time.perf_counter() - began, time.thread_time() - cpu
            while not self.watch.painted if wait else time.perf_counter() - began < INTERVAL:
                at, cpu = time.perf_counter(), time.thread_time()
                self.app.processEvents()
                longest, most = max(longest, time.perf_counter() - at), max(most, time.thread_time() - cpu)
                if at - began > 10:
                    raise TimeoutError("a move was never painted")
            latency.append(1000 * (time.perf_counter() - began))
            held.append(1000 * longest)
            busy.append(1000 * most)
            while time.perf_counter() - began < INTERVAL:
                self.app.processEvents()
        return latency, held, busy


def _milliseconds(seconds: float) -> float | None:
    """Return milliseconds; None of one that refuses such samples."""
    return round(1000 * seconds, 1) if math.isfinite(seconds) else None


def _series() -> Dataset:
    """Return long clean series, alike in size to an ECG of twenty seconds."""
    rng = np.random.default_rng(0)
    times = np.arange(STEPS) / 250.0
    phase = rng.uniform(0, 2 * np.pi, (24, 1))
    values = np.sin(2 * np.pi * 1.2 * times + phase) ** 21 + 0.2 * np.sin(2 * np.pi * 0.3 * times + phase)
    return Dataset(values=values.astype(np.float32)[:, :, None], name="long", sampling_rate=250.0, unit="mV")


if __name__ == "__main__":
    main(__doc__ or "", measure)
