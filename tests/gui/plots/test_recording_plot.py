"""A long recording under a person's hand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.gui.plots.recording import RecordingPlot
from explorer.gui.plots.spans import SpansItem

LEFT, RIGHT, SHIFT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def plot(qtbot: QtBot) -> Iterator[RecordingPlot]:
    made = RecordingPlot()
    qtbot.addWidget(made)
    made.resize(700, 240)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.stop()


def long(steps: int = 2_000_000, channels: int = 1) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.normal(size=(steps, channels)).cumsum(axis=0).astype(np.float32)


def at(plot: RecordingPlot, step: float) -> QPoint:
    return plot.pixel_of(step).toPoint()


def drag(qtbot: QtBot, plot: RecordingPlot, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT,
         keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:  # fmt: skip
    qtbot.mousePress(plot.viewport(), button, keys, start)
    for share in (0.3, 0.6, 1.0):
        qtbot.mouseMove(plot.viewport(), start + (end - start) * share)
    qtbot.mouseRelease(plot.viewport(), button, keys, end)


def test_it_is_never_blank_and_exact_in_the_end(qtbot: QtBot, plot: RecordingPlot) -> None:
    values = long()
    values[1_234_567] = values.max() + 100
    with qtbot.waitSignal(plot.prepared):
        plot.set_recording(values, rate=100.0)
        qtbot.waitUntil(lambda: plot.envelope is not None and len(plot.envelope.steps) > 500)
        assert plot.envelope is not None and np.isfinite(plot.envelope.values).all()
    assert plot.envelope is not None
    assert plot.envelope.values.max() == values.max()
    assert plot._labels["bottom"] == "time (s)"


def test_zoomed_in_it_shows_the_values(qtbot: QtBot, plot: RecordingPlot) -> None:
    values = long(50_000, 3)
    plot.set_recording(values, channels=("a", "b", "c"))
    plot.box.setXRange(1000, 1100, padding=0)
    assert plot.envelope is not None and plot.envelope.size == 1
    np.testing.assert_array_equal(plot.envelope.values, values[1000:1101])


def test_many_channels_are_drawn_exactly_once_the_view_rests(qtbot: QtBot, plot: RecordingPlot) -> None:
    values = long(60_000, 40)
    with qtbot.waitSignal(plot.prepared):
        plot.set_recording(values, channels=tuple(f"c{i}" for i in range(40)))
    plot.box.setXRange(10_000, 20_000, padding=0)
    coarse = plot.envelope
    assert coarse is not None and coarse.size == 32
    qtbot.waitUntil(lambda: plot.envelope is not coarse and plot.envelope is not None and plot.envelope.size < 32)


def test_the_hand_moves_the_play_head_brushes_and_pans(qtbot: QtBot, plot: RecordingPlot) -> None:
    plot.set_recording(long(100_000), length=200)
    asked: list[float] = []
    brushed: list[tuple[float, float, bool]] = []
    plot.head_asked.connect(asked.append)
    plot.brushed.connect(lambda *found: brushed.append(found))
    drag(qtbot, plot, at(plot, 20_000), at(plot, 40_000))
    assert asked[0] == pytest.approx(20_000, abs=300)
    assert asked[-1] == pytest.approx(40_000, abs=300)
    drag(qtbot, plot, at(plot, 60_000), at(plot, 50_000), keys=SHIFT)
    assert brushed == [(pytest.approx(50_000, abs=300), pytest.approx(60_000, abs=300), False)]
    assert not len(plot.brush.spans)
    before = tuple(plot.box.viewRange()[0])
    plot.box.setXRange(20_000, 40_000, padding=0)
    drag(qtbot, plot, at(plot, 30_000), at(plot, 25_000), RIGHT)
    low, high = plot.box.viewRange()[0]
    assert low == pytest.approx(25_000, abs=200) and high == pytest.approx(45_000, abs=200)
    qtbot.mouseDClick(plot.viewport(), LEFT, pos=at(plot, 30_000))
    assert tuple(plot.box.viewRange()[0]) == pytest.approx(before, rel=1e-6)


def test_wheel_and_keys(qtbot: QtBot, plot: RecordingPlot) -> None:
    plot.set_recording(long(100_000))
    steps: list[int] = []
    plays: list[int] = []
    plot.stepped.connect(steps.append)
    plot.play_asked.connect(lambda: plays.append(1))
    place = QPointF(at(plot, 50_000))
    wide = np.ptp(plot.box.viewRange()[0])
    event = QWheelEvent(
        place, plot.mapToGlobal(place), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.viewport(), event)
    assert np.ptp(plot.box.viewRange()[0]) == pytest.approx(wide / 1.44, rel=0.02)
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Left, SHIFT)
    qtbot.keyClick(plot, Qt.Key.Key_Space)
    assert steps == [1, -10] and plays == [1]
    before = plot.box.viewRange()[0]
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert np.ptp(plot.box.viewRange()[0]) < np.ptp(before)
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert np.ptp(plot.box.viewRange()[0]) == pytest.approx(wide, rel=0.01)


def test_a_view_that_the_play_head_leaves_follows(plot: RecordingPlot) -> None:
    plot.set_recording(long(100_000), rate=10.0, length=100)
    plot.box.setXRange(100, 200, padding=0)
    plot.set_head(5000)
    assert plot.head.value() == pytest.approx(504.95)
    assert plot.window_span.spans.tolist() == [[500, 510]]
    plot.reveal(5050)
    low, high = plot.box.viewRange()[0]
    assert low < 505 < high


def test_spans_that_share_a_pixel_are_drawn_as_one() -> None:
    item = SpansItem()
    item.set_spans(np.array([[0.0, 1.0], [1.5, 2.0], [10.0, 10.1], [50.0, 60.0]]))
    assert item.shown(0, 100, 1.0).tolist() == [[0, 2], [10, 11], [50, 60]]
    assert item.shown(5, 20, 0.01).tolist() == [[10.0, 10.1]]
    starts = np.arange(0, 1e6, 2.0)
    item.set_spans(np.column_stack([starts, starts + 1]))
    assert len(item.shown(0, 1e6, 1000)) == 1
