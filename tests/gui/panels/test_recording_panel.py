"""The recording and the map: one play-head, one selection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.data.windows import windowed
from explorer.gui.controller import Controller
from explorer.gui.map.panel import MapPanel
from explorer.gui.map.path import TRAIL, WHOLE
from explorer.gui.panels.recording import RecordingPanel
from tests.gui.sync_jobs import make_controller

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


def recording(steps: int = 4000, stride: int = 20) -> Dataset:
    time = np.arange(steps) / 50
    values = np.column_stack([np.sin(time), np.cos(3 * time)]).astype(np.float32)
    return windowed(Dataset(values=values[None], sampling_rate=50.0, channel_names=("a", "b")), 100, stride)


@pytest.fixture
def controller(qapp: object, tmp_path: Path) -> Iterator[Controller]:
    made = make_controller(tmp_path)
    made.workspace.add_data(recording())
    made.trainer.start("pca", {}, None)
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller) -> Iterator[RecordingPanel]:
    made = RecordingPanel(controller)
    qtbot.addWidget(made)
    made.resize(700, 260)
    made.show()
    qtbot.waitUntil(lambda: made.plot.pyramid is not None and made.plot.pyramid.whole)
    yield made
    made.plot.stop()


@pytest.fixture
def map_panel(qtbot: QtBot, controller: Controller) -> MapPanel:
    made = MapPanel(controller)
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_dragging_on_the_recording_moves_the_handle_and_decodes(
    qtbot: QtBot, controller: Controller, panel: RecordingPanel, map_panel: MapPanel
) -> None:
    decoded: list[np.ndarray] = []
    controller.hand.decoded.connect(lambda found: decoded.append(found.z))
    plot = panel.plot
    qtbot.mousePress(plot.viewport(), LEFT, pos=plot.pixel_of(2000).toPoint())
    first = controller.track.index
    qtbot.mouseMove(plot.viewport(), plot.pixel_of(3000).toPoint())
    qtbot.mouseRelease(plot.viewport(), LEFT, pos=plot.pixel_of(3000).toPoint())
    windows = controller.track.windows
    assert windows is not None and controller.workspace.codes is not None
    assert first == pytest.approx(windows.at(2000), abs=1)
    assert controller.track.index == pytest.approx(windows.at(3000), abs=1)
    assert controller.hand.source == controller.track.index == map_panel.canvas.path.index
    np.testing.assert_allclose(decoded[-1], controller.workspace.codes[controller.track.index], atol=1e-6)
    assert f"window {controller.track.index} of 196" in panel.place.text()


def test_the_handle_on_a_sample_moves_the_play_head(
    controller: Controller, panel: RecordingPanel, map_panel: MapPanel
) -> None:
    controller.hand.place_on(50)
    assert controller.track.index == 50
    assert panel.plot.head.value() == pytest.approx((50 * 20 + 49.5) / 50)
    assert "0:20.0" not in panel.place.text() and "20.00 s" in panel.place.text()


def test_brushing_the_map_shades_the_recording(controller: Controller, panel: RecordingPanel) -> None:
    controller.workspace.select([10, 11, 12, 100])
    assert panel.plot.spans.spans.tolist() == [[4.0, 6.8], [40.0, 42.0]]
    controller.workspace.undo()
    assert not len(panel.plot.spans.spans)


def test_brushing_the_recording_selects_its_windows(
    qtbot: QtBot, controller: Controller, panel: RecordingPanel
) -> None:
    plot = panel.plot
    start, end = plot.pixel_of(1000).toPoint(), plot.pixel_of(1500).toPoint()
    qtbot.mousePress(plot.viewport(), LEFT, SHIFT, start)
    qtbot.mouseMove(plot.viewport(), end)
    qtbot.mouseRelease(plot.viewport(), LEFT, SHIFT, end)
    windows = controller.track.windows
    assert windows is not None
    wanted = windows.within(1000, 1500)
    assert abs(len(controller.workspace.selection) - len(wanted)) <= 1
    assert set(controller.workspace.selection.tolist()) <= set(range(wanted[0] - 1, wanted[-1] + 2))


def test_it_plays_to_the_end_and_pauses(qtbot: QtBot, controller: Controller, panel: RecordingPanel) -> None:
    controller.track.move_to(180)
    panel.speed.setCurrentIndex(3)
    panel.speed.activated.emit(3)
    assert controller.track.speed == 500
    qtbot.mouseClick(panel.play, LEFT)
    assert controller.track.playing
    qtbot.waitUntil(lambda: controller.track.index == 195)
    qtbot.waitUntil(lambda: not controller.track.playing)
    assert not panel.play.isChecked()
    qtbot.keyClick(panel.plot, Qt.Key.Key_Left)
    assert controller.track.index == 194
    qtbot.keyClick(panel.plot, Qt.Key.Key_Space)
    assert controller.track.playing
    panel.hide()
    assert not controller.track.playing


def test_the_path_on_the_map_can_be_hidden(qtbot: QtBot, panel: RecordingPanel, map_panel: MapPanel) -> None:
    path = map_panel.canvas.path
    assert path.shown and path.active
    with_path = map_panel.canvas.grab().toImage()
    panel.path.setFocus()
    qtbot.keyClick(panel.path, Qt.Key.Key_Space)
    assert not path.shown
    assert map_panel.canvas.grab().toImage() != with_path


def test_of_very_many_windows_only_those_near_the_play_head_are_joined(map_panel: MapPanel) -> None:
    canvas = map_panel.canvas
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, WHOLE + 10))
    canvas.set_points(x, y, ("z1", "z2"))
    canvas.show_path(5000)
    lines = canvas.path._lines(5000 - TRAIL, 5000 + TRAIL, canvas.view)
    assert 0 < len(lines) < 2 * TRAIL
    canvas.grab()
    assert canvas.path.rect() is not None


def test_data_that_are_no_recording_say_so(qtbot: QtBot, controller: Controller, panel: RecordingPanel) -> None:
    controller.librarian.open_builtin("sines", {"n": 30})
    assert panel._empty.isVisible()
    assert controller.track.index == -1
    assert not panel.plot.head.isVisible()


def test_another_recording_begins_at_its_start(controller: Controller, panel: RecordingPanel) -> None:
    controller.track.move_to(150)
    controller.workspace.add_data(recording(1000))
    assert controller.track.index == 0
    assert "window 0 of 46" in panel.place.text()
    controller.workspace.activate_data(controller.workspace.data_entries[0].id)
    assert controller.track.index == controller.hand.source >= 0


def test_every_control_says_what_it_is(panel: RecordingPanel) -> None:
    for widget in (panel.play, panel.speed, panel.path, panel.whole, panel.plot):
        assert widget.objectName()
        assert widget.accessibleName()
        assert widget.toolTip()
    assert panel.minimumSizeHint().width() <= 480
