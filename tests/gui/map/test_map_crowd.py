"""A crowd of points is drawn and searched by compiled kernels, and nothing is but quicker for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from explorer.gui.map import developing
from explorer.gui.map.binning import Grid
from explorer.gui.map.canvas import MapCanvas
from explorer.gui.map.colours import Colouring, rgb
from explorer.gui.map.crowd import Crowd
from explorer.gui.map.discs import DIM
from explorer.gui.map.index import CROWD, PointIndex, inside_polygon
from explorer.gui.map.style import Style
from explorer.gui.map.view import Bounds, Frame, MapView
from explorer.gui.theme import theme

N = 60_000


def cloud(n: int = N, dtype: Any = np.float32) -> tuple[np.ndarray, np.ndarray]:
    """Return points with outliers far away, many in one place, and some that are not finite."""
    x, y = np.random.default_rng(3).standard_normal(size=(2, n)).astype(dtype)
    x[:7], y[3:9] = 1e6, -1e5
    x[100:900], y[100:900] = 0.5, -0.25
    x[1000:1010], y[1005:1020] = np.nan, np.inf
    return x, y


def reference(x: np.ndarray, y: np.ndarray, grid: Grid) -> np.ndarray:
    good = np.isfinite(x) & np.isfinite(y)
    return np.histogram2d(x[good], y[good], bins=(grid.x_edges, grid.y_edges))[0].T


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([np.float32, np.float64]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.floats(-1e3, 1e3),
    st.floats(1e-3, 1e3),
    st.integers(0, 2**31),
)
def test_counts_are_those_of_histogram2d(dtype: Any, nx: int, ny: int, low: float, span: float, seed: int) -> None:
    grid = Grid(low, low + span, nx, -low, -low + 2 * span, ny)
    rng = np.random.default_rng(seed)
    edges = [grid.x_edges, np.nextafter(grid.x_edges, -np.inf), rng.uniform(low - 1, low + span + 1, 50)]
    x = np.concatenate(edges).astype(dtype)
    y = rng.choice(np.concatenate([grid.y_edges, np.nextafter(grid.y_edges, np.inf)]), len(x)).astype(dtype)
    np.testing.assert_array_equal(developing.count(Crowd.of(x, y), grid), reference(x, y, grid))


def test_each_finite_point_is_in_the_order_once() -> None:
    x, y = cloud()
    crowd = Crowd.of(x, y)
    assert np.array_equal(np.sort(crowd.order), np.flatnonzero(np.isfinite(x) & np.isfinite(y)))
    assert np.array_equal(crowd.x, x[crowd.order])
    full = crowd.starts[1:] > crowd.starts[:-1]
    assert (np.minimum.reduceat(crowd.x, crowd.starts[:-1][full]) == crowd.boxes[full, 0]).all()


@pytest.mark.parametrize("size", [0.05, 1.0, 30.0])
def test_what_is_in_a_loop_or_a_box_or_nearest_is_what_looking_at_each_finds(size: float) -> None:
    x, y = cloud()
    index = PointIndex(x, y)
    angle = np.linspace(0, 4 * np.pi, 41)[:-1]  # a loop that crosses itself
    corners = np.column_stack([0.3 + size * np.cos(angle), size * np.sin(angle) + 0.2 * size * np.cos(9 * angle)])
    good = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    inside = inside_polygon(x[good].astype(np.float64), y[good].astype(np.float64), corners)
    found = index.in_polygon(corners)
    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, good[inside])
    box = Bounds(0.3 - size, 0.5, -0.25, size)
    inside = (x >= np.float64(box.x0)) & (x <= box.x1) & (y >= box.y0) & (y <= np.float64(box.y1))
    np.testing.assert_array_equal(index.in_rectangle(box), np.flatnonzero(inside))
    assert index.count(box) == inside.sum()
    view = MapView(Frame(0, 0, 400, 300), 0.3, 0.0, 150 / size, 100 / size)
    for px, py in np.random.default_rng(0).uniform(0, 300, size=(20, 2)):
        there_x, there_y = view.to_px(x.astype(np.float64), y.astype(np.float64))
        distance = np.hypot(there_x - px, there_y - py)
        best = np.nanmin(distance)
        nearest = index.nearest(px, py, view, 10)
        assert (nearest == -1) if best > 10 else distance[nearest] == pytest.approx(best, rel=1e-9)


def test_a_loop_looks_at_the_points_near_its_line_only() -> None:
    from explorer.gui.map.kernels import finding

    x, y = np.random.default_rng(0).uniform(size=(2, 400_000))
    crowd, marks = Crowd.of(x, y), np.zeros(400_000, dtype=np.bool_)
    corners = np.array([[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]])
    looked = finding.mark_polygon(crowd.x, crowd.y, crowd.order, crowd.starts, crowd.boxes, corners, marks)
    assert 200_000 < marks.sum() < 300_000
    assert looked < 40_000


@pytest.fixture
def crowded(canvas: MapCanvas, qtbot: Any) -> MapCanvas:
    """Return a shown canvas with many points of three classes, all drawn."""
    x, y = np.random.default_rng(0).standard_normal(size=(2, N), dtype=np.float32)
    canvas.set_colouring(Colouring("class", "", np.arange(N) % 3, ("a", "b", "c")))
    canvas.set_points(x, y, ("z1", "z2"))
    assert N > CROWD
    canvas.grab()
    qtbot.waitUntil(lambda: canvas.points.exact, timeout=60_000)
    return canvas


def away_from_ground(canvas: MapCanvas) -> np.ndarray:
    """Return by how much each pixel of the frame is not the ground's colour."""
    canvas.moving.at = None
    image, frame = canvas.grab().toImage(), canvas.view.frame
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3]
    inside = pixels[int(frame.top) : int(frame.bottom), int(frame.left) : int(frame.right)]
    return np.abs(inside.astype(int) - pixels[2, 2].astype(int)).sum(axis=2)


