"""A real mouse and real keys on the canvas."""

from __future__ import annotations

import gc
import math
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from explorer.gui.map.canvas import MapCanvas
from explorer.gui.map.colours import Colouring
from explorer.gui.map.legend import ticks
from explorer.gui.map.moving import HINT
from explorer.gui.map.points import BUDGET, PointsLayer
from explorer.gui.map.view import Bounds, Frame, MapView
from explorer.gui.pixels import image_of
from explorer.gui.theme import theme

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CONTROL, SHIFT, ALT = (getattr(Qt.KeyboardModifier, f"{k}Modifier") for k in ("Control", "Shift", "Alt"))
Drag = Callable[..., None]


def at(canvas: MapCanvas, index: int) -> QPoint:
    """Return the pixel of a sample."""
    px, py = canvas.view.to_px(canvas.points.x[index], canvas.points.y[index])
    return QPoint(round(px), round(py))


def lonely(canvas: MapCanvas) -> int:
    """Return a sample in view that has no other, nor the handle or a button, near it."""
    px, py = canvas.view.to_px(canvas.points.x, canvas.points.y)
    for i in range(len(px)):
        away = np.sort(np.hypot(px - px[i], py - py[i]))[1]
        clear = canvas.childAt(at(canvas, i)) is None
        if away > 20 and clear and np.hypot(*(np.array(canvas.handle_px()) - (px[i], py[i]))) > 60:
            return i
    raise AssertionError("no sample stands alone")


def empty_place(canvas: MapCanvas) -> QPoint:
    """Return a pixel of the frame that is far from every sample, from the handle and from the tools."""
    frame = canvas.view.frame
    for y in range(int(frame.bottom) - 20, int(frame.top) + 20, -7):
        for x in range(int(frame.right) - 20, int(frame.left) + 60, -7):
            near = canvas.point_at(x, y, 20) >= 0 or np.hypot(*(np.array(canvas.handle_px()) - (x, y))) < 80
            if not near and canvas.childAt(x, y) is None:
                return QPoint(x, y)
    raise AssertionError("no empty place")


@pytest.fixture
def heard(canvas: MapCanvas) -> dict[str, list[Any]]:
    """Collect what the canvas tells."""
    told: dict[str, list[Any]] = {}
    for name in ("handle_moved", "point_activated", "selection_asked", "hint_done", "tool_changed"):
        told[name] = []
        getattr(canvas, name).connect(lambda *args, name=name: told[name].append(args[0] if args else None))
    canvas.selection_asked.connect(canvas.set_selection)
    return told


# The handle


def test_drag_tells_the_place_under_the_cursor(canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag) -> None:
    start = canvas.handle_position().toPoint()
    path = [(start.x(), start.y())] + [(start.x() + 7 * i, start.y() - 5 * i) for i in range(1, 15)]
    drag(canvas, path)
    expected = [canvas.view.to_data(x, y) for x, y in path[1:]]
    assert np.array(heard["handle_moved"]) == pytest.approx(np.array(expected))
    assert canvas.handle_px() == pytest.approx(path[-1])
    assert not heard["selection_asked"]


def test_a_press_near_the_handle_grabs_it_without_moving_it(
    canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag
) -> None:
    start = canvas.handle_px()
    assert start is not None
    drag(canvas, [(start[0] + 11, start[1] + 11)])
    assert not heard["handle_moved"]
    assert canvas.handle_px() == start


def test_a_press_on_empty_ground_brings_the_handle_and_drags_it(
    canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag
) -> None:
    place = empty_place(canvas)
    drag(canvas, [(place.x(), place.y()), (place.x() - 9, place.y() - 4)])
    assert heard["handle_moved"][0] == pytest.approx(canvas.view.to_data(place.x(), place.y()))
    assert heard["handle_moved"][-1] == pytest.approx(canvas.view.to_data(place.x() - 9, place.y() - 4))


def test_a_drag_that_leaves_the_frame_stays_at_its_edge(
    canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag
) -> None:
    start = canvas.handle_px()
    assert start is not None
    drag(canvas, [start, (5000, -300)])
    frame = canvas.view.frame
    assert canvas.handle_px() == pytest.approx((frame.right, frame.top))


