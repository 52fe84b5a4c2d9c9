"""Plots: what is drawn is what was given, the range is calm, and a curve is painted fast."""

from __future__ import annotations

import time

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.plots.curves import CurvePlot
from explorer.gui.plots.image import to_bytes
from explorer.gui.plots.loss import LossCurve, LossPlot
from explorer.gui.plots.marks import Marks
from explorer.gui.plots.points import PointsView
from explorer.gui.plots.ranges import CalmRange, channel_ranges
from explorer.gui.plots.residual import ResidualView
from explorer.gui.plots.sample_view import SampleView
from explorer.gui.plots.style import CurveStyle, style_of
from explorer.gui.theme import theme


def drawn(plot: CurvePlot, key: str) -> tuple[np.ndarray, np.ndarray]:
    return plot._items[key].getData()


# Ranges


def test_a_calm_range_grows_at_once_and_shrinks_after_a_while() -> None:
    calm = CalmRange(-1, 1, patience=1.5, margin=0.0)
    assert calm.update(-1, 1, 0.0) == (-1, 1)
    assert calm.update(-1, 5, 0.1) == (-1, 5)
    assert calm.update(-1, 1, 0.2) == (-1, 5)
    assert calm.update(-1, 2, 1.0) == (-1, 5)
    assert calm.update(-1, 1, 1.8) == (-1, 2)  # all that was needed meanwhile
    assert calm.update(0, 0.1, 9.0) == (-1, 2)
    assert calm.update(0, 0.1, 99.0) == (-1, 1)  # never less than the data's own


def test_channel_ranges_leave_missing_values_out() -> None:
    values = np.zeros((3, 4, 3), np.float32)
    values[0, :, 0] = [1, np.nan, -2, 3]
    values[..., 1] = 7
    values[..., 2] = np.nan
    ranges = channel_ranges(Dataset(values=values, targets=values + 1))
    assert ranges[0].tolist() == [-2, 4]
    assert ranges[1].tolist() == [7, 8]
    assert ranges[2].tolist() == [-0.5, 0.5]


# Curves


@pytest.fixture
def plot(qtbot: QtBot) -> CurvePlot:
    made = CurvePlot()
    qtbot.addWidget(made)
    made.resize(340, 240)
    made.show()
    return made


def test_a_curve_is_drawn_over_its_times_and_a_gap_stays_a_gap(plot: CurvePlot) -> None:
    plot.configure(np.arange(5) / 10, np.array([[0.0, 4.0]]), bottom="time (s)", left="mV")
    plot.set_curve("decoded", np.array([0, 1, np.nan, 3, 4.0]))
    x, y = drawn(plot, "decoded")
    assert x.tolist() == [0, 0.1, 0.2, 0.3, 0.4]
    np.testing.assert_array_equal(y, [0, 1, np.nan, 3, 4])
    assert plot._items["decoded"].opts["connect"] == "finite"
    assert plot.item.getAxis("bottom").labelText == "time (s)"
    assert plot.item.getAxis("left").labelText == "mV"


def test_channels_are_stacked_by_name_or_overlaid(plot: CurvePlot) -> None:
    ranges = np.array([[0.0, 1.0], [100.0, 200.0]])
    plot.configure(np.arange(3.0), ranges, channels=("heart", "breath"))
    plot.set_curve("decoded", np.array([[0, 100], [1, 200], [0.5, 150]]))
    _, y = drawn(plot, "decoded")
    np.testing.assert_allclose(y[[0, 1, 2]], [1.05, 1.95, 1.5])  # the first channel on top
    assert np.isnan(y[3])
    np.testing.assert_allclose(y[[4, 5, 6]], [0.05, 0.95, 0.5])
    assert [name for _, name in plot.item.getAxis("left")._tickLevels[0]] == ["heart", "breath"]
    plot.set_arrangement("overlaid")
    _, y = drawn(plot, "decoded")
    np.testing.assert_allclose(y[[0, 1, 2, 4, 5, 6]], [0, 1, 0.5, 100, 200, 150])
    low, high = plot.box.viewRange()[1]
    assert low <= 0 and high >= 200


