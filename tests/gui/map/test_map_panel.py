"""The map panel between a real workspace, a real controller and a hand that decodes at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QWidget

from explorer.gui.map.panel import MapPanel
from explorer.gui.outlook import View
from explorer.gui.theme import theme
from explorer.gui.ways import Sketch
from explorer.training.history import Epoch
from explorer.workspace.messages import EpochUpdate

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Make = Callable[..., MapPanel]


def cloud(n: int = 40, dims: int = 2, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, dims)).astype(np.float32)


def words(panel: MapPanel) -> str:
    """Return all that stands in for the map."""
    empty = panel._stack.currentWidget()
    return "" if empty is panel.canvas else f"{empty.heading.text()} | {empty.advice.text()}"


def choose(box: QComboBox, text: str) -> None:
    """Choose an entry as a person does."""
    index = box.findText(text)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_dragging_moves_the_code_and_marks_the_nearest(make_panel: Make, drag: Callable[..., None]) -> None:
    codes = cloud()
    panel = make_panel(codes)
    canvas, controller = panel.canvas, panel.controller
    start = canvas.handle_px()
    assert start is not None
    drag(canvas, [start, (start[0] + 33, start[1] - 21)])
    expected = canvas.view.to_data(round(start[0] + 33), round(start[1] - 21))
    assert controller.hand.z == pytest.approx(expected)
    nearest = int(np.argmin(np.linalg.norm(codes - controller.hand.z, axis=1)))
    assert canvas.moving.nearest == nearest == controller.hand.last.nearest


def test_double_click_and_keys_move_the_code(make_panel: Make) -> None:
    codes = cloud()
    panel = make_panel(codes)
    canvas, controller = panel.canvas, panel.controller
    px, py = canvas.view.to_px(*codes[4].astype(float))
    QTest.mouseDClick(canvas, LEFT, NONE, QPoint(round(px), round(py)))
    assert controller.hand.z == pytest.approx(codes[4])
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert controller.hand.z == pytest.approx(codes[4] + [4 / canvas.view.sx, 0])


def test_the_selection_is_linked_both_ways(make_panel: Make) -> None:
    panel = make_panel(cloud())
    clear = panel.findChild(QPushButton, "map_clear_selection")
    assert not clear.isVisible()
    panel.workspace.select([3, 5])
    assert np.flatnonzero(panel.canvas.points.selected).tolist() == [3, 5]
    assert "2 selected" in clear.text()
    panel.canvas.select(np.array([7]), add=True)
    assert panel.workspace.selection.tolist() == [3, 5, 7]
    QTest.mouseClick(clear, LEFT)
    assert not len(panel.workspace.selection)
    assert not clear.isVisible()


def test_colouring_by_label_column_part_and_none(make_panel: Make) -> None:
    panel = make_panel(cloud())
    box, canvas = panel.colour_box, panel.canvas
    assert [box.itemText(i) for i in range(box.count())] == [
        "label", "heart rate", "ward", "part", "none",
    ]  # fmt: skip
    assert canvas.legend.isVisible()
    assert sum(row.isVisible() for row in canvas.legend.findChildren(QPushButton)) == 3
    choose(box, "heart rate")
    assert panel.workspace.colouring == "heart rate"
    assert canvas.points.colours.values is not None
    assert canvas.legend.findChild(QWidget, "map_colour_bar").isVisible()
    choose(box, "part")
    assert panel.workspace.colouring == "split"
    choose(box, "none")
    assert not canvas.legend.isVisible()
    panel.workspace.undo()
    assert box.currentText() == "part"


def test_colours_of_very_many_are_found_beside_the_window(
    make_panel: Make, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The choice returns before a sample was looked at; of two in a row, the later is what is shown."""
    monkeypatch.setattr("explorer.gui.map.panel.MANY", 10)
    panel = make_panel(cloud())
    qtbot.waitUntil(lambda: panel.canvas.points.colours.colouring.title == "label")
    choose(panel.colour_box, "ward")
    assert panel.canvas.points.colours.colouring.title == "label"
    choose(panel.colour_box, "heart rate")
    qtbot.waitUntil(lambda: panel.canvas.points.colours.colouring.title == "heart rate")
    choose(panel.colour_box, "none")
    qtbot.waitUntil(lambda: not panel.canvas.legend.isVisible())


def test_hover_says_name_label_and_value(make_panel: Make) -> None:
    panel = make_panel(cloud())
    assert panel.describe(4) == ["beat 4", "label: early"]
    panel.workspace.set_colouring("heart rate")
    assert panel.describe(4) == ["beat 4", "label: early", "heart rate: 64"]
    panel.workspace.set_colouring("split")
    assert panel.describe(4)[-1].startswith("part: ")