def test_a_drag_that_begins_on_a_point_moves_the_handle(
    canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag
) -> None:
    place = at(canvas, lonely(canvas))
    drag(canvas, [(place.x(), place.y()), (place.x() + 2, place.y()), (place.x() + 14, place.y() + 3)])
    assert len(heard["handle_moved"]) == 1
    assert not heard["selection_asked"]


def test_double_click_puts_the_handle_on_a_sample(canvas: MapCanvas, heard: dict[str, list[Any]]) -> None:
    index = lonely(canvas)
    QTest.mouseDClick(canvas, LEFT, NONE, at(canvas, index))
    assert heard["point_activated"] == [index]


def test_a_second_press_on_empty_ground_is_one_more_press(canvas: MapCanvas, heard: dict[str, list[Any]]) -> None:
    place = empty_place(canvas)
    QTest.mouseDClick(canvas, LEFT, NONE, place)
    assert not heard["point_activated"]
    assert canvas.handle_px() == pytest.approx((place.x(), place.y()))
    QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, LEFT, NONE, place)


def test_the_cursor_says_what_a_press_would_do(canvas: MapCanvas) -> None:
    start = canvas.handle_position().toPoint()
    QTest.mouseMove(canvas, start)
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mousePress(canvas, LEFT, NONE, start)
    assert canvas.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, empty_place(canvas))
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    canvas.set_tool("box")
    QTest.mouseMove(canvas, empty_place(canvas) - QPoint(3, 0))
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor


@pytest.mark.parametrize(("key", "step"), [("Left", (-1, 0)), ("Right", (1, 0)), ("Up", (0, 1)), ("Down", (0, -1))])
def test_arrows_nudge_and_shift_strides(
    canvas: MapCanvas, heard: dict[str, list[Any]], key: str, step: tuple[int, int]
) -> None:
    QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{key}"))
    QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{key}"), SHIFT)
    first, second = np.array(heard["handle_moved"])
    small, big = first - (0.1, -0.2), second - first
    assert small == pytest.approx(np.array(step) * 4 / canvas.view.sx)
    assert big == pytest.approx(8 * small)


def test_enter_snaps_to_the_nearest_sample_and_s_selects_it(canvas: MapCanvas, heard: dict[str, list[Any]]) -> None:
    nearest = int(np.argmin(np.hypot(canvas.points.x - 0.1, canvas.points.y + 0.2)))
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert heard["point_activated"] == [nearest]
    canvas.set_nearest(7)
    QTest.keyClick(canvas, Qt.Key.Key_S)
    assert heard["selection_asked"][-1].tolist() == [7]


def test_a_handle_put_out_of_view_is_brought_into_it(canvas: MapCanvas, qtbot: Any) -> None:
    canvas.zoom(6, 350, 250)
    canvas.set_handle(np.array([30.0, 30.0]))
    qtbot.waitUntil(lambda: canvas.view.frame.holds(*canvas.handle_px()))


# Selection


def test_click_selects_and_control_adds_and_takes_away(canvas: MapCanvas, heard: dict[str, list[Any]]) -> None:
    first = lonely(canvas)
    QTest.mouseClick(canvas, LEFT, NONE, at(canvas, first))
    assert heard["selection_asked"][-1].tolist() == [first]
    canvas.set_handle(np.array([canvas.points.x[first], canvas.points.y[first]]))
    second = lonely(canvas)
    QTest.mouseClick(canvas, LEFT, CONTROL, at(canvas, second))
    assert heard["selection_asked"][-1].tolist() == sorted([first, second])
    QTest.mouseClick(canvas, LEFT, SHIFT, at(canvas, second))
    assert heard["selection_asked"][-1].tolist() == [first]
    assert not heard["handle_moved"]


def test_box_selects_exactly_what_it_holds(canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag) -> None:
    canvas.set_tool("box")
    drag(canvas, [(440, 120), (200, 260), (180, 400)])
    x0, y0 = canvas.view.to_data(180, 400)
    x1, y1 = canvas.view.to_data(440, 120)
    x, y = canvas.points.x, canvas.points.y
    inside = np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
    assert len(inside)
    assert heard["selection_asked"][-1].tolist() == inside.tolist()