def ink(canvas: MapCanvas) -> float:
    """Return the share of the frame's pixels on which something is drawn."""
    return float((away_from_ground(canvas) > 40).mean())


def strength(canvas: MapCanvas) -> float:
    """Return how strongly it is drawn, on the mean."""
    return float(away_from_ground(canvas).mean())


def test_the_picture_is_never_blank(canvas: MapCanvas, qtbot: Any) -> None:
    x, y = np.random.default_rng(0).standard_normal(size=(2, N), dtype=np.float32)
    canvas.set_points(x, y, ("z1", "z2"))
    assert ink(canvas) > 0.05, "evenly many of them are drawn at once"
    assert not canvas.points.exact
    qtbot.waitUntil(lambda: canvas.points.exact, timeout=60_000)
    complete = ink(canvas)
    canvas.zoom(3, 350, 250)
    assert ink(canvas) > 0.5 * complete, "the former picture is shown, larger"
    assert not canvas.points.exact
    qtbot.waitUntil(lambda: canvas.points.exact, timeout=60_000)
    canvas.zoom(1 / 3, 350, 250)
    assert ink(canvas) > 0.5 * complete, "around the former picture, the overview"
    canvas.pan(200, 100)
    assert ink(canvas) > 0.3 * complete


def test_a_zoomed_view_touches_its_own_points_only(crowded: MapCanvas, qtbot: Any) -> None:
    assert crowded.points.touched >= N
    crowded.zoom(40, 350, 250)
    crowded.grab()
    qtbot.waitUntil(lambda: crowded.points.exact, timeout=60_000)
    shown = crowded.points.count_in(crowded.view)
    assert 0 < shown < N / 20
    assert crowded.points.touched < N / 8


def test_a_lasso_selects_by_the_hand_what_is_in_it(crowded: MapCanvas, qtbot: Any, drag: Callable[..., None]) -> None:
    told: list[np.ndarray] = []
    crowded.selection_asked.connect(told.append)
    crowded.set_tool("lasso")
    loop = [(250.0, 200.0), (400.0, 190.0), (420.0, 300.0), (300.0, 340.0), (240.0, 260.0)]
    drag(crowded, loop)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    corners = np.column_stack(crowded.view.to_data(*np.array(loop).T))
    points = crowded.points
    inside = inside_polygon(points.x.astype(np.float64), points.y.astype(np.float64), corners)
    np.testing.assert_array_equal(told[0], np.flatnonzero(inside))
    before = strength(crowded)
    crowded.set_selection(told[0])
    crowded.grab()
    qtbot.waitUntil(lambda: points.exact, timeout=60_000)
    assert strength(crowded) < 0.8 * before, "the others are dimmed"