def test_codes_of_many_dimensions_keep_what_the_map_does_not_show(make_panel: Make, drag: Callable[..., None]) -> None:
    codes = cloud(dims=4)
    panel = make_panel(codes)
    canvas, controller = panel.canvas, panel.controller
    assert panel.header.x_box.isVisible()
    assert panel.header.y_box.isVisible()
    assert not panel.header.z_box.isVisible()
    controller.hand.place_on(6)
    assert panel.header.others.text() == "others as in beat 6"
    choose(panel.header.y_box, "z4")
    assert controller.outlook.plane.axes == (0, 3)
    np.testing.assert_array_equal(canvas.points.y, codes[:, 3])
    start = canvas.handle_px()
    assert start == pytest.approx(canvas.view.to_px(codes[6, 0], codes[6, 3]))
    drag(canvas, [start, (start[0] + 20, start[1] + 10)])
    assert controller.hand.z[1:3] == pytest.approx(codes[6, 1:3])
    assert controller.hand.z[0] != pytest.approx(codes[6, 0])
    choose(panel.header.x_box, "z4")
    assert controller.outlook.plane.axes == (3, 0), "the axes change places"


def test_two_coordinates_need_no_axis_boxes(make_panel: Make) -> None:
    panel = make_panel(cloud())
    assert not panel.header.x_box.isVisible()
    assert panel.header.others.text() == ""


def test_one_coordinate(make_panel: Make, drag: Callable[..., None]) -> None:
    panel = make_panel(cloud(dims=1))
    canvas = panel.canvas
    start = canvas.handle_px()
    assert start is not None
    drag(canvas, [start, (start[0] + 25, start[1] + 60)])
    assert panel.controller.hand.z == pytest.approx([canvas.view.to_data(round(start[0] + 25), 0)[0]])


def test_showing_n_of_n_is_true(make_panel: Make) -> None:
    codes = cloud(50)
    codes[3] = np.nan
    panel = make_panel(codes)
    canvas = panel.canvas
    assert panel.header.showing.text() == "showing 49 of 50 · 1 not finite"
    canvas.zoom(4, 350, 250)
    seen = canvas.view.bounds
    inside = (codes[:, 0] > seen.x0) & (codes[:, 0] < seen.x1) & (codes[:, 1] > seen.y0) & (codes[:, 1] < seen.y1)
    assert panel.header.showing.text() == f"showing {inside.sum()} of 50 · 1 not finite"
    assert f"{49 - inside.sum()} out of view" in panel.header.showing.toolTip()


def test_a_training_refreshes_the_map_and_keeps_the_view_and_what_the_hand_set(make_panel: Make) -> None:
    codes = cloud()
    panel = make_panel(codes, status="training")
    canvas, workspace = panel.canvas, panel.workspace
    assert panel.note.text == "refreshes while it trains"
    view, controller = canvas.view, panel.controller
    epoch = Epoch(1, {"loss": 1.0}, {}, 0.1)
    workspace.note_epoch(EpochUpdate(run=1, epoch=epoch, total_epochs=5, version=2, codes=codes * 1.01))
    np.testing.assert_allclose(canvas.points.x, codes[:, 0] * 1.01, rtol=1e-6)
    assert canvas.view == view
    assert controller.hand.z == pytest.approx(codes[controller.hand.source] * 1.01), "at rest it goes with its sample"
    controller.hand.move(np.array([0.1, 0.2]))
    workspace.note_epoch(EpochUpdate(run=1, epoch=epoch, total_epochs=5, version=3, codes=codes * 1.02))
    assert controller.hand.z == pytest.approx([0.1, 0.2]), "where the hand put it, it stays"


@pytest.mark.parametrize(
    ("given", "expected", "buttons"),
    [
        ({"data": False}, "No data yet", {"map_open", "map_sample"}),
        ({}, "No map yet", {"map_train"}),
        ({"status": "training", "version": 0}, "Training PCA 1", set()),
        ({"status": "failed", "error": "The data are constant."}, "The data are constant.", {"map_train"}),
        ({"status": "interrupted"}, "No map of this run", {"map_train"}),
        ({"codes": np.full((9, 2), np.nan)}, "diverged", {"map_train"}),
    ],
)
def test_what_stands_in_for_a_map(make_panel: Make, given: dict[str, Any], expected: str, buttons: set[str]) -> None:
    panel = make_panel(**given)
    assert expected in words(panel)
    shown = panel._stack.currentWidget().findChildren(QPushButton)
    assert {button.objectName() for button in shown} == buttons
    assert all(button.accessibleName() and button.toolTip() for button in shown)
    panel.grab()


def test_the_buttons_ask_for_what_they_say(make_panel: Make, qtbot: Any) -> None:
    panel = make_panel(data=False)
    with qtbot.waitSignal(panel.open_requested):
        QTest.mouseClick(panel.findChild(QPushButton, "map_open"), LEFT)
    QTest.mouseClick(panel.findChild(QPushButton, "map_sample"), LEFT)
    assert panel.controller.jobs.asked[-1][0] == "load_data"
    trained = make_panel()
    with qtbot.waitSignal(trained.train_requested):
        QTest.mouseClick(trained.findChild(QPushButton, "map_train"), LEFT)


def test_a_collapsed_code_is_told(make_panel: Make) -> None:
    panel = make_panel(np.ones((12, 2)))
    assert "all 12 samples have the same code" in panel.note.text
    assert "same code" not in make_panel(np.ones((1, 2))).note.text