def test_lasso_selects_exactly_what_it_rings(
    canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag, inside_by_hand: Callable[..., bool]
) -> None:
    canvas.set_tool("lasso")
    angle = np.linspace(0, 2 * np.pi, 40)
    path = [(round(340 + 120 * np.cos(a) * (1 + 0.3 * np.sin(5 * a))), round(150 + 90 * np.sin(a))) for a in angle]
    drag(canvas, path)
    corners = np.column_stack(canvas.view.to_data(*np.array(path, dtype=float).T))
    inside = [i for i in range(300) if inside_by_hand(canvas.points.x[i], canvas.points.y[i], corners)]
    assert inside
    assert heard["selection_asked"][-1].tolist() == inside


def test_a_second_box_adds_with_shift(canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag) -> None:
    canvas.set_tool("box")
    drag(canvas, [(440, 120), (180, 240)])
    first = set(heard["selection_asked"][-1].tolist())
    drag(canvas, [(480, 300), (220, 430)], keys=SHIFT)
    assert first < set(heard["selection_asked"][-1].tolist())


def test_a_click_with_the_box_on_nothing_clears(canvas: MapCanvas, heard: dict[str, list[Any]]) -> None:
    canvas.set_tool("box")
    canvas.set_selection(np.array([1, 2]))
    QTest.mouseClick(canvas, LEFT, NONE, empty_place(canvas))
    assert heard["selection_asked"][-1].tolist() == []


def test_escape_gives_up_a_box_first_then_clears(canvas: MapCanvas, heard: dict[str, list[Any]]) -> None:
    canvas.set_tool("box")
    QTest.mousePress(canvas, LEFT, NONE, QPoint(440, 120))
    QTest.mouseMove(canvas, QPoint(200, 300))
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(200, 300))
    assert not heard["selection_asked"]
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert heard["selection_asked"][-1].tolist() == []


def test_escape_is_the_canvas_own_only_while_the_hand_is_busy(canvas: MapCanvas) -> None:
    def wanted() -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, NONE)
        event.ignore()
        QApplication.sendEvent(canvas, event)
        return event.isAccepted()

    assert not wanted()
    start = canvas.handle_position().toPoint()
    QTest.mousePress(canvas, LEFT, NONE, start)
    assert wanted()
    QTest.mouseRelease(canvas, LEFT, NONE, start)


def test_the_legend_selects_a_class(canvas: MapCanvas, heard: dict[str, list[Any]]) -> None:
    labels = np.arange(300) % 3 - 1
    canvas.set_colouring(Colouring("class", "label", labels, ("a", "b & c")))
    button = next(b for b in canvas.legend.findChildren(QPushButton) if b.accessibleName() == "Select class b & c")
    assert button.isVisible()
    QTest.mouseClick(button, LEFT)
    assert heard["selection_asked"][-1].tolist() == np.flatnonzero(labels == 1).tolist()
    button = next(b for b in canvas.legend.findChildren(QPushButton) if b.accessibleName() == "Select class no label")
    button.click()
    assert heard["selection_asked"][-1].tolist() == np.flatnonzero(labels == -1).tolist()


# The view