def test_the_range_is_the_data_sets_and_grows_with_a_curve(plot: CurvePlot) -> None:
    plot.configure(np.arange(50.0), np.array([[-1.0, 1.0]]))
    plot.set_curve("decoded", np.sin(np.arange(50) / 5))
    plot.fit()
    before = plot.box.viewRange()
    plot.set_curve("decoded", 0.3 * np.sin(np.arange(50) / 5))
    plot.fit()
    assert plot.box.viewRange() == before
    plot.set_curve("decoded", 4 * np.sin(np.arange(50) / 5))
    plot.fit()
    assert plot.box.viewRange()[1][1] > 3.9


def test_a_double_click_undoes_a_zoom(plot: CurvePlot, qtbot: QtBot) -> None:
    plot.configure(np.arange(50.0), np.array([[-1.0, 1.0]]))
    whole = plot.box.viewRange()
    at = plot.viewport().rect().center()
    for _ in range(3):
        wheel(plot, at)
    assert plot.held
    assert plot.box.viewRange()[0][1] < whole[0][1]
    plot.set_curve("decoded", np.full(50, 9.0))
    plot.fit()
    assert plot.box.viewRange()[1][1] < whole[1][1]  # a zoom stays although the curve left
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert not plot.held
    assert plot.box.viewRange()[0] == pytest.approx(whole[0])
    assert plot.box.viewRange()[1][1] > 9


def wheel(plot: CurvePlot, at: QPoint) -> None:
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    event = QWheelEvent(
        QPointF(at),
        QPointF(plot.mapToGlobal(at)),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.viewport(), event)


def test_a_theme_recolours_the_curves(plot: CurvePlot) -> None:
    plot.configure(np.arange(5.0), np.array([[0.0, 1.0]]))
    plot.set_curve("decoded", np.zeros(5))
    try:
        for choice in ("dark", "light"):
            theme().choose(choice)
            assert plot._items["decoded"].opts["pen"].color().name() == theme().palette.decoded.lower()
    finally:
        theme().choose("system")


@pytest.mark.parametrize(("steps", "channels"), [(50, 1), (1000, 1)])
def test_a_moving_curve_is_painted_within_three_milliseconds(qtbot: QtBot, steps: int, channels: int) -> None:
    rng = np.random.default_rng(0)
    dataset = Dataset(values=rng.standard_normal((20, steps, channels)))
    view = SampleView("view")
    qtbot.addWidget(view)
    view.resize(340, 260)
    view.set_dataset(dataset)
    view.show()
    qtbot.wait(20)
    painted: list[float] = []
    view.painted.connect(lambda: painted.append(time.perf_counter()))
    took = []
    for move in range(60):
        wave = np.sin(np.arange(steps) * 12 / steps + move / 10)[:, None] * np.ones(channels)
        painted.clear()
        began = time.perf_counter()
        view.show_samples({"nearest": dataset.values[0], "decoded": wave})
        QTest.qWait(0)
        qtbot.waitUntil(lambda: bool(painted), timeout=1000)
        took.append(1000 * (painted[0] - began))
    # Other work on the machine only ever slows: the faster quarter is the plot's own time.
    assert np.percentile(took, 25) < 3.0


# Samples of every layout