def test_hover_and_click_mean_the_nearest_of_a_crowd(crowded: MapCanvas, qtbot: Any) -> None:
    told: list[np.ndarray] = []
    crowded.selection_asked.connect(told.append)
    crowded.zoom(300, 350, 250)
    crowded.grab()
    qtbot.waitUntil(lambda: crowded.points.exact, timeout=60_000)
    index = int(crowded.points.index.few_in(crowded.view.bounds, 10_000)[0])
    px, py = crowded.moving.px_of(index)
    crowded.set_handle(None)
    crowded.set_tool("box")
    QTest.mouseClick(crowded, Qt.MouseButton.LeftButton, pos=QPoint(round(px), round(py)))
    assert len(told[0]) == 1
    there = np.hypot(*(np.array(crowded.moving.px_of(int(told[0][0]))) - (round(px), round(py))))
    assert there <= np.hypot(px - round(px), py - round(py))
    assert crowded.moving.hovered == told[0][0]


def test_the_window_is_not_held_while_a_million_points_are_panned(canvas: MapCanvas, qtbot: Any) -> None:
    """No step looks at a point on the window's own thread: it moves the picture, and asks for another."""
    x, y = np.random.default_rng(0).standard_normal(size=(2, 1_000_000), dtype=np.float32)
    with qtbot.waitSignal(canvas.points_came, timeout=60_000):
        canvas.set_points(x, y, ("z1", "z2"))
    canvas.grab()
    qtbot.waitUntil(lambda: canvas.points.exact, timeout=60_000)
    refined: list[Any] = []
    canvas.points.refine = lambda *args: refined.append(args)
    for _ in range(5):
        canvas.pan(30, 7)
        canvas.repaint()
        assert canvas.points.cost == 0.0
    qtbot.waitUntil(lambda: canvas.points.exact, timeout=60_000)
    assert not refined
    grid_counts, grid = canvas.points.counted()
    np.testing.assert_array_equal(grid_counts, reference(x, y, grid))