def wheel(canvas: MapCanvas, place: QPoint, notches: float) -> None:
    event = QWheelEvent(
        QPointF(place), QPointF(canvas.mapToGlobal(place)), QPoint(), QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


@pytest.mark.parametrize("notches", [3, -2, 0.5])
def test_the_wheel_keeps_what_is_under_the_cursor(canvas: MapCanvas, notches: float) -> None:
    place, scale = QPoint(217, 388), canvas.view.sx
    before = canvas.view.to_data(place.x(), place.y())
    wheel(canvas, place, notches)
    assert canvas.view.to_data(place.x(), place.y()) == pytest.approx(before)
    assert canvas.view.sx == pytest.approx(scale * 1.2**notches, rel=1e-2)


@pytest.mark.parametrize("button", [Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton])
def test_other_buttons_pan(canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag, button: Qt.MouseButton) -> None:
    before = canvas.view.to_data(300, 200)
    drag(canvas, [(300, 200), (320, 215), (351, 260)], button=button)
    assert canvas.view.to_data(351, 260) == pytest.approx(before)
    assert not heard["handle_moved"]


def test_space_and_drag_pans(canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag) -> None:
    before = canvas.view.to_data(300, 200)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    drag(canvas, [(300, 200), (351, 260)])
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.view.to_data(351, 260) == pytest.approx(before)
    assert not heard["handle_moved"]


def test_keys_zoom_pan_fit_and_choose_tools(canvas: MapCanvas, heard: dict[str, list[Any]], qtbot: Any) -> None:
    fitted = canvas.view
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.view.sx > fitted.sx
    QTest.keyClick(canvas, Qt.Key.Key_Right, ALT)
    assert canvas.view.cx > fitted.cx
    QTest.keyClick(canvas, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: canvas.view == fitted)
    for key, tool in (("L", "lasso"), ("B", "box"), ("D", "decode")):
        QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{key}"))
        assert canvas.tool == tool
        assert canvas.tools.findChild(QToolButton, f"map_tool_{tool}").isChecked()
    QTest.keyClick(canvas, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: canvas.view.sx != canvas.view.sy)


def test_the_tools_are_buttons(canvas: MapCanvas, qtbot: Any) -> None:
    QTest.mouseClick(canvas.tools.findChild(QToolButton, "map_tool_lasso"), LEFT)
    assert canvas.tool == "lasso"
    fitted = canvas.view
    canvas.pan(100, 0)
    QTest.mouseClick(canvas.tools.findChild(QToolButton, "map_tool_fit"), LEFT)
    qtbot.waitUntil(lambda: canvas.view == fitted)
    for button in canvas.tools.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.toolTip()
        assert not button.icon().isNull()


def test_resize_keeps_a_chosen_view_and_fits_a_fitted_one(canvas: MapCanvas) -> None:
    canvas.resize(900, 700)
    whole = canvas.points.index.bounds
    assert whole is not None
    assert canvas.view.bounds.holds(whole)
    assert canvas.view.frame == Frame.inside(900, 700, canvas.still.axes.insets)
    canvas.zoom(4, 300, 300)
    middle = canvas.view.cx, canvas.view.cy
    canvas.resize(500, 400)
    assert (canvas.view.cx, canvas.view.cy) == pytest.approx(middle)


# Training


def test_refreshed_codes_keep_view_and_handle(canvas: MapCanvas) -> None:
    view, x, y = canvas.view, canvas.points.x.copy(), canvas.points.y.copy()
    canvas.set_points(x * 0.98, y * 0.98, ("z1", "z2"), anew=False)
    assert canvas.view == view
    assert canvas.moving.at == (0.1, -0.2)


def test_codes_that_outgrow_the_view_are_followed_calmly(canvas: MapCanvas, qtbot: Any) -> None:
    view, x, y = canvas.view, canvas.points.x.copy(), canvas.points.y.copy()
    canvas.set_points(x * 3, y * 3, ("z1", "z2"), anew=False)
    assert canvas.view == view
    whole = Bounds.of(x * 3, y * 3)
    assert whole is not None
    qtbot.waitUntil(lambda: canvas.view.bounds.holds(whole))


def test_a_view_that_a_person_chose_is_left_alone(canvas: MapCanvas, qtbot: Any) -> None:
    canvas.zoom(3, 300, 200)
    view = canvas.view
    canvas.set_points(canvas.points.x * 5, canvas.points.y * 5, ("z1", "z2"), anew=False)
    qtbot.wait(350)
    assert canvas.view == view


# What it shows


def test_hover_names_the_sample(canvas: MapCanvas) -> None:
    asked: list[int] = []
    canvas.set_describe(lambda index: asked.append(index) or [f"beat {index}", "label: a"])
    index = lonely(canvas)
    before = canvas.grab().toImage()
    QTest.mouseMove(canvas, at(canvas, index))
    assert asked == [index]
    assert canvas.moving.hovered == index
    assert canvas.grab().toImage() != before
    QTest.mouseMove(canvas, empty_place(canvas))
    assert canvas.moving.hovered == -1
    assert canvas.grab().toImage() == before


def test_only_small_regions_are_painted_when_the_handle_moves(canvas: MapCanvas, qtbot: Any) -> None:
    qtbot.wait(20)
    areas: list[int] = []
    paint = canvas.paintEvent

    def watch(event: Any) -> None:
        areas.append(sum(rect.width() * rect.height() for rect in event.region()))
        paint(event)

    canvas.paintEvent = watch
    still = canvas.still._kept.cacheKey()
    px, py = canvas.handle_px() or (0, 0)
    canvas.drag_to(px + 5, py + 5)
    qtbot.waitUntil(lambda: bool(areas))
    assert max(areas) < 10_000
    assert canvas.still._kept.cacheKey() == still, "it was not painted anew"


def test_what_moves_leaves_no_trace(canvas: MapCanvas, qtbot: Any) -> None:
    """The partly painted canvas is, pixel by pixel, the one painted whole."""
    canvas.set_nearest(5)
    for i in range(12):
        canvas.drag_to(200 + 20 * i, 150 + 13 * i)
        canvas.set_nearest(i)
        QApplication.processEvents()
    partly = canvas.grab().toImage()
    canvas._redraw()
    assert canvas.grab().toImage() == partly


def test_the_hint_goes_for_good_with_the_first_drag(
    canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag, qtbot: Any
) -> None:
    assert "Drag the handle" in HINT
    canvas.show_hint(True)
    start = canvas.handle_px()
    assert start is not None
    drag(canvas, [start])
    assert not heard["hint_done"]
    drag(canvas, [start, (start[0] + 30, start[1])])
    assert len(heard["hint_done"]) == 1
    qtbot.waitUntil(lambda: canvas.moving.hint == 0)
    drag(canvas, [(start[0] + 30, start[1]), start])
    assert len(heard["hint_done"]) == 1


def test_dark_and_light(canvas: MapCanvas) -> None:
    for name in ("dark", "light"):
        theme().choose(name)
        ground = canvas.grab().toImage().pixelColor(3, 3)
        assert ground == QColor(theme().palette.field)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_picture_of_many_points_has_the_counts_of_histogram2d(qapp: QApplication, ratio: float) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 260_000))
    layer = PointsLayer(theme().palette)
    layer.set_points(x, y)
    view = MapView.fit(Frame(40, 10, 301, 203), Bounds(-2, 2, -2, 2), equal=False)
    layer.refine(view, ratio)
    grid, side = layer.grid(view, ratio)
    assert side == pytest.approx(1 / ratio if ratio < 2 else 1.0)
    counts = np.histogram2d(x, y, bins=(grid.x_edges, grid.y_edges))[0].T[::-1]
    assert layer._picture is not None
    image = layer._picture
    alpha = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., 3].astype(int)
    assert alpha.shape == counts.shape
    np.testing.assert_array_equal(alpha > 0, counts > 0)
    order = np.argsort(counts, axis=None)
    assert (np.diff(alpha.ravel()[order]) >= 0).all()