def test_roles_come_and_go_with_their_chips(qtbot: QtBot) -> None:
    values = np.random.default_rng(0).standard_normal((6, 30, 1))
    view = SampleView("view")
    qtbot.addWidget(view)
    view.set_dataset(Dataset(values=values))
    view.resize(340, 240)
    view.show()
    view.show_samples({"noisy": values[0], "clean": values[1], "denoised": values[2]})
    assert view.legend.keys == ["noisy", "clean", "denoised"]
    view.show_samples({"noisy": values[0], "clean": None, "denoised": values[2]})
    assert view.legend.chip("clean").isHidden()
    assert set(view.samples) == {"noisy", "denoised"}
    chip = view.legend.chip("noisy")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert view.plot is not None
    assert not view.plot._items["noisy"].isVisible()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert view.plot._items["noisy"].isVisible()
    before = view.plot.geometry()
    view.show_samples({})  # until the next ones come, nothing jumps
    assert view.samples == {}
    assert not chip.isHidden()
    view.show_samples({"noisy": values[3], "denoised": values[4]})
    assert view.plot.geometry() == before
    view.show_samples({"denoised": values[4]})
    assert chip.isHidden()


def test_an_image_is_drawn_with_crisp_pixels_in_the_data_sets_range(qtbot: QtBot) -> None:
    values = np.zeros((2, 4, 4, 1), np.float32)
    values[0, 0, 0] = 16
    view = SampleView("view")
    qtbot.addWidget(view)
    view.set_dataset(Dataset(values=values))
    view.resize(200, 160)
    view.show_samples({"decoded": values[0] / 2})
    view.show()
    images = view._images
    assert images is not None
    place = images.rectangles()["decoded"]
    assert place.width() % 4 == 0
    shot = images.grab().toImage()
    first = shot.pixelColor(int(place.left() + place.width() / 8), int(place.top() + place.height() / 8))
    other = shot.pixelColor(int(place.left() + 3 * place.width() / 8), int(place.top() + place.height() / 8))
    assert first.value() == pytest.approx(128, abs=1)
    assert other.value() == 0


def test_picture_bytes() -> None:
    image = np.array([[[-1.0], [0.0]], [[1.0], [np.nan]]])
    assert to_bytes(image, -1, 1).tolist() == [[0, 128], [255, 0]]
    assert to_bytes(np.ones((2, 2, 3)), 0, 1).shape == (2, 2, 3)


@pytest.mark.parametrize("dimensions", [1, 2, 3])
def test_a_point_is_marked_on_the_cloud(qtbot: QtBot, dimensions: int) -> None:
    cloud = np.random.default_rng(0).uniform(-1, 1, (200, dimensions))
    view = SampleView("view")
    qtbot.addWidget(view)
    view.set_dataset(Dataset(values=cloud, layout="points"))
    view.resize(300, 260)
    view.show()
    view.show_samples({"decoded": np.zeros(dimensions, np.float32)})
    points = view._points
    assert points is not None
    at = points.project(np.zeros(dimensions))[0]
    shot = points.grab().toImage()
    assert shot.pixelColor(int(at[0]), int(at[1])).name() == theme().palette.decoded.lower()