def test_a_pixel_of_values_has_the_colour_of_their_mean(canvas: MapCanvas) -> None:
    n = 30_000
    points = canvas.points
    points.set_points(np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32))
    points.set_colouring(Colouring("value", "", np.tile([0.0, 1.0, np.nan], n // 3)))
    points.refine(MapView(Frame(0, 0, 101, 101), sx=10, sy=10), 1.0)
    color = points._picture.pixelColor(50, 50)
    middle = points.colours.table[points.colours.key_of(np.array([0.5]))[0]]
    assert (color.red(), color.green(), color.blue()) == pytest.approx(tuple(middle.tolist()), abs=3)


def test_what_is_selected_lies_clear_over_the_rest(canvas: MapCanvas) -> None:
    points, n, clear = canvas.points, 30_000, 0.8
    points.set_points(np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32))
    points.set_colouring(Colouring("class", "", np.arange(n) % 2, ("a", "b")))
    points.set_selected(np.arange(1, n, 2))
    points.set_style(Style(opacity=clear))
    points.refine(MapView(Frame(0, 0, 101, 101), sx=10, sy=10), 1.0)
    shown = points._picture.pixelColor(50, 50).getRgbF()
    a, b = (rgb(theme().palette.class_color(i)) for i in (0, 1))
    opacity = clear + (1 - clear) * clear * DIM
    assert shown[3] == pytest.approx(opacity, abs=0.01)
    for part, below, above in zip(shown, a, b, strict=False):
        assert 255 * part * opacity == pytest.approx(clear * above + (1 - clear) * clear * DIM * below, abs=3)


def test_names_stand_beside_points_that_are_few_in_view(canvas: MapCanvas) -> None:
    canvas.zoom(14, 350, 250)
    asked: list[int] = []
    canvas.moving.describe = lambda index: asked.append(index) or [f"sample {index}"]
    canvas.grab()
    few = canvas.points.index.in_rectangle(canvas.view.bounds)
    assert 0 < len(few) <= 24
    assert sorted(set(asked)) == few.tolist()
    asked.clear()
    canvas.fit()
    canvas.still.drop()
    canvas.set_view(canvas.viewing.fitted)
    canvas.grab()
    assert not asked


def test_the_box_of_choices_changes_how_points_are_drawn(canvas: MapCanvas, qtbot: Any) -> None:
    points = ink(canvas)
    QTest.mouseClick(canvas.tools.findChild(QToolButton, "map_tool_style"), Qt.MouseButton.LeftButton)
    box = canvas.findChild(QFrame, "map_style_box")
    assert box.isVisible()
    assert not box.geometry().intersects(canvas.tools.geometry())
    for name in ("drawn", "size", "opacity", "contours", "reset"):
        control = box.findChild(QWidget, f"map_style_{name}")
        assert control.accessibleName()
        assert control.toolTip()
    strong = strength(canvas)
    box.opacity_slider.setValue(20)
    assert canvas.points.style.opacity < 0.2
    assert strength(canvas) < 0.8 * strong
    QTest.mouseClick(box.contours, Qt.MouseButton.LeftButton, pos=QPoint(8, box.contours.height() // 2))
    assert canvas.points.style.contours
    box.drawn.activated.emit(1)
    canvas.grab()
    qtbot.waitUntil(lambda: canvas.points.exact, timeout=60_000)
    assert ink(canvas) > 2 * points, "a density fills what lies between the samples"
    QTest.mouseClick(box.reset, Qt.MouseButton.LeftButton)
    assert canvas.points.style == Style()
    assert box.size_slider.isEnabled()


def test_the_lines_of_density_hold_what_they_say() -> None:
    density = np.zeros((4, 5), dtype=np.float32)
    density[1, 1:4] = 5, 3, 2
    assert developing.holding(density, (0.5, 0.8, 1.0)).tolist() == [5, 3, 2]
    counts = np.zeros((120, 140), dtype=np.int64)
    counts[60, 70] = 10
    smooth = developing.smoothed(counts, 400_000)
    assert smooth.sum() == pytest.approx(10, rel=1e-4)
    assert np.unravel_index(smooth.argmax(), smooth.shape) == (60, 70)
    np.testing.assert_allclose(smooth[60, 70 - 9 : 70 + 10], smooth[60 - 9 : 60 + 10, 70], rtol=1e-4)


@pytest.mark.parametrize("fields", [[], {"size": 99}, {"drawn": "x"}, {"more": 1}, {"contours": 1}, {"opacity": "1"}])
def test_settings_that_hold_no_style_give_none(fields: Any) -> None:
    with pytest.raises(ValueError, match="no style"):
        Style.checked(fields)


def test_very_many_points_come_when_they_are_looked_through(
    canvas: MapCanvas, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call returns before a point was looked at; the view, the index and the picture are those of all of them."""
    monkeypatch.setattr("explorer.gui.map.canvas.MANY", CROWD)
    x, y = cloud()
    before = canvas.points.index
    with qtbot.waitSignal(canvas.points_came, timeout=60_000) as came:
        canvas.set_points(x, y, ("z1", "z2"))
        assert canvas.points.index is before
    assert came.args == [True]
    assert canvas.points.index.bounds == Bounds.of(x, y)
    assert canvas.view.bounds.holds(canvas.points.index.bounds)
    canvas.grab()
    qtbot.waitUntil(lambda: canvas.points.exact, timeout=60_000)
    counts, grid = canvas.points.counted()
    np.testing.assert_array_equal(counts, reference(x, y, grid))


def test_of_points_that_come_later_only_the_newest_are_shown(
    canvas: MapCanvas, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.gui.map.canvas.MANY", CROWD)
    told: list[bool] = []
    canvas.points_came.connect(told.append)
    canvas.set_points(*cloud(), ("z1", "z2"))
    canvas.set_points(np.arange(5.0), np.arange(5.0), ("z1", "z2"))
    qtbot.waitUntil(lambda: not canvas._bounding.busy, timeout=60_000)
    assert len(canvas.points.x) == 5
    assert not told
