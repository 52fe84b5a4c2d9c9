"""What the map shows of the codes: axes, principal components, layouts that take a while; and the hand on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from explorer.analysis.planes import AxisPlane, LinearPlane, NeighbourPlane
from explorer.gui.map.panel import MapPanel
from explorer.gui.outlook import View
from explorer.training.history import Epoch
from explorer.workspace.messages import EpochUpdate, ModelRef, Projected

Make = Callable[..., MapPanel]
Drag = Callable[..., None]
LEFT = Qt.MouseButton.LeftButton


def cloud(n: int = 60, dims: int = 5) -> np.ndarray:
    return (np.random.default_rng(0).normal(size=(n, dims)) * np.arange(dims, 0, -1)).astype(np.float32)


def choose(box: QComboBox, text: str) -> None:
    """Choose an entry as a hand does: open the list, press the key for it."""
    index = box.findText(text)
    assert index >= 0, [box.itemText(i) for i in range(box.count())]
    box.setCurrentIndex(index)
    box.activated.emit(index)


def laid_out(panel: MapPanel, dims: int = 2, version: int = 0, method: str = "tsne", note: str = "") -> Projected:
    """Answer the last layout that was asked for: a spiral."""
    errand = panel.controller.jobs.errands[-1]
    assert errand.task == "project_codes"
    assert (errand.request.method, errand.request.dims) == (method, dims)
    n = len(panel.workspace.codes)
    turn = np.linspace(0, 12, n)
    places = np.column_stack([turn * np.cos(turn), turn * np.sin(turn), turn])[:, :dims].astype(np.float32)
    model = ModelRef(errand.request.model.project, errand.request.model.run, version or errand.request.model.version)
    result = Projected(model, method, dims, places, params={"perplexity": 30.0}, note=note)
    errand.answer(result)
    return result


def lists(box: QComboBox) -> dict[str, bool]:
    model = box.model()
    return {box.itemText(i): model.item(i).isEnabled() for i in range(box.count())}


# Axes and principal components


def test_pca_shows_the_directions_of_most_variance_and_is_exact_under_the_hand(make_panel: Make, drag: Drag) -> None:
    codes = cloud()
    panel = make_panel(codes)
    canvas, controller = panel.canvas, panel.controller
    choose(panel.header.view_box, "PCA")
    plane = controller.outlook.plane
    assert isinstance(plane, LinearPlane)
    np.testing.assert_allclose(np.column_stack([canvas.points.x, canvas.points.y]), plane.project(codes))
    assert not panel.header.x_box.isVisible()
    controller.hand.place_on(6)
    across = codes[6] - plane.lift(np.zeros(2), codes[6])
    start = canvas.handle_px()
    drag(canvas, [start, (start[0] + 33, start[1] - 21)])
    z = controller.hand.z
    assert canvas.view.to_px(*plane.project(z[None])[0]) == pytest.approx((round(start[0] + 33), round(start[1] - 21)))
    residual = z - plane.lift(np.zeros(2), z)
    # What is across the plane is held: only the part within it differs.
    within = (residual - across) @ np.linalg.pinv(plane.vectors) @ plane.vectors
    np.testing.assert_allclose(residual - across, within, atol=1e-9)
    assert not canvas.moving.handle.approximate


def test_the_view_comes_back_with_its_run(make_panel: Make) -> None:
    panel = make_panel(cloud())
    outlook = panel.controller.outlook
    choose(panel.header.view_box, "PCA")
    run = panel.workspace.project.add_run(replace_run(panel.workspace.run))
    panel.workspace.project.write_snapshot(run.id, b"w", cloud() + 1, run.history)
    panel.workspace._reload()
    panel.workspace.activate_run(run.id)
    assert isinstance(outlook.plane, AxisPlane)
    assert panel.header.view_box.currentText() == "Axes"
    panel.workspace.activate_run(1)
    assert isinstance(outlook.plane, LinearPlane)
    assert panel.header.view_box.currentText() == "PCA"


def replace_run(run: Any) -> Any:
    return msgspec.structs.replace(run, id=0, version=0)


def test_training_moves_the_principal_axes_along_without_flipping(make_panel: Make) -> None:
    codes = cloud()
    panel = make_panel(codes, status="training")
    choose(panel.header.view_box, "PCA")
    before = panel.controller.outlook.plane
    view = panel.canvas.view
    note(panel, codes * 1.02, 2)
    after = panel.controller.outlook.plane
    assert (np.sum(before.vectors * after.vectors, axis=1) > 0.99).all()
    np.testing.assert_allclose(panel.canvas.points.x, after.project(codes * np.float32(1.02))[:, 0], rtol=1e-5)
    assert panel.canvas.view == view


def note(panel: MapPanel, codes: np.ndarray, version: int) -> None:
    epoch = Epoch(version, {"loss": 1.0}, {}, 0.1)
    panel.workspace.note_epoch(EpochUpdate(run=1, epoch=epoch, total_epochs=9, version=version, codes=codes))


@pytest.mark.parametrize(("dims", "space"), [(1, False), (2, False), (3, True)])
def test_what_cannot_be_shown_is_greyed_with_its_reason(make_panel: Make, dims: int, space: bool) -> None:
    panel = make_panel(cloud(dims=dims))
    header = panel.header
    assert header.space.isEnabled() is space
    assert lists(header.view_box) == {"Axes": True, "PCA": space, "t-SNE": space, "UMAP": space}
    if not space:
        number = "one number" if dims == 1 else "two numbers"
        assert header.space.toolTip() == f"A code of {number} has no third dimension."
        assert header.view_box.itemData(1, Qt.ItemDataRole.ToolTipRole) == f"A code of {number} is its own map."


def test_a_layout_needs_a_few_samples(make_panel: Make) -> None:
    panel = make_panel(cloud(4))
    assert lists(panel.header.view_box) == {"Axes": True, "PCA": True, "t-SNE": False, "UMAP": False}
    panel.controller.outlook.choose(View("tsne"))
    assert panel.controller.outlook.work is None


# Layouts


def test_a_layout_is_made_beside_the_map_which_stays_of_use(make_panel: Make, drag: Drag) -> None:
    codes = cloud()
    panel = make_panel(codes)
    canvas, controller = panel.canvas, panel.controller
    choose(panel.header.view_box, "t-SNE")
    assert panel.header.view_box.currentText() == "Axes", "until it is here, the box says what is shown"
    np.testing.assert_array_equal(canvas.points.x, codes[:, 0])
    errand = controller.jobs.errands[-1]
    assert panel.note.text == "t-SNE of 60 codes"
    assert panel.note.bar.maximum() == 0, "nobody knows yet how far it is"
    errand.calls["on_progress"](0.25, "", None, 9.0)
    assert panel.note.text == "t-SNE of 60 codes · 9 s left"
    assert panel.note.bar.value() == 250
    start = canvas.handle_px()
    drag(canvas, [start, (start[0] + 20, start[1] + 9)])
    assert controller.hand.z[:2] == pytest.approx(canvas.view.to_data(round(start[0] + 20), round(start[1] + 9)))
    result = laid_out(panel)
    assert panel.header.view_box.currentText() == "t-SNE"
    np.testing.assert_array_equal(np.column_stack([canvas.points.x, canvas.points.y]), result.coordinates)
    assert panel.note.text == ""
    assert canvas.still.axes.names == ("t-SNE 1", "t-SNE 2")


def test_a_layout_is_approximate_under_the_hand_and_says_so(make_panel: Make, drag: Drag) -> None:
    panel = make_panel(cloud())
    canvas, hand = panel.canvas, panel.controller.hand
    choose(panel.header.view_box, "t-SNE")
    places = laid_out(panel).coordinates
    assert canvas.moving.handle.approximate
    assert panel.header.others.text() == "≈ approximate between samples"
    hand.place_on(20)
    np.testing.assert_array_equal(hand.z, panel.workspace.codes[20])
    assert canvas.handle_px() == pytest.approx(canvas.view.to_px(*places[20]))
    start = canvas.handle_px()
    drag(canvas, [start, (start[0] + 16, start[1] + 4)])
    plane = panel.controller.outlook.plane
    place = np.array(canvas.view.to_data(round(start[0] + 16), round(start[1] + 4)))
    assert hand.place == pytest.approx(place), "the handle stays under the hand"
    np.testing.assert_allclose(hand.z, plane.lift(place, np.zeros(5)))
    low, high = panel.workspace.codes.min(axis=0), panel.workspace.codes.max(axis=0)
    assert ((hand.z >= low) & (hand.z <= high)).all(), "a mix of samples is never beyond all of them"
    choose(panel.header.view_box, "Axes")
    assert not canvas.moving.handle.approximate
    np.testing.assert_allclose(hand.place, hand.z[:2])


def test_the_button_in_the_note_cancels(make_panel: Make) -> None:
    panel = make_panel(cloud())
    choose(panel.header.view_box, "UMAP")
    errand = panel.controller.jobs.errands[-1]
    QTest.mouseClick(panel.note.button, LEFT)
    assert errand.cancelled
    assert panel.note.text == ""
    errand.answer("late")
    assert panel.header.view_box.currentText() == "Axes"


def test_another_choice_gives_up_the_layout(make_panel: Make) -> None:
    panel = make_panel(cloud())
    choose(panel.header.view_box, "UMAP")
    first = panel.controller.jobs.errands[-1]
    choose(panel.header.view_box, "t-SNE")
    assert first.cancelled
    second = panel.controller.jobs.errands[-1]
    choose(panel.header.view_box, "Axes")
    assert second.cancelled
    assert panel.controller.outlook.work is None


def test_a_failure_is_told_and_the_map_stays(make_panel: Make) -> None:
    panel = make_panel(cloud())
    told: list[Exception] = []
    panel.controller.failed.connect(told.append)
    choose(panel.header.view_box, "t-SNE")
    reason = ValueError("no")
    panel.controller.jobs.errands[-1].calls["on_error"](reason)
    assert told == [reason]
    assert panel.controller.outlook.work is None
    assert isinstance(panel.controller.outlook.plane, AxisPlane)


def test_a_layout_is_kept_and_comes_back(make_panel: Make) -> None:
    panel = make_panel(cloud())
    choose(panel.header.view_box, "t-SNE")
    result = laid_out(panel, note="3 were placed")
    choose(panel.header.view_box, "Axes")
    asked = len(panel.controller.jobs.errands)
    choose(panel.header.view_box, "t-SNE")
    assert len(panel.controller.jobs.errands) == asked, "it need not be made again"
    from explorer.gui.outlook import Outlook

    again = Outlook(panel.controller)  # as when the project is opened again
    assert again.view == View("tsne")
    assert isinstance(again.plane, NeighbourPlane)
    np.testing.assert_array_equal(again.plane.coordinates, result.coordinates)
    assert again.layout.params == {"perplexity": 30.0}


def test_a_layout_of_an_earlier_epoch_is_told_and_made_anew_at_a_press(make_panel: Make) -> None:
    codes = cloud()
    panel = make_panel(codes, status="training")
    note(panel, codes, 2)
    choose(panel.header.view_box, "t-SNE")
    laid_out(panel, version=2)
    assert panel.note.text == "refreshes while it trains"
    note(panel, codes * 1.1, 3)
    assert panel.note.text == "t-SNE of epoch 2: the run has trained on since"
    plane = panel.controller.outlook.plane
    np.testing.assert_allclose(plane.codes, codes * np.float32(1.1))
    QTest.mouseClick(panel.note.button, LEFT)
    assert panel.note.text.startswith("t-SNE of 60 codes")
    laid_out(panel, version=3)
    assert panel.note.text == "refreshes while it trains"
    assert panel.controller.outlook.layout.epoch == 3


def test_the_settings_of_a_layout_unfold_and_ask_to_run_again(make_panel: Make) -> None:
    panel = make_panel(cloud())
    header, outlook, jobs = panel.header, panel.controller.outlook, panel.controller.jobs
    assert header.settings.isHidden(), "the axes have none"
    choose(header.view_box, "t-SNE")
    QTest.mouseClick(header.settings, LEFT)
    card = panel._settings
    assert card is not None and card.isVisible() and not panel.note.text
    assert card.words.text().startswith("Being laid out") and card.button.text() == "Cancel"
    result = laid_out(panel)
    assert card.isVisible() and card.words.text() == "" and card.button.text() == "Lay out again"
    field = card.form.field("perplexity").editor
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7")
    assert card.words.text() == "Settings changed, run again."
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not card.isVisible() and not header.settings.isChecked()
    assert panel.note.text == "Settings changed, run again"
    assert np.array_equal(panel.canvas.points.x, result.coordinates[:, 0].astype(float)), "until then it stays"
    QTest.mouseClick(panel.note.button, LEFT)
    assert jobs.errands[-1].request.params == {"perplexity": 7.0}
    # Of few codes a neighbourhood is smaller than was asked for: the form says so, and nothing is asked again.
    jobs.errands[-1].answer(msgspec.structs.replace(result, params={"perplexity": 6.5}))
    assert outlook.layout.params == {"perplexity": 6.5} and not outlook.params_differ
    QTest.mouseClick(header.settings, LEFT)
    assert card.form.values() == {"perplexity": 6.5} and card.words.text() == ""
    choose(header.view_box, "Axes")
    assert header.settings.isHidden() and card.isHidden()


def test_settings_of_a_layout_that_do_not_fit_are_told_and_not_taken(make_panel: Make) -> None:
    panel = make_panel(cloud())
    choose(panel.header.view_box, "UMAP")
    QTest.mouseClick(panel.header.settings, LEFT)
    laid_out(panel, method="umap")
    card = panel._settings
    field = card.form.field("neighbours").editor
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0")
    assert not card.button.isEnabled()
    assert panel.controller.outlook.params("umap") == {}
    panel.header.settings.setChecked(False)
    QTest.mouseClick(panel.header.settings, LEFT)
    assert not card.button.isEnabled(), "it stands as it was typed"


def test_a_layout_that_comes_when_another_run_is_shown_is_kept_for_its_own(make_panel: Make) -> None:
    panel = make_panel(cloud())
    choose(panel.header.view_box, "t-SNE")
    run = panel.workspace.project.add_run(replace_run(panel.workspace.run))
    panel.workspace.project.write_snapshot(run.id, b"w", cloud() + 1, run.history)
    panel.workspace._reload()
    panel.workspace.activate_run(run.id)
    assert panel.note.text == ""
    laid_out(panel)
    assert panel.header.view_box.currentText() == "Axes"
    panel.workspace.activate_run(1)
    choose(panel.header.view_box, "t-SNE")
    assert panel.header.view_box.currentText() == "t-SNE"


@pytest.mark.parametrize(
    "kept",
    [
        7, {"method": "tsne", "dims": 2, "axes": [0, 1, 2]}, {"method": "axes", "dims": 2, "axes": [0, 9, 2]},
        {"method": "else", "dims": 2, "axes": [0, 1, 2]}, {"method": "axes", "dims": 4, "axes": [0, 1, 2]},
        {"method": "axes", "dims": 3, "axes": [0, 0, 2]}, {"method": "pca", "dims": 2, "axes": "abc"},
    ],
)  # fmt: skip
def test_a_strange_project_shows_the_first_two_coordinates(make_panel: Make, kept: Any) -> None:
    from explorer.gui.outlook import Outlook

    panel = make_panel(cloud())
    panel.workspace.project.set_state("map_view:1", kept)
    outlook = Outlook(panel.controller)
    assert outlook.view == View()
    assert outlook.plane.axes == (0, 1)


# Three dimensions


def test_three_dimensions_are_one_press_away_and_turn(make_panel: Make, drag: Drag) -> None:
    codes = cloud()
    panel = make_panel(codes)
    canvas, outlook = panel.canvas, panel.controller.outlook
    QTest.mouseClick(panel.header.space, LEFT)
    assert canvas.turning.active
    assert outlook.plane.axes == (0, 1, 2)
    assert panel.header.z_box.isVisible()
    before = canvas.turning.camera.rotation
    middle = (canvas.width() / 2, canvas.height() / 2)
    drag(canvas, [middle, (middle[0] + 60, middle[1] + 10)], button=Qt.MouseButton.RightButton)
    assert not np.allclose(canvas.turning.camera.rotation, before)
    kept = panel.workspace.project.get_state("map_view:1")["camera"]
    np.testing.assert_array_equal(kept, canvas.turning.camera.rotation)
    choose(panel.header.z_box, "z5")
    assert outlook.plane.axes == (0, 1, 4)
    choose(panel.header.x_box, "z5")
    assert outlook.plane.axes == (4, 1, 0), "the axes change places"
    QTest.mouseClick(panel.header.space, LEFT)
    assert not canvas.turning.active
    assert outlook.plane.axes == (4, 1)


def test_a_drag_in_space_moves_the_code_in_the_screens_plane_and_decodes_it(make_panel: Make, drag: Drag) -> None:
    codes = cloud()
    panel = make_panel(codes)
    canvas, hand = panel.canvas, panel.controller.hand
    QTest.mouseClick(panel.header.space, LEFT)
    hand.place_on(9)
    start = canvas.handle_px()
    drag(canvas, [start, (start[0] + 30, start[1] - 18)])
    moved = hand.z - codes[9]
    np.testing.assert_array_equal(moved[3:], 0)
    right, up, near = canvas.turning.camera.rotation @ moved[:3]
    scale = canvas.view.sx
    # A mouse stands on whole pixels; the handle was in between.
    assert (right * scale, -up * scale) == pytest.approx((30, -18), abs=1.01)
    assert near == pytest.approx(0, abs=1e-9)
    task, request = panel.controller.jobs.asked[-1]
    assert task == "decode"
    np.testing.assert_array_equal(request.z, hand.z)


def test_a_layout_in_space_keeps_its_depth_under_the_hand(make_panel: Make, drag: Drag) -> None:
    panel = make_panel(cloud())
    canvas, hand = panel.canvas, panel.controller.hand
    panel.controller.outlook.choose(View("umap", 3))
    laid_out(panel, 3, method="umap")
    assert canvas.turning.active
    assert panel.note.text == ""
    hand.place_on(12)
    before = hand.place
    start = canvas.handle_px()
    drag(canvas, [start, (start[0] + 14, start[1] + 8)])
    near = canvas.turning.camera.rotation[2]
    assert near @ hand.place == pytest.approx(near @ before)
    assert canvas.handle_px() == pytest.approx((round(start[0] + 14), round(start[1] + 8)))


def test_the_view_in_space_comes_back_as_it_was_turned(make_panel: Make) -> None:
    panel = make_panel(cloud())
    QTest.mouseClick(panel.header.space, LEFT)
    QTest.keyClick(panel.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    turned = panel.canvas.turning.camera.rotation
    run = panel.workspace.project.add_run(replace_run(panel.workspace.run))
    panel.workspace.project.write_snapshot(run.id, b"w", cloud() + 1, run.history)
    panel.workspace._reload()
    panel.workspace.activate_run(run.id)
    assert not panel.canvas.turning.active
    panel.workspace.activate_run(1)
    assert panel.canvas.turning.active
    np.testing.assert_array_equal(panel.canvas.turning.camera.rotation, turned)


def test_what_is_exported_is_what_is_seen(make_panel: Make) -> None:
    panel = make_panel(cloud())
    QTest.mouseClick(panel.header.space, LEFT)
    panel.controller.exporter.map_view = panel.seen
    _, content = panel.controller.exporter._content("map")
    assert content["axis_names"] == ["z1", "z2", "z3"]
    np.testing.assert_array_equal(content["camera"], panel.canvas.turning.camera.rotation)
    np.testing.assert_allclose(content["handle"], panel.controller.hand.z[:3])
    seen = panel.canvas.view.bounds
    assert content["view"] == [seen.x0, seen.x1, seen.y0, seen.y1]


# The bar


def test_a_narrow_bar_gives_up_words_before_choices(make_panel: Make) -> None:
    panel = make_panel(cloud())
    panel.workspace.select(range(30))
    header = panel.header
    QTest.mouseClick(header.space, LEFT)
    panel.resize(1100, 500)
    assert header.showing.isVisible()
    panel.resize(520, 500)
    assert not header.showing.isVisible()
    for widget in (header.view_box, header.x_box, header.z_box, header.space, header.clear):
        assert widget.isVisible()
        assert widget.geometry().right() <= header.width()


def test_boxes_that_were_shown_empty_are_no_wider_than_their_entries(make_panel: Make) -> None:
    panel = make_panel(status="training", version=0)  # the codes come when the bar has long been shown
    panel.grab()
    epoch = Epoch(1, {"loss": 1.0}, {}, 0.1)
    panel.workspace.note_epoch(EpochUpdate(run=1, epoch=epoch, total_epochs=9, version=1, codes=cloud(40)))
    panel.grab()
    for box in (panel.header.x_box, panel.header.y_box):
        assert box.isVisible()
        assert box.width() == box.sizeHint().width()


def test_every_control_of_the_views_has_a_name_and_a_tip(make_panel: Make) -> None:
    panel = make_panel(cloud())
    QTest.mouseClick(panel.header.space, LEFT)
    panel.controller.outlook.choose(View("tsne"))
    controls: list[QWidget] = [*panel.findChildren(QComboBox), *panel.findChildren(QAbstractButton)]
    named = [c for c in controls if c.isVisible() and c.objectName() != "qt_spinbox_lineedit"]
    assert {"map_space", "map_view", "map_note_button", "map_tool_turn", "map_tool_orbit", "map_tool_front"} <= {
        control.objectName() for control in named
    }
    for control in named:
        assert control.objectName(), control
        assert control.accessibleName(), control.objectName()
        assert control.toolTip(), control.objectName()
    panel.controller.outlook.cancel()


def test_with_axis_swaps() -> None:
    assert View(axes=(0, 1, 2)).with_axis(0, 5).axes == (5, 1, 2)
    assert View(axes=(0, 1, 2)).with_axis(2, 0).axes == (2, 1, 0)
    assert replace(View(), dims=3).with_axis(1, 2).axes == (0, 2, 1)


def test_the_note_lets_the_mouse_through_where_it_has_no_button(make_panel: Make) -> None:
    panel = make_panel(np.ones((12, 2), np.float32))
    assert panel.note.isVisible()
    assert panel.note.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert panel.note.geometry().contains(QPoint(panel.canvas.width() // 2, panel.note.geometry().center().y()))
