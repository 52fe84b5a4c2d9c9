"""The lattice of decoded samples behind the map: asked for by a tool, fixed to the map's coordinates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from explorer.gui.map.lattice import Lattice, _places, _step
from explorer.gui.map.panel import MapPanel
from explorer.gui.map.view import Bounds, Frame, MapView
from explorer.gui.outlook import View
from explorer.models.recipes.pca import PCA
from explorer.workspace.messages import DrawLattice
from explorer.workspace.messages import Lattice as Drawn

LEFT = Qt.MouseButton.LeftButton
Make = Callable[..., MapPanel]


def cloud(n: int = 40, dims: int = 2) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, dims)).astype(np.float32)


def tool(panel: MapPanel, name: str = "lattice") -> QToolButton:
    return panel.findChild(QToolButton, f"map_tool_{name}")


def asked(panel: MapPanel) -> list[DrawLattice]:
    return [request for task, request in panel.controller.jobs.asked if task == "draw_lattice"]


@pytest.fixture
def lattice(make_panel: Make, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[MapPanel, list[Any]]]:
    """Return a function that shows a map with its lattice pressed, and the wishes that a test answers."""

    def make(codes: np.ndarray | None = None) -> tuple[MapPanel, list[Any]]:
        panel = make_panel(cloud() if codes is None else codes)
        wishes: list[Any] = []
        jobs = panel.controller.jobs
        latest = jobs.latest

        def note(key: str, task: str, request: Any, **calls: Any) -> None:
            if task == "draw_lattice":
                wishes.append((request, calls))
            latest(key, task, request, **calls)

        monkeypatch.setattr(jobs, "latest", note)
        QTest.mouseClick(tool(panel), LEFT)
        qtbot.waitUntil(lambda: len(wishes) == 1)
        return panel, wishes

    return make


def answer(panel: MapPanel, wish: Any, ink: int = 0xFF0000FF, *, hear: bool = True) -> None:
    request, calls = wish
    height, width = request.look.size
    calls["on_result"](Drawn(request.model, np.full((len(request.places), height, width), ink, dtype=np.uint32)))
    if hear:
        panel.backdrops.made["lattice"]._beside.hear()  # it is made into a picture beside the window


def test_steps_are_wide_enough_and_never_twice_as_wide() -> None:
    for least in np.geomspace(1e-9, 1e9, 137):
        assert least * (1 - 1e-9) <= _step(least) <= 1.26 * least


def test_places_stay_where_they_are_while_the_map_is_moved() -> None:
    view = MapView.fit(Frame(0, 0, 600, 400), Bounds(-1, 1, -1, 1))
    steps = (0.25, 0.25)
    first, then = (_places(each, steps, flat=False) for each in (view, view.panned(31, -17)))
    inside = [place for place in map(tuple, first) if place in set(map(tuple, then))]
    assert len(inside) > 0.75 * len(first)
    assert (np.diff(first[:, 1]) <= 0).all()


def test_the_tool_asks_for_places_in_view_and_paints_what_comes(lattice: Callable[..., Any], qtbot: Any) -> None:
    panel, wishes = lattice()
    canvas = panel.canvas
    request = wishes[0][0]
    px, py = canvas.view.to_px(*request.places.T)
    frame = canvas.view.frame
    assert ((px > frame.left - 70) & (px < frame.right + 70) & (py > frame.top - 70) & (py < frame.bottom + 70)).all()
    assert len(request.places) > 20
    before = canvas.grab().toImage()
    answer(panel, wishes[0])
    assert panel.backdrops.made["lattice"].current
    after = canvas.grab().toImage()
    at = next(i for i in range(len(px)) if frame.left + 90 < px[i] < frame.right - 20 and py[i] > frame.bottom - 90)
    spot = QPoint(round(px[at]), round(py[at]))
    assert after.pixelColor(spot).blue() > after.pixelColor(spot).red() + 60
    assert before.pixelColor(spot) != after.pixelColor(spot)
    QTest.mouseClick(tool(panel), LEFT)
    assert canvas.grab().toImage().pixelColor(spot) == before.pixelColor(spot)


def test_a_zoom_keeps_the_old_lattice_until_the_new_one_is_there(lattice: Callable[..., Any], qtbot: Any) -> None:
    panel, wishes = lattice()
    answer(panel, wishes[0])
    made: Lattice = panel.backdrops.made["lattice"]
    panel.canvas.zoom(2.0, 300, 300)
    assert made._picture is not None
    qtbot.waitUntil(lambda: len(wishes) == 2)
    assert not made.current
    first, then = (np.diff(np.unique(wish[0].places[:, 0])).min() for wish in wishes)
    assert then == pytest.approx(first / 2)
    answer(panel, wishes[1])
    assert made.current


def test_while_the_hand_drags_nothing_is_asked_for(
    lattice: Callable[..., Any], qtbot: Any, drag: Callable[..., None]
) -> None:
    panel, wishes = lattice()
    answer(panel, wishes[0])
    start = panel.canvas.handle_px()
    assert start is not None
    drag(panel.canvas, [start, (start[0] + 40, start[1]), (start[0] + 80, start[1] + 30)])
    qtbot.wait(150)
    assert len(wishes) == 1  # the plane of a code of two is all of it


def test_what_the_handle_holds_across_the_map_goes_into_the_lattice(lattice: Callable[..., Any], qtbot: Any) -> None:
    panel, wishes = lattice(cloud(dims=5))
    panel.controller.hand.place_on(7)
    qtbot.waitUntil(lambda: len(wishes) == 2)
    np.testing.assert_array_equal(wishes[1][0].z[2:], panel.workspace.codes[7][2:])
    assert wishes[1][0].plane == {"kind": "axes", "axes": [0, 1]}


def test_another_run_or_view_shows_no_picture_of_the_last(lattice: Callable[..., Any], qtbot: Any) -> None:
    panel, wishes = lattice(cloud(dims=4))
    answer(panel, wishes[0])
    panel.controller.outlook.choose(View("pca"))
    assert panel.backdrops.made["lattice"]._picture is None
    qtbot.waitUntil(lambda: len(wishes) == 2)
    assert wishes[1][0].plane["kind"] == "linear"


def test_a_code_of_one_number_has_one_row(lattice: Callable[..., Any]) -> None:
    _panel, wishes = lattice(cloud(dims=1))
    assert len(np.unique(wishes[0][0].places[:, 1])) == 1
    assert len(wishes[0][0].places) > 5


def test_space_has_no_lattice_and_the_tool_says_so(make_panel: Make) -> None:
    panel = make_panel(cloud(dims=4))
    assert tool(panel).isEnabled()
    panel.controller.outlook.choose(View("axes", 3))
    assert not tool(panel).isEnabled()
    assert "two dimensions" in tool(panel).toolTip()


def test_a_model_without_a_decoder_has_none(make_panel: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PCA, "can_decode", False)
    panel = make_panel(cloud())
    assert not tool(panel).isEnabled()
    assert "no decoder" in tool(panel).toolTip()


def test_g_switches_it_and_the_next_start_remembers(make_panel: Make, qtbot: Any) -> None:
    panel = make_panel(cloud())
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_G)
    assert tool(panel).isChecked()
    qtbot.waitUntil(lambda: len(asked(panel)) == 1)
    again = make_panel(cloud())
    assert tool(again).isChecked()
    qtbot.waitUntil(lambda: len(asked(again)) == 1)
    QTest.keyClick(again.canvas, Qt.Key.Key_G)
    assert not tool(again).isChecked()


def test_a_picture_of_what_is_no_longer_shown_is_thrown_away(lattice: Any) -> None:
    panel, wishes = lattice(cloud(dims=4))
    made: Lattice = panel.backdrops.made["lattice"]
    answer(panel, wishes[0], hear=False)
    panel.controller.outlook.choose(View("pca"))
    made._beside.hear()
    assert made._picture is None


def test_a_map_that_is_hidden_while_its_lattice_is_drawn_asks_for_it_again(lattice: Any, qtbot: Any) -> None:
    panel, wishes = lattice()
    made: Lattice = panel.backdrops.made["lattice"]
    answer(panel, wishes[0], hear=False)
    panel.hide()
    assert not made._beside.busy and not made.current
    panel.show()
    qtbot.waitUntil(lambda: len(wishes) == 2)
    answer(panel, wishes[1])
    assert made.current
