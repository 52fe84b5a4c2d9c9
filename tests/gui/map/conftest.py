"""A map with a workspace behind it, and a hand that decodes at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.jobs import Jobs
from explorer.gui.map.canvas import MapCanvas
from explorer.gui.map.panel import MapPanel
from explorer.gui.theme import theme
from explorer.training.history import History
from explorer.workspace.messages import Decoded
from explorer.workspace.project import ProjectFile
from explorer.workspace.run import Run
from explorer.workspace.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


class Errand:
    """A task that was asked for, and is answered when a test says so."""

    def __init__(self, task: str, request: Any, calls: dict[str, Any]) -> None:
        self.task, self.request, self.calls = task, request, calls
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True

    def drop(self) -> None:
        self.calls = {}

    def answer(self, result: Any) -> None:
        if "on_result" in self.calls:
            self.calls["on_result"](result)


class Hand(Jobs):
    """Answers a decode at once, with the nearest code; other wishes are only written down."""

    def __init__(self) -> None:
        super().__init__()
        self.workspace: Workspace | None = None
        self.asked: list[tuple[str, Any]] = []
        self.errands: list[Errand] = []

    def submit(self, task: str, request: Any, **calls: Any) -> Any:
        self.asked.append((task, request))
        self.errands.append(Errand(task, request, calls))
        return self.errands[-1]

    def latest(self, key: str, task: str, request: Any, **calls: Any) -> None:
        self.asked.append((task, request))
        if task == "decode" and self.workspace is not None and self.workspace.codes is not None:
            distance = np.linalg.norm(self.workspace.codes - request.z, axis=1)
            nearest = int(np.nanargmin(distance))
            calls["on_result"](
                Decoded(request.model, request.z, np.zeros((4, 1)), nearest, float(distance[nearest]), 0.1)
            )


@pytest.fixture
def canvas(qtbot: Any) -> MapCanvas:
    """A shown canvas with 300 points, a handle amid them, and no hint."""
    theme().choose("light")
    rng = np.random.default_rng(0)
    widget = MapCanvas()
    qtbot.addWidget(widget)
    widget.resize(700, 520)
    widget.show()
    qtbot.waitExposed(widget)
    widget.set_points(*rng.normal(size=(2, 300)), ("z1", "z2"))
    widget.set_handle(np.array([0.1, -0.2]))
    return widget


@pytest.fixture
def drag() -> Callable[..., None]:
    """Return a function that drags with the mouse along pixels."""

    def run(
        widget: MapCanvas,
        path: list[tuple[float, float]],
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        points = [QPoint(round(x), round(y)) for x, y in path]
        QTest.mousePress(widget, button, keys, points[0])
        for point in points[1:]:
            QTest.mouseMove(widget, point)
        QTest.mouseRelease(widget, button, keys, points[-1])

    return run


@pytest.fixture
def make_panel(qtbot: Any, tmp_path: Path) -> Iterator[Callable[..., MapPanel]]:
    """Return a function that shows the panel on a project with data and, if given codes, a run that has them."""
    spaces: list[Workspace] = []

    def make(codes: np.ndarray | None = None, n: int = 40, data: bool = True, **run: Any) -> MapPanel:
        theme().choose("light")
        project = ProjectFile.create(tmp_path / f"{len(spaces)}.latentscape")
        n = n if codes is None else len(codes)
        if data:
            index = np.arange(n)
            project.add_data(
                Dataset(
                    values=np.random.default_rng(0).normal(size=(n, 4, 1)).astype(np.float32),
                    name="beats",
                    labels=index % 3,
                    class_names=("normal", "early", "late"),
                    names=np.array([f"beat {i}" for i in index]),
                    columns={"heart rate": 60.0 + index, "ward": np.array(["A", "B"])[index % 2]},
                )
            )
        if run or codes is not None:
            fields = {"status": "done", "version": 1, "recipe": "pca", **run}
            added = project.add_run(Run(id=0, name="PCA 1", data=1, **fields))
            if codes is not None:
                project.write_snapshot(added.id, b"weights", codes.astype(np.float32), History())
            project.set_state("active_data", 1)
            project.set_state("active_run", added.id)
        hand = Hand()
        space = Workspace(project)
        spaces.append(space)
        if run.get("status") == "training":
            space._runs[1] = added  # a project just opened calls such a run interrupted
        hand.workspace = space
        controller = Controller(space, hand)
        panel = MapPanel(controller)
        panel.controller_kept = controller  # the panel's owner would keep it
        qtbot.addWidget(panel)
        panel.resize(760, 560)
        panel.show()
        qtbot.waitExposed(panel)
        return panel

    yield make
    for space in spaces:
        space.close()


@pytest.fixture
def inside_by_hand() -> Callable[[float, float, np.ndarray], bool]:
    """Return a function that tells whether a point is inside a polygon, edge by edge (even-odd), in plain Python."""

    def inside_polygon(x: float, y: float, corners: np.ndarray) -> bool:
        inside = False
        j = len(corners) - 1
        for i in range(len(corners)):
            (xi, yi), (xj, yj) = corners[i], corners[j]
            if (yi > y) != (yj > y) and x < (xj - xi) * (y - yi) / (yj - yi) + xi:
                inside = not inside
            j = i
        return inside

    return inside_polygon