def test_a_pixel_of_two_classes_has_their_mean_colour(qapp: QApplication) -> None:
    n = 9000
    layer = PointsLayer(theme().palette)
    layer.set_points(np.zeros(n), np.zeros(n))
    layer.set_colouring(Colouring("class", "", np.arange(n) % 2, ("a", "b")))
    view = MapView(Frame(0, 0, 101, 101), sx=10, sy=10)
    layer.refine(view, 1.0)
    a, b = (QColor(theme().palette.class_color(i)) for i in (0, 1))
    color = layer._picture.pixelColor(50, 50)
    assert color.red() == pytest.approx((a.red() + b.red()) / 2, abs=2)
    assert color.blue() == pytest.approx((a.blue() + b.blue()) / 2, abs=2)


def test_a_pixel_of_many_values_has_the_colour_of_their_mean(qapp: QApplication) -> None:
    n = 9000
    values = np.tile([0.0, 1.0, np.nan], n // 3)
    layer = PointsLayer(theme().palette)
    x = np.zeros(n)
    x[:600] = 3.0
    layer.set_points(x, np.zeros(n))
    layer.set_colouring(Colouring("value", "", np.where(x > 0, np.nan, values)))
    layer.refine(MapView(Frame(0, 0, 101, 101), sx=10, sy=10), 1.0)
    image = layer._picture
    middle = layer.colours.table[layer.colours.key_of(np.array([0.5]))[0]]
    color = image.pixelColor(50, 50)
    assert (color.red(), color.green(), color.blue()) == pytest.approx(tuple(middle.tolist()), abs=2)
    unknown, shown = QColor(theme().palette.unlabelled), image.pixelColor(80, 50)
    assert (shown.red(), shown.green()) == pytest.approx((unknown.red(), unknown.green()), abs=3)


def test_a_picture_keeps_the_memory_that_it_is_drawn_from() -> None:
    pixels = np.zeros((30, 40), dtype=np.uint32)
    pixels[7, 11] = 0xFF336699
    kept = weakref.ref(pixels)
    image = image_of(pixels)
    del pixels
    gc.collect()
    assert kept() is not None
    assert image.pixelColor(11, 7) == QColor("#336699")
    del image
    gc.collect()
    assert kept() is None


def test_discs_are_where_their_codes_are(qapp: QApplication) -> None:
    layer = PointsLayer(theme().palette)
    layer.set_points(np.array([0.0, 1.0, np.nan]), np.array([0.0, 1.0, 0.0]))
    view = MapView(Frame(20, 0, 100, 100), sx=20, sy=20)
    layer.refine(view, 1.0)
    image = layer._picture
    for x, y in ((50, 50), (70, 30)):
        assert image.pixelColor(x, y).alpha() == 255
    assert image.pixelColor(60, 60).alpha() == 0
    assert layer.count_in(view) == 2


def test_a_slow_layer_is_moved_first_and_refined_later(qapp: QApplication) -> None:
    layer = PointsLayer(theme().palette)
    layer.set_points(*np.random.default_rng(0).normal(size=(2, 8000)))
    view = MapView.fit(Frame(0, 0, 200, 200), layer.index.bounds)
    target = QPixmap(200, 200)
    painter = QPainter(target)
    assert layer.paint(painter, view, 1.0)
    layer.cost = 2 * BUDGET
    assert not layer.paint(painter, view.panned(5, 0), 1.0)
    layer.refine(view.panned(5, 0), 1.0)
    assert layer.paint(painter, view.panned(5, 0), 1.0)
    painter.end()


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([], []),
        ([1.5], [2.0]),
        ([1.0] * 9, [2.0] * 9),
        ([np.nan] * 3, [np.nan] * 3),
        ([0.0, np.inf, 1.0], [0.0, 1.0, np.nan]),
        ([1e30, -1e30], [0, 1e-30]),
    ],
)
def test_odd_maps_are_drawn_and_dragged_without_harm(
    canvas: MapCanvas, drag: Drag, x: list[float], y: list[float]
) -> None:
    canvas.set_points(np.array(x), np.array(y), ("z1", "z2"))
    canvas.set_colouring(Colouring("value", "v", np.array(x)))
    canvas.grab()
    drag(canvas, [(300, 300), (320, 280)])
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Return, Qt.Key.Key_F, Qt.Key.Key_Plus):
        QTest.keyClick(canvas, key)
    wheel(canvas, QPoint(300, 300), 5)
    canvas.grab()


