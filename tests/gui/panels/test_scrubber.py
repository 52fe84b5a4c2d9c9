"""Looking back: the map as it was after earlier epochs, dragged through, played, and left."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QSlider
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui import past as looking
from explorer.gui.controller import Controller
from explorer.gui.map.panel import MapPanel
from explorer.gui.outlook import View
from explorer.gui.panels.training import TrainingPanel
from explorer.workspace.stored_past import PastCodes

EPOCHS = (1, 2, 5, 9)


def codes_of(epoch: int, n: int = 120) -> np.ndarray:
    """Return codes that tell their epoch: all coordinates lie within it."""
    return np.random.default_rng(epoch).uniform(0, epoch, size=(n, 2)).astype(np.float32)


@pytest.fixture
def panels(trained: Controller, qtbot: QtBot) -> tuple[Controller, MapPanel, TrainingPanel]:
    """A run with the maps of four epochs, the map and the training panel."""
    run = trained.workspace.run
    assert run is not None
    trained.workspace.project.write_past(run.id, [PastCodes(epoch, 1, codes_of(epoch)) for epoch in EPOCHS])
    trained.workspace.active_run_changed.emit()
    around = MapPanel(trained)
    below = TrainingPanel(trained)
    for panel in (around, below):
        qtbot.addWidget(panel)
        panel.resize(700, 420)
        panel.show()
    return trained, around, below


def drawn(panel: MapPanel) -> np.ndarray:
    return np.column_stack([panel.canvas.points.x, panel.canvas.points.y])


def drag_to(slider: QSlider, place: int) -> None:
    """Draw the slider's handle along with the mouse to a place."""

    def at(value: int) -> QPoint:
        share = value / slider.maximum()
        return QPoint(round(6 + share * (slider.width() - 12)), slider.height() // 2)

    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at(slider.value()))
    QTest.mouseMove(slider, at(place))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at(place))


def test_dragging_the_slider_shows_the_map_as_it_was(panels: tuple) -> None:
    controller, around, below = panels
    slider = below.scrubber.slider
    assert below.scrubber.isVisible() and slider.maximum() == len(EPOCHS)
    assert below.scrubber.words.text() == "now"
    assert around.canvas.moving.at is not None
    drag_to(slider, 2)
    assert controller.past.epoch == 5
    np.testing.assert_allclose(drawn(around), codes_of(5), atol=0.01)
    assert below.scrubber.words.text() == "epoch 5"
    assert around.note.text == "As it was after epoch 5"
    assert around.canvas.moving.at is None  # a handle would decode with other weights than these codes are of
    drag_to(slider, len(EPOCHS))
    assert controller.past.epoch == 0
    np.testing.assert_allclose(drawn(around), controller.workspace.codes, atol=1e-6)
    assert around.canvas.moving.at is not None


def test_the_note_on_the_map_leads_back(panels: tuple, qtbot: QtBot) -> None:
    controller, around, below = panels
    below.scrubber.slider.setValue(0)
    assert controller.past.epoch == 1
    qtbot.mouseClick(around.note.button, Qt.MouseButton.LeftButton)
    assert controller.past.epoch == 0 and around.note.text == ""


def test_epochs_are_played_and_end_in_the_present(panels: tuple, qtbot: QtBot) -> None:
    controller, _, below = panels
    controller.past._beat.setInterval(5)
    seen: list[int] = []
    controller.past.changed.connect(lambda: seen.append(controller.past.epoch))
    play = below.findChild(QPushButton, "play-epochs")
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    assert play.text() == "Pause"
    qtbot.waitUntil(lambda: not controller.past.playing)
    assert seen == [*EPOCHS, 0]
    assert play.text() == "Play"
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    assert controller.past.epoch == 1 and not controller.past.playing


def test_of_many_epochs_some_are_left_out_while_they_are_played(
    trained: Controller, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_PLAYED", 2)
    run = trained.workspace.run
    assert run is not None
    trained.workspace.project.write_past(run.id, [PastCodes(epoch, 1, codes_of(epoch)) for epoch in range(1, 9)])
    trained.workspace.active_run_changed.emit()
    trained.past._beat.setInterval(5)
    seen: list[int] = []
    trained.past.changed.connect(lambda: seen.append(trained.past.epoch))
    trained.past.play()
    qtbot.waitUntil(lambda: not trained.past.playing)
    assert seen == [1, 5, 8, 0]


def test_samples_that_were_not_kept_are_counted(panels: tuple) -> None:
    controller, around, _ = panels
    run = controller.workspace.run
    controller.workspace.project.write_past(run.id, [PastCodes(7, 4, codes_of(7, 30))])
    controller.workspace.active_run_changed.emit()
    controller.past.show(7)
    assert around.header.showing.text().endswith("of 120 · 90 not kept")
    np.testing.assert_allclose(drawn(around)[::4], codes_of(7, 30), atol=0.01)


def test_new_codes_of_a_training_do_not_disturb_who_looks_back(panels: tuple) -> None:
    controller, around, _ = panels
    controller.past.show(2)
    controller.workspace.codes_changed.emit()
    np.testing.assert_allclose(drawn(around), codes_of(2), atol=0.01)


def test_another_run_is_shown_as_it_is_now(panels: tuple, sines: Dataset) -> None:
    controller, _, below = panels
    controller.past.show(2)
    controller.trainer.start("pca", {"latent_dim": 3}, None)
    assert controller.past.epoch == 0 and controller.past.epochs == []
    assert not below.scrubber.isVisibleTo(below)


def test_a_damaged_epoch_is_told_and_the_present_shown(panels: tuple) -> None:
    controller, _, _ = panels
    told: list[Exception] = []
    controller.failed.connect(told.append)
    controller.workspace.project._db.write("UPDATE past_codes SET codes = x'00' WHERE epoch = 5")
    controller.past.show(2)
    controller.past.show(5)
    assert controller.past.epoch == 0
    assert len(told) == 1 and "damaged" in str(told[0])


def test_the_training_is_exported_as_an_animation(panels: tuple, tmp_path, qtbot: QtBot) -> None:
    from explorer.gui.dialogs.export import ExportDialog

    controller, _, below = panels
    qtbot.mouseClick(below.findChild(QPushButton, "export-animation"), Qt.MouseButton.LeftButton)
    dialog = below.window().findChild(ExportDialog)
    assert dialog.what.currentData() == "training"
    assert [dialog.format.itemData(i) for i in range(dialog.format.count())] == ["mp4", "gif", "apng"]
    dialog.format.setCurrentIndex(1)
    dialog.dpi.setValue(50)
    dialog.path.setText(str(tmp_path / "film.gif"))
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    from PIL import Image

    with Image.open(tmp_path / "film.gif") as film:
        assert getattr(film, "n_frames", 1) == len(EPOCHS)
    assert controller.exporter.has_training
    controller.outlook.choose(View("axes", 2, (1, 0, 2)))
    assert controller.exporter.has_training
