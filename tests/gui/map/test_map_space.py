"""A map of three coordinates under a real mouse and real keys, and how it is drawn."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from explorer.analysis.camera import Camera, Stage
from explorer.gui.map import turning
from explorer.gui.map.canvas import MapCanvas
from explorer.gui.map.colours import Colouring
from explorer.gui.map.splats import LEVELS, Splats, plan
from explorer.gui.theme import theme

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE, ALT, SHIFT = (getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("No", "Alt", "Shift"))
Drag = Callable[..., None]


@pytest.fixture
def space(canvas: MapCanvas) -> MapCanvas:
    """The canvas with 200 points in space, seen from the front, and a handle off the middle."""
    points = np.random.default_rng(2).normal(size=(200, 3)) * [1, 2, 3]
    canvas.set_space(points, ("u", "v", "w"), camera=Camera.front())
    canvas.set_handle(np.array([0.3, -0.4, 1.0]))
    return canvas


def points_of(canvas: MapCanvas) -> np.ndarray:
    return np.random.default_rng(2).normal(size=(200, 3)) * [1, 2, 3]


def middle(canvas: MapCanvas) -> tuple[float, float]:
    return canvas.width() / 2 + 40, canvas.height() - 60


def rotation(canvas: MapCanvas) -> np.ndarray:
    return canvas.turning.camera.rotation


# Turning


@pytest.mark.parametrize(
    ("button", "keys", "tool"), [(RIGHT, NONE, "decode"), (LEFT, ALT, "box"), (LEFT, NONE, "turn")]
)
def test_a_drag_turns_what_is_near_along_with_the_hand(
    space: MapCanvas, drag: Drag, button: Qt.MouseButton, keys: Qt.KeyboardModifier, tool: Any
) -> None:
    space.set_tool(tool)
    told: list[None] = []
    space.camera_changed.connect(lambda: told.append(None))
    x, y = middle(space)
    drag(space, [(x, y), (x + 50, y), (x + 50, y - 20)], button, keys)
    angle = 50 / (space.turning.stage.radius * space.view.sx)
    expected = Camera.front().turned(angle, 0).turned(0, -20 * angle / 50)
    np.testing.assert_allclose(rotation(space), expected.rotation, atol=1e-12)
    seen = expected.view(space.turning.stage.put(points_of(space)))
    np.testing.assert_allclose(np.column_stack([space.points.x, space.points.y]), seen[:, :2])
    assert told == [None], "once, when it rests"
    assert not space.points.hurried


def test_the_view_stays_while_it_turns(space: MapCanvas, drag: Drag) -> None:
    view = space.view
    x, y = middle(space)
    drag(space, [(x, y), (x - 90, y - 70)], RIGHT)
    assert space.view == view
    seen = np.hypot(space.points.x, space.points.y).max()
    assert seen <= space.turning.stage.radius + 1e-9


def test_the_middle_button_still_pans(space: MapCanvas, drag: Drag) -> None:
    before, view = rotation(space), space.view
    x, y = middle(space)
    drag(space, [(x, y), (x + 30, y - 12)], MIDDLE)
    np.testing.assert_array_equal(rotation(space), before)
    assert space.view == view.panned(30, -12)


def test_a_flat_map_does_not_turn(canvas: MapCanvas, drag: Drag) -> None:
    view = canvas.view
    drag(canvas, [(400, 300), (430, 290)], RIGHT)
    assert canvas.view == view.panned(30, -10)
    QTest.keyClick(canvas, Qt.Key.Key_T)
    assert canvas.tool == "decode"
    assert not canvas.findChild(QToolButton, "map_tool_turn").isVisible()


@pytest.mark.parametrize(("key", "turn"), [("Left", (-1, 0)), ("Right", (1, 0)), ("Up", (0, -1)), ("Down", (0, 1))])
def test_alt_and_arrows_turn(space: MapCanvas, key: str, turn: tuple[int, int]) -> None:
    QTest.keyClick(space, getattr(Qt.Key, f"Key_{key}"), ALT)
    step = math.radians(5)
    np.testing.assert_allclose(rotation(space), Camera.front().turned(turn[0] * step, turn[1] * step).rotation)
    QTest.keyClick(space, getattr(Qt.Key, f"Key_{key}"), ALT | SHIFT)
    np.testing.assert_allclose(rotation(space), Camera.front().turned(turn[0] * 5 * step, turn[1] * 5 * step).rotation)


def test_keys_roll_and_bring_back_the_first_view(space: MapCanvas) -> None:
    QTest.keyClick(space, Qt.Key.Key_Comma)
    np.testing.assert_allclose(rotation(space), Camera.front().turned(0, 0, math.radians(5)).rotation)
    QTest.keyClick(space, Qt.Key.Key_Period)
    np.testing.assert_allclose(rotation(space), np.eye(3), atol=1e-12)
    QTest.keyClick(space, Qt.Key.Key_R)
    np.testing.assert_array_equal(rotation(space), Camera.start().rotation)
    QTest.keyClick(space, Qt.Key.Key_T)
    assert space.tool == "turn"


# What the hand does in space


def test_the_handle_is_dragged_in_the_screens_plane(space: MapCanvas, drag: Drag) -> None:
    space.turning.turn(0.6, 0.3)
    space.settle()
    told: list[np.ndarray] = []
    space.handle_moved.connect(told.append)
    start = space.handle_px()
    drag(space, [start, (start[0] + 25, start[1] + 31)])
    assert space.handle_px() == pytest.approx((round(start[0] + 25), round(start[1] + 31)))
    stage, camera = space.turning.stage, space.turning.camera
    before, after = camera.view(stage.put(np.stack([[0.3, -0.4, 1.0], told[-1]])))
    assert after[2] == pytest.approx(before[2])
    assert space.view.to_px(after[0], after[1]) == pytest.approx(space.handle_px())


def test_the_handle_stays_on_its_place_while_the_map_turns(space: MapCanvas) -> None:
    told: list[np.ndarray] = []
    space.handle_moved.connect(told.append)
    space.turning.turn(0.5, 0.1)
    x, y, _ = space.turning.camera.view(space.turning.stage.put(np.array([[0.3, -0.4, 1.0]])))[0]
    assert space.handle_px() == pytest.approx(space.view.to_px(x, y))
    assert not told, "turning moves no code"


def test_arrows_nudge_the_handle_across_the_screen(space: MapCanvas) -> None:
    told: list[np.ndarray] = []
    space.handle_moved.connect(told.append)
    space.turning.turn(math.pi / 2, 0)  # now what was far is at the right
    QTest.keyClick(space, Qt.Key.Key_Right)
    step = 4 / space.view.sx
    np.testing.assert_allclose(told[0] - [0.3, -0.4, 1.0], space.turning.camera.rotation[0] * step, atol=1e-12)


def test_boxes_select_what_is_seen_in_them(space: MapCanvas, drag: Drag) -> None:
    space.turning.turn(0.9, -0.4)
    space.settle()
    space.set_tool("box")
    chosen: list[np.ndarray] = []
    space.selection_asked.connect(chosen.append)
    px, py = space.view.to_px(space.points.x, space.points.y)
    x, y = space.width() / 2 - 70, space.height() / 2 - 90
    drag(space, [(x, y), (x + 160, y + 70)])
    inside = (px >= round(x)) & (px <= round(x + 160)) & (py >= round(y)) & (py <= round(y + 70))
    assert 0 < inside.sum() < 200
    assert chosen[-1].tolist() == np.flatnonzero(inside).tolist()


def test_of_discs_that_lie_over_each_other_the_foremost_is_meant(space: MapCanvas) -> None:
    points = np.array([[0.0, 0.0, -1.0], [0.001, 0.0, 1.0], [3.0, 3.0, 0.0], [-3.0, -3.0, 0.0]])
    space.set_space(points, ("u", "v", "w"), camera=Camera.front())
    px, py = space.view.to_px(space.points.x, space.points.y)
    assert space.point_at(px[0], py[0], 8) == 1
    assert space.point_at(px[2] + 7, py[2], 8) == 2
    space.turning.turn(math.pi, 0)
    px, py = space.view.to_px(space.points.x, space.points.y)
    assert space.point_at(px[1], py[1], 8) == 0, "seen from behind, the other"


def test_one_scale_or_each_axis_its_own(space: MapCanvas) -> None:
    assert np.ptp(space.points.x) < 0.7 * np.ptp(space.points.y)
    QTest.mouseClick(space.findChild(QToolButton, "map_tool_equal"), LEFT)
    assert np.ptp(space.points.x) == pytest.approx(np.ptp(space.points.y)) == pytest.approx(2)
    x, y = space.turning.at(np.array([0.3, -0.4, 1.0]))
    assert space.handle_px() == pytest.approx(space.view.to_px(x, y))


def test_going_back_to_a_flat_map_puts_the_tools_away(space: MapCanvas) -> None:
    space.set_tool("turn")
    space.tools.show_orbiting(True)
    space.set_points(np.zeros(3), np.arange(3.0), ("z1", "z2"))
    assert space.tool == "decode"
    assert not space.turning.active
    assert not space.turning.orbiting
    assert not space.findChild(QToolButton, "map_tool_orbit").isVisible()
    assert space.points.depth is None


def test_points_that_train_on_keep_the_stage_until_they_outgrow_it(space: MapCanvas) -> None:
    stage = space.turning.stage
    space.set_space(points_of(space) * 1.05, ("u", "v", "w"), anew=False)
    assert space.turning.stage is stage
    space.set_space(points_of(space) * 2, ("u", "v", "w"), anew=False)
    assert space.turning.stage.radius == pytest.approx(2 * stage.radius)


# By itself


def test_it_turns_by_itself_only_when_told_and_stands_for_the_pointer(
    space: MapCanvas, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turning, "_PAUSE", 0.15)
    still = rotation(space)
    qtbot.wait(60)
    np.testing.assert_array_equal(rotation(space), still)
    QTest.mouseClick(space.findChild(QToolButton, "map_tool_orbit"), LEFT)
    qtbot.waitUntil(lambda: not np.allclose(rotation(space), still), timeout=3000)
    # The vertical axis stays upright.
    assert rotation(space)[1] == pytest.approx([0, 1, 0])
    QTest.mouseMove(space, QPoint(round(middle(space)[0]), round(middle(space)[1])))
    stands = rotation(space)
    qtbot.wait(60)
    np.testing.assert_array_equal(rotation(space), stands)
    assert not space.points.hurried, "while it stands it is drawn exactly"
    qtbot.waitUntil(lambda: not np.allclose(rotation(space), stands), timeout=3000)
    QTest.keyClick(space, Qt.Key.Key_O)
    stands = rotation(space)
    qtbot.wait(60)
    np.testing.assert_array_equal(rotation(space), stands)


def test_it_stands_while_the_hand_drags(space: MapCanvas, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turning, "_PAUSE", 0.0)
    space.tools.show_orbiting(True)
    start = space.handle_position().toPoint()
    QTest.mousePress(space, LEFT, NONE, start)
    stands = rotation(space)
    qtbot.wait(80)
    np.testing.assert_array_equal(rotation(space), stands)
    QTest.mouseRelease(space, LEFT, NONE, start)
    space.tools.show_orbiting(False)


def test_it_does_not_turn_unseen_nor_where_less_motion_is_asked_for(
    space: MapCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    space.tools.show_orbiting(True)
    assert space.turning._timer.isActive()
    space.hide()
    assert not space.turning._timer.isActive()
    space.show()
    assert space.turning._timer.isActive()
    space.tools.show_orbiting(False)
    monkeypatch.setattr(turning, "reduced_motion", lambda: True)
    space.turning.set_orbiting(True)
    assert not space.turning.orbiting


# Looks


def test_the_names_of_the_axes_are_drawn_where_they_point(space: MapCanvas) -> None:
    rect = space.still.scene.tripod_rect(space.view)
    before = space.grab(rect.toAlignedRect()).toImage()
    space.turning.turn(0.8, 0.5)
    assert space.grab(rect.toAlignedRect()).toImage() != before
    # From the front the first axis points to the right: its arm is drawn there, in the text's colour.
    space.set_space(points_of(space), ("u", "v", "w"), camera=Camera.front())
    image = space.grab().toImage()
    arm = rect.center() + QPointF(20, 0)
    near = [image.pixelColor(arm.toPoint() + QPoint(0, dy)) for dy in (-1, 0, 1)]
    assert min(colour.lightness() for colour in near) < 0.6 * QColor(theme().palette.field).lightness()


def test_near_discs_are_larger_and_lie_over_far_ones() -> None:
    splats = Splats(np.array([[255, 0, 0], [0, 0, 255]], dtype=np.uint8), np.array([255, 255, 255]))

    def drawn(depth: list[float], keys: list[int], x: list[float]) -> np.ndarray:
        image = np.zeros((40, 80), dtype=np.uint32)
        places = np.array(x), np.full(len(x), 20.0)
        splats.draw(image, places, np.array(depth), np.array(keys), 4.0)
        return image

    near, far = (np.count_nonzero(drawn([depth], [0], [20.0])) for depth in (0.99, -0.99))
    assert near > 1.8 * far
    for keys in ([0, 1], [1, 0]):
        front = drawn([0.9, -0.9], keys, [20.0, 20.0])[20, 20]
        colour = (front >> 16 & 255, front >> 8 & 255, front & 255)
        assert colour == ((255, 0, 0) if keys[0] == 0 else (0, 0, 255)), "the near one, in full colour"
    faded = drawn([-0.99], [0], [20.0])[20, 20]
    assert faded >> 8 & 255 > 120, "a far one fades into the ground"


def test_discs_are_where_they_are_told_to_within_a_part_of_a_pixel() -> None:
    splats = Splats(np.array([[0, 0, 0]], dtype=np.uint8), np.array([255, 255, 255]))
    for x, y in ((20.0, 20.0), (20.5, 20.25), (20.9, 19.6)):
        image = np.zeros((40, 40), dtype=np.uint32)
        splats.draw(image, (np.array([x]), np.array([y])), np.zeros(1), np.zeros(1, np.intp), 4.0)
        ink = np.where(image > 0, 255 - (image & 255).astype(float), 0)
        rows, columns = np.mgrid[:40, :40] + 0.5
        assert (ink * columns).sum() / ink.sum() == pytest.approx(x, abs=0.2)
        assert (ink * rows).sum() / ink.sum() == pytest.approx(y, abs=0.2)


def test_discs_at_the_edge_and_beyond_it_and_nowhere() -> None:
    splats = Splats(np.array([[0, 0, 0]], dtype=np.uint8), np.array([255, 255, 255]))
    image = np.zeros((30, 30), dtype=np.uint32)
    x = np.array([0.0, 29.9, -500.0, np.nan, 15.0, 1e300])
    splats.draw(image, (x, np.full(6, 15.0)), np.array([0, 0, 0, 0, np.nan, 0]), np.zeros(6, np.intp), 3.0)
    assert image[15, 0] and image[15, 29]
    assert not image[:, 8:22].any(), "what wraps around, or is nowhere, is not drawn"


def test_every_level_of_depth_is_drawn() -> None:
    splats = Splats(np.array([[0, 0, 0]], dtype=np.uint8), np.array([255, 255, 255]))
    image = np.zeros((20, 40 * LEVELS), dtype=np.uint32)
    x = 20.0 + 40 * np.arange(LEVELS)
    splats.draw(image, (x, np.full(LEVELS, 10.0)), np.linspace(-1, 1, LEVELS), np.zeros(LEVELS, np.intp), 4.0)
    areas = [np.count_nonzero(image[:, 40 * i : 40 * i + 40]) for i in range(LEVELS)]
    assert (np.diff(areas) > 0).all(), areas


def test_a_plan_for_every_number_of_points() -> None:
    for ratio in (1.0, 1.5, 2.0):
        radii = [plan(n, 4.0, ratio)[0] for n in (10, 1000, 20_000, 100_000, 2_000_000)]
        assert all(a >= b > 0 for a, b in itertools.pairwise(radii))
    assert plan(20_000, 3.0, 1.0)[3] == 1, "all are drawn while it turns"
    assert plan(1_000_000, 3.0, 1.0)[3] > 30


def test_a_frame_of_a_turning_map_is_quick(canvas: MapCanvas) -> None:
    """Twenty thousand points, turned and painted: well within a frame, by the quickest of many."""
    rng = np.random.default_rng(0)
    n = 20_000
    canvas.set_colouring(Colouring("class", "label", rng.integers(0, 10, n), tuple("abcdefghij")))
    canvas.set_space(rng.normal(size=(n, 3)), ("u", "v", "w"))
    canvas.set_colouring(Colouring("class", "label", rng.integers(0, 10, n), tuple("abcdefghij")))
    times = []
    for _ in range(25):
        start = time.perf_counter()
        canvas.turning.turn(0.02, 0.01)
        canvas.repaint()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.016, f"{1000 * min(times):.1f} ms"


def test_a_stage_of_points_that_are_no_numbers(canvas: MapCanvas) -> None:
    points = np.full((20, 3), np.nan)
    canvas.set_space(points, ("u", "v", "w"))
    assert not canvas.has_points
    canvas.grab()
    points[3] = 1
    canvas.set_space(points, ("u", "v", "w"))
    assert canvas.has_points
    assert canvas.turning.stage.radius == Stage.of(points).radius == 1.0
    canvas.grab()


def test_the_dashed_ring_says_approximate(space: MapCanvas) -> None:
    plain = space.grab().toImage()
    space.set_approximate(True)
    assert space.grab().toImage() != plain
    space.set_approximate(False)
    assert space.grab().toImage() == plain
