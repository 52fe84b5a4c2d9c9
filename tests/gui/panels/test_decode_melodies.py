"""The decode panel over melodies: a piano roll, played, and saved as MIDI, sound or a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from explorer.data.generated import make
from explorer.data.reader import load
from explorer.gui.controller import Controller
from explorer.gui.panels.decode import DecodePanel


@pytest.fixture
def panel(controller: Controller, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[DecodePanel]:
    monkeypatch.setattr("explorer.workspace.sound_device.open_device", lambda rate: None)
    controller.workspace.add_data(make("tunes", n=30))
    settings = {"latent_dim": 3, "epochs": 6, "hidden": 24, "learning_rate": 0.02}
    controller.trainer.start("music-vae", settings, None)
    panel = DecodePanel(controller)
    qtbot.addWidget(panel)
    panel.resize(340, 320)
    panel.show()
    controller.hand.place_on(4)
    yield panel
    panel.player.stop()


def test_the_decoded_melody_is_on_a_roll_over_the_nearest(panel: DecodePanel, controller: Controller) -> None:
    data = controller.workspace.data
    assert data is not None and panel.view.roll is not None and panel.view.roll.isVisible()
    np.testing.assert_array_equal(panel.view.samples["nearest"], data.values[4])
    assert panel.view.samples["decoded"].dtype == np.int32
    assert list(panel.view.roll.melodies) == ["nearest", "decoded"]
    assert panel.save.text() == "Save MIDI…"


def test_it_is_played_with_a_moving_line_until_the_hand_moves_on(
    panel: DecodePanel, controller: Controller, qtbot: QtBot
) -> None:
    assert panel.view.roll is not None
    qtbot.mouseClick(panel.play, Qt.MouseButton.LeftButton)
    assert panel.player.playing and panel.player.silent
    qtbot.waitUntil(lambda: panel.view.roll is not None and (panel.view.roll.playing or 0) > 0, timeout=3000)
    assert "no sound" in panel.play.text()
    panel._playing = np.full(32, -1)  # what is decoded next is another melody
    controller.hand.set_code(np.array([3.0, -3.0, 3.0]))
    assert not panel.player.playing and panel.view.roll.playing is None


@pytest.mark.parametrize("name", ["x.mid", "x.wav", "x.csv"])
def test_it_is_saved(
    panel: DecodePanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, name: str
) -> None:
    path, asked = tmp_path / name, []

    def choose(*arguments: object) -> tuple[str, str]:
        asked.append(arguments)
        return str(path), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)
    assert path.exists()
    assert asked[0][2] == "decoded.mid" and "MIDI (*.mid)" in asked[0][3]
    if name == "x.mid" and (panel.view.samples["decoded"] > 1).any():
        np.testing.assert_array_equal(load(path).values[0], panel.view.samples["decoded"])


def test_other_data_have_no_play_button(panel: DecodePanel, controller: Controller) -> None:
    assert panel.play.isVisibleTo(panel)
    controller.workspace.add_data(make("sines", n=20))
    assert not panel.play.isVisibleTo(panel)
    assert panel.save.text() == "Save CSV…" and panel.view.roll is None