def test_the_hint_is_shown_until_the_first_drag_of_all(make_panel: Make, drag: Callable[..., None]) -> None:
    panel = make_panel(cloud())
    assert panel.canvas.moving.hint == 1.0
    start = panel.canvas.handle_px()
    assert start is not None
    drag(panel.canvas, [start, (start[0] + 30, start[1])])
    assert make_panel(cloud()).canvas.moving.hint == 0.0


def test_another_run_is_fitted_anew(make_panel: Make) -> None:
    panel = make_panel(cloud())
    panel.canvas.zoom(5, 300, 200)
    run = panel.workspace.project.add_run(msgspec.structs.replace(panel.workspace.run, id=0, version=0))
    panel.workspace.project.write_snapshot(run.id, b"w", 100 + cloud(), run.history)
    panel.workspace._reload()
    panel.workspace.activate_run(run.id)
    whole = panel.canvas.points.index.bounds
    assert panel.canvas.view.bounds.holds(whole)
    panel.workspace.activate_run(1)
    assert panel.canvas.view.bounds.holds(panel.canvas.points.index.bounds)


def test_each_control_has_a_name_and_a_tip(make_panel: Make) -> None:
    panel = make_panel(cloud(dims=3))
    panel.workspace.select([1])
    controls = [*panel.findChildren(QComboBox), *panel.findChildren(QPushButton)]
    for control in (c for c in controls if c.isVisible()):
        assert control.objectName(), control
        assert control.accessibleName(), control.objectName()
        assert control.toolTip(), control.objectName()
    assert panel.canvas.accessibleName()


def test_the_panel_follows_the_theme(make_panel: Make) -> None:
    panel = make_panel(cloud())
    light = panel.grab().toImage()
    theme().choose("dark")
    assert panel.grab().toImage() != light
    theme().choose("light")
    assert panel.grab().toImage() == light


def test_a_right_click_offers_to_mark_a_place_and_a_drag_still_pans(
    make_panel: Make, drag: Callable[..., None]
) -> None:
    panel = make_panel(cloud())
    canvas, ways = panel.canvas, panel.controller.ways
    wanted: list[str] = []
    ways.page_wanted.connect(wanted.append)
    px, py = canvas.view.to_px(*panel.workspace.codes[4].astype(float))
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, NONE, QPoint(round(px), round(py)))
    menu = canvas.findChild(QMenu, "map_menu")
    assert menu is not None and menu.isVisible()
    action = next(action for action in menu.actions() if action.objectName() == "map_mark_A")
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())
    spot = ways.spot("A")
    assert spot is not None and spot.sample == 4 and wanted == ["path"]
    before = canvas.view
    drag(canvas, [(300.0, 200.0), (340.0, 230.0)], Qt.MouseButton.RightButton)
    assert canvas.view != before
    assert all(menu.isHidden() for menu in canvas.findChildren(QMenu, "map_menu"))


def test_the_menu_key_offers_the_handles_place(make_panel: Make) -> None:
    panel = make_panel(cloud())
    panel.controller.hand.set_code(np.array([0.5, -0.25]))
    panel.canvas.setFocus()
    QTest.keyClick(panel.canvas, Qt.Key.Key_Menu)
    menu = panel.canvas.findChild(QMenu, "map_menu")
    action = next(action for action in menu.actions() if action.objectName() == "map_mark_3")
    action.trigger()
    spot = panel.controller.ways.spot("3")
    assert spot is not None
    assert spot.code == pytest.approx([0.5, -0.25], abs=0.05) or spot.sample >= 0
    menu.close()


def test_sketches_follow_the_plane_and_are_not_of_earlier_epochs(make_panel: Make) -> None:
    codes = cloud(dims=4)
    panel = make_panel(codes)
    ways, canvas = panel.controller.ways, panel.canvas
    bare = canvas.grab().toImage()
    ways.sketch("test", Sketch(points=codes[:3].astype(float), lines=(codes[:2].astype(float),), spots={"A": codes[0]}))
    (points, _lines, spots), *_ = canvas._sketches
    np.testing.assert_allclose(points, codes[:3, :2], rtol=1e-6)
    np.testing.assert_allclose(spots["A"], codes[0, :2], rtol=1e-6)
    px, py = canvas.view.to_px(*points[1])
    assert canvas.grab().toImage() != bare, "it is drawn at once"
    assert canvas.grab().toImage().pixelColor(round(px) + 4, round(py)) != theme().color("field")
    panel.controller.outlook.choose(View("pca"))
    np.testing.assert_allclose(canvas._sketches[0][0], panel.controller.outlook.plane.project(codes[:3]), rtol=1e-5)
    panel.controller.outlook.choose(View("axes", 3))
    assert canvas._sketches[0][0].shape == (3, 3)
    canvas.grab()
    panel.controller.outlook.choose(View("axes"))
    drawn = canvas.grab().toImage()
    ways.sketch("test", None)
    assert canvas._sketches == []
    assert canvas.grab().toImage() != drawn, "it is wiped off at once"