def test_a_code_of_one_coordinate_moves_along_a_line(
    canvas: MapCanvas, heard: dict[str, list[Any]], drag: Drag
) -> None:
    canvas.set_points(np.linspace(-1, 1, 50), np.arange(50.0), ("z1", "sample"), flat=True)
    canvas.set_handle(np.array([0.25, 0.0]))
    frame = canvas.view.frame
    start = canvas.handle_px()
    assert start is not None
    assert start[1] == pytest.approx(frame.top + frame.height / 2)
    drag(canvas, [start, (start[0] + 40, start[1] + 90)])
    assert heard["handle_moved"][-1] == pytest.approx([canvas.view.to_data(round(start[0]) + 40, 0)[0], 0.0])
    assert canvas.handle_px()[1] == start[1]


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (2.4, 1.9), (-2.4, 1.9), (2.4, -1.9), (-2.4, -1.9), (1.2, 1.9)])
def test_nothing_lies_over_the_words_of_the_hint(canvas: MapCanvas, x: float, y: float) -> None:
    canvas.set_colouring(Colouring("value", "a column", np.linspace(0, 1, 300)))
    canvas.show_hint(True)
    canvas.set_handle(np.array([x, y]))
    canvas.fit()
    bubble = canvas.moving._hint_bubble()
    assert bubble is not None
    assert bubble.readable
    assert canvas.rect().contains(bubble.rect.toAlignedRect())
    assert not any(bubble.rect.intersects(other) for other in canvas.covered())


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.001194, 6.283, ["0.00", "3.14", "6.28"]),
        (-1.0, 1.0, ["−1.00", "0.00", "1.00"]),
        (4.714, 14.13, ["4.71", "9.42", "14.13"]),
        (20.0, 1250.0, ["20", "635", "1,250"]),
        (2.0, 2.0, ["2"]),
        (math.nan, math.nan, []),
    ],
)
def test_a_colour_bar_is_marked_in_as_few_digits_as_tell_its_values_apart(
    low: float, high: float, words: list[str]
) -> None:
    assert [text for _, text in ticks(low, high)] == words