def test_a_cloud_in_space_turns_with_the_hand_and_back(qtbot: QtBot) -> None:
    points = PointsView()
    qtbot.addWidget(points)
    points.resize(300, 260)
    points.set_cloud(np.random.default_rng(0).uniform(-1, 1, (50, 3)), ("x", "y", "z"))
    points.show()
    before = points.project(np.array([1.0, 0, 0]))
    qtbot.mousePress(points, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(points, QPoint(160, 120))
    qtbot.mouseRelease(points, Qt.MouseButton.LeftButton, pos=QPoint(160, 120))
    assert np.abs(points.project(np.array([1.0, 0, 0])) - before).max() > 5
    qtbot.mouseDClick(points, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    np.testing.assert_allclose(points.project(np.array([1.0, 0, 0])), before)


def test_the_residual_shares_the_times_and_the_legend(qtbot: QtBot) -> None:
    values = np.random.default_rng(0).standard_normal((6, 30, 1))
    dataset = Dataset(values=values)
    view, residual = SampleView("view"), ResidualView("residual")
    for widget in (view, residual):
        qtbot.addWidget(widget)
        widget.set_dataset(dataset)
        widget.resize(340, 200)
        widget.show()
    residual.follow(view)
    view.show_samples({"noisy": values[0], "clean": values[1]})
    residual.show_samples({"before": values[0] - values[1]})
    assert view.plot is not None
    axes = [plot.item.getAxis("left") for plot in (view.plot, residual.plot)]
    qtbot.waitUntil(lambda: axes[0].width() == axes[1].width())
    view.plot.box.setXRange(5, 10, padding=0)
    low, high = residual.plot.box.viewRange()[0]
    assert (low, high) == pytest.approx((5, 10), abs=0.5)
    qtbot.mouseClick(view.legend.chip("noisy"), Qt.MouseButton.LeftButton)
    assert not residual.plot._items["before"].isVisible()


# Losses


def test_losses_keep_their_place_and_mark_the_best(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.resize(400, 200)
    plot.show()
    epochs = np.arange(1, 6)
    losses = np.array([1.0, 0.1, 0.01, 0.0, 0.02])
    style = CurveStyle("train", "train")
    plot.set_curves({"loss, train": LossCurve(epochs, losses, style)}, span=100, best=4)
    low, high = plot.box.viewRange()[0]
    assert low < 1 and high > 100
    assert plot._best_line.value() == 4
    assert plot._items["loss, train"].getData()[1].tolist() == losses.tolist()
    plot.set_log(True)
    drawn_log = plot._items["loss, train"].getData()[1]
    np.testing.assert_allclose(drawn_log[[0, 1, 2]], [0, -1, -2])
    assert np.isnan(drawn_log[3])
    names = [name for _, name in plot.item.getAxis("left")._tickLevels[0]]
    assert "0.1" in names and "0.01" in names
    plot.set_log(False)
    assert plot.box.viewRange()[1][0] == 0.0


def test_phases_of_a_training_are_parted_and_named(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.show()
    epochs = np.arange(1, 7)
    curves = {"loss, train": LossCurve(epochs, 1.0 / epochs, CurveStyle("train", "train"))}
    starts = {1: "autoencoder", 3: "supervisor", 5: "both"}
    plot.set_curves(curves, span=6, best=6, phases=starts)
    lines = [line for line, _ in plot._phase_marks if line.isVisible()]
    assert [line.value() for line in lines] == [2.5, 4.5]
    assert [text.toPlainText() for _, text in plot._phase_marks if text.isVisible()] == list(starts.values())
    plot.set_curves(curves, span=6, best=6)
    assert not any(item.isVisible() for mark in plot._phase_marks for item in mark)


def test_every_role_has_a_style() -> None:
    assert style_of("denoised").color == "denoised"
    assert style_of("anything").title == "anything"


# Series at times of their own


def irregular() -> Dataset:
    values = np.array([[1, np.nan, 3, np.nan], [np.nan, 5, 6, np.nan]], np.float32)[:, :, None]
    return Dataset(values=values, times=np.array([[0.0, 1, 2, 6], [0, 0.5, 1, 5]]))


def test_each_sample_is_drawn_at_its_own_times_as_dots(qtbot: QtBot) -> None:
    data = irregular()
    view = SampleView("view")
    qtbot.addWidget(view)
    view.set_dataset(data)
    plot = view.plot
    assert plot is not None
    view.show_samples({"sample": data.values[1]}, view.times_of(1))
    x, y = plot._dots["sample"].getData()
    assert (x.tolist(), y.tolist()) == ([0.5, 1.0], [5.0, 6.0])
    assert not np.size(drawn(plot, "sample")[0])
    first, last = plot.box.viewRange()[0]
    assert first < 0 and 6 < last < 7
    plot.set_visible("sample", False)
    assert not plot._dots["sample"].isVisible()


def test_a_curve_goes_on_beyond_the_observations(qtbot: QtBot) -> None:
    data = irregular()
    view = SampleView("view")
    qtbot.addWidget(view)
    view.set_dataset(data)
    times = np.linspace(0, 12, 30)
    view.show_samples(
        {"nearest": data.values[0], "decoded": np.sin(times)[:, None]}, {"nearest": data.times_of(0), "decoded": times}
    )
    view.mark_time(data.last_seen(0), "last seen")
    plot = view.plot
    assert plot is not None
    np.testing.assert_allclose(drawn(plot, "decoded")[0], times)
    assert plot.box.viewRange()[0][1] > 12
    assert plot._mark is not None and plot._mark.isVisible() and plot._mark.value() == 2.0
    view.mark_time(None)
    assert not plot._mark.isVisible()
    # Over common times again, the dots are gone.
    view.show_samples({"nearest": np.ones((4, 1), np.float32)})
    assert len(plot._dots["nearest"].getData()[0]) == 0
    assert len(drawn(plot, "nearest")[0]) == 4


def test_several_channels_keep_their_lanes(qtbot: QtBot, plot: CurvePlot) -> None:
    plot.configure(np.arange(3.0), np.array([[0.0, 1.0], [0.0, 10.0]]), channels=("a", "b"))
    values = np.array([[0.5, 1.0], [np.nan, 2.0], [0.7, np.nan]])
    plot.set_curve("noisy", values, x=np.array([0.0, 4.0, 5.0]))
    x, y = plot._dots["noisy"].getData()
    assert x.tolist() == [0.0, 5.0, 0.0, 4.0]
    assert (y[:2] > 1).all() and (y[2:] < 1).all()
    plot.set_curve("decoded", values, x=np.array([0.0, 4.0, 5.0]))
    x, y = drawn(plot, "decoded")
    assert np.isfinite(y).sum() == 4  # a line from one known value to the next
    assert np.isnan(y[2])


def test_dots_that_move_are_all_drawn_and_none_stays(qtbot: QtBot) -> None:
    view = pg.PlotWidget()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.setRange(xRange=(0, 1), yRange=(0, 1), padding=0)
    marks = Marks()
    marks.setBrush("r")
    marks.setPen(None)
    view.addItem(marks, ignoreBounds=True)
    view.show()

    def red() -> int:
        image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pixels = pg.functions.ndarray_from_qimage(image).view(np.uint8).reshape(image.height(), image.width(), 4)
        blue, green, strong = pixels[..., 0] < 100, pixels[..., 1] < 100, pixels[..., 2] > 200
        return int((blue & green & strong).sum())

    assert marks.getData()[0].size == 0 and red() == 0
    rng, least = np.random.default_rng(0), 0
    for count in (3, 700, 40, 0, 1):
        x, y = rng.uniform(0.1, 0.9, (2, count))
        marks.place(x, y)
        np.testing.assert_array_equal(np.stack(marks.getData()), [x, y])
        drawn = red()
        assert (drawn > 0) == (count > 0)
        least = max(least, drawn)
    assert red() < 0.02 * least  # one is left


def test_many_lanes_have_names_and_dots_that_fit(qtbot: QtBot) -> None:
    plot = CurvePlot()
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    plot.show()
    names = tuple(f"a very long name of a variable {i}" for i in range(37))
    plot.configure(np.arange(5.0), np.tile([0.0, 1.0], (37, 1)), channels=names)
    plot.set_curve("nearest", np.full((5, 37), 0.5), x=np.arange(5.0))
    dots, axis = plot._dots["nearest"], plot.item.getAxis("left")
    qtbot.waitUntil(lambda: dots.opts["size"] == 2)
    few = axis._tickLevels[0]
    assert 1 < len(few) <= plot.box.height() / plot.fontMetrics().height() + 1
    assert all(name.endswith("…") for _, name in few)
    plot.resize(300, 900)
    qtbot.waitUntil(lambda: dots.opts["size"] == 5)
    assert len(axis._tickLevels[0]) > len(few)
