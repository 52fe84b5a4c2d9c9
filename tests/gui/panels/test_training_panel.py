"""The training panel: progress and buttons while a run trains, its history and how it ended after."""

from __future__ import annotations

import time

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.panels.outcome import outcome
from explorer.gui.panels.training import DRAGGED_MS, REDRAW_MS, TrainingPanel
from explorer.gui.theme import theme
from explorer.gui.widgets.numbers import number
from explorer.training.history import Epoch, History
from explorer.workspace.messages import EpochUpdate
from explorer.workspace.run import Run


def make_panel(controller: Controller, qtbot: QtBot) -> TrainingPanel:
    panel = TrainingPanel(controller)
    qtbot.addWidget(panel)
    panel.resize(620, 220)
    panel.show()
    return panel


def epoch(number_: int) -> Epoch:
    loss = 1.0 / number_
    return Epoch(number_, {"loss": loss, "mse": loss - 0.01, "kl": 0.01}, {"loss": 1.2 * loss}, 0.1 * number_)


@pytest.fixture
def begun(controller: Controller, sines: Dataset, qtbot: QtBot) -> tuple[Controller, TrainingPanel, Run]:
    """A run that trains, reported by hand."""
    panel = make_panel(controller, qtbot)
    controller.workspace.add_data(sines)
    run = controller.workspace.begin_run("autoencoder", {}, None)
    return controller, panel, run


def report(controller: Controller, run: Run, number_: int, seconds_left: float | None = None) -> None:
    update = EpochUpdate(run.id, epoch(number_), 50, 0)
    controller.workspace.note_epoch(update)
    controller.trainer.progress.emit(update, seconds_left)


def test_empty_states(controller: Controller, sines: Dataset, qtbot: QtBot) -> None:
    panel = make_panel(controller, qtbot)
    assert panel.stages.stage == "data"
    controller.workspace.add_data(sines)
    assert panel.stages.stage == "run"
    with qtbot.waitSignal(panel.train_requested):
        qtbot.mouseClick(panel.findChild(QPushButton, "training-train"), Qt.MouseButton.LeftButton)


def test_progress_is_told_and_drawn(begun: tuple[Controller, TrainingPanel, Run]) -> None:
    controller, panel, run = begun
    assert panel.pause.isVisible()
    assert panel.cancel.isVisible()
    for number_ in range(1, 13):
        report(controller, run, number_, 34.0)
    panel._redraw.flush()
    assert panel.progress_text.text() == "Epoch 12 of 50 · 0:34 left"
    assert panel.bar.value() == 240
    assert panel.losses.text() == f"Loss: train {number(1 / 12)}, validation {number(0.1)}"
    curves = panel.plot.curves
    np.testing.assert_allclose(curves["loss, train"].values, [1 / n for n in range(1, 13)])
    np.testing.assert_allclose(curves["loss, validation"].values, [1.2 / n for n in range(1, 13)])
    assert panel.plot.box.viewRange()[0][1] > 50  # the epochs to come have their place
    assert panel.plot._best == 12


def test_what_goes_on_beside_the_epochs_is_told(begun: tuple[Controller, TrainingPanel, Run]) -> None:
    controller, panel, run = begun
    report(controller, run, 50)
    controller.trainer.stage.emit(0.25, "encoding", 12.0)
    panel._redraw.flush()
    assert panel.progress_text.text() == "Encoding · 0:12 left"
    assert panel.bar.value() == 250 and panel.bar.maximum() == 1000
    report(controller, run, 51)
    panel._redraw.flush()
    assert panel.progress_text.text().startswith("Epoch 51 of 50")


def test_terms_and_scale_are_toggled(begun: tuple[Controller, TrainingPanel, Run], qtbot: QtBot) -> None:
    controller, panel, run = begun
    report(controller, run, 1)
    report(controller, run, 2)
    panel._redraw.flush()
    assert panel.legend.keys == ["train", "validation", "term mse", "term kl", "log scale"]
    assert set(panel.plot.curves) == {"loss, train", "loss, validation"}
    qtbot.mouseClick(panel.legend.chip("term kl"), Qt.MouseButton.LeftButton)
    assert panel.plot.curves["kl, train"].values.tolist() == [0.01, 0.01]
    qtbot.mouseClick(panel.legend.chip("validation"), Qt.MouseButton.LeftButton)
    assert "loss, validation" not in panel.plot.curves
    qtbot.mouseClick(panel.legend.chip("log scale"), Qt.MouseButton.LeftButton)
    assert panel.plot.logarithmic


def test_a_theme_recolours_terms_and_keeps_the_toggles(
    begun: tuple[Controller, TrainingPanel, Run], qtbot: QtBot
) -> None:
    controller, panel, run = begun
    report(controller, run, 1)
    panel._redraw.flush()
    qtbot.mouseClick(panel.legend.chip("term kl"), Qt.MouseButton.LeftButton)
    try:
        for choice in ("light", "dark"):
            theme().choose(choice)
            assert panel.legend.is_on("term kl")
            assert not panel.legend.is_on("term mse")
            assert panel.plot.curves["kl, train"].style.color == theme().palette.class_color(3)
            assert panel.legend.chip("term kl")._style == panel.plot.curves["kl, train"].style
    finally:
        theme().choose("system")


def redraws(panel: TrainingPanel) -> list[int]:
    """Return a list that grows by one with each redraw from now on."""
    panel._redraw.flush()
    drawn: list[int] = []
    draw = panel.plot.set_curves
    panel.plot.set_curves = lambda *a, **k: (drawn.append(1), draw(*a, **k))[1]
    return drawn


def test_redraws_are_few(begun: tuple[Controller, TrainingPanel, Run], qtbot: QtBot) -> None:
    controller, panel, run = begun
    drawn = redraws(panel)
    for number_ in range(1, 41):
        report(controller, run, number_)
    assert len(drawn) <= 1
    qtbot.wait(3 * REDRAW_MS)
    assert 1 <= len(drawn) <= 3
    assert len(panel.plot.curves["loss, train"].values) == 40


def test_redraws_are_fewer_under_a_moving_hand(begun: tuple[Controller, TrainingPanel, Run], qtbot: QtBot) -> None:
    controller, panel, run = begun
    drawn = redraws(panel)
    controller.hand._moved = time.monotonic() + 60  # goes on moving
    report(controller, run, 1)
    qtbot.wait(2 * REDRAW_MS)
    assert not drawn
    qtbot.waitUntil(lambda: bool(drawn), timeout=4 * DRAGGED_MS)
    controller.hand._moved = -60.0
    report(controller, run, 2)
    qtbot.waitUntil(lambda: len(drawn) == 2, timeout=4 * DRAGGED_MS)
    assert len(panel.plot.curves["loss, train"].values) == 2


def test_pause_resume_and_cancel(
    begun: tuple[Controller, TrainingPanel, Run], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller, panel, run = begun
    said: list[str] = []

    def pause() -> None:
        said.append("pause")
        controller.workspace.pause_run(run.id, True)

    def resume() -> None:
        said.append("resume")
        controller.workspace.pause_run(run.id, False)

    monkeypatch.setattr(controller.trainer, "pause", pause)
    monkeypatch.setattr(controller.trainer, "resume", resume)
    monkeypatch.setattr(controller.trainer, "cancel", lambda: said.append("cancel"))
    report(controller, run, 1)
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    assert panel.pause.text() == "Resume"
    panel._redraw.flush()
    assert panel.progress_text.text().startswith("Paused")
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    assert panel.pause.text() == "Pause"
    qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    assert not panel.cancel.isEnabled()
    assert said == ["pause", "resume", "cancel"]


def test_a_real_training_leaves_its_history(controller: Controller, sines: Dataset, qtbot: QtBot) -> None:
    panel = make_panel(controller, qtbot)
    controller.workspace.add_data(sines)
    controller.trainer.start("autoencoder", {"epochs": 3, "hidden": "8"}, None)
    panel._redraw.flush()
    run = controller.workspace.run
    assert run is not None and len(run.history.epochs) == 3
    expected = [each.train["loss"] for each in run.history.epochs]
    np.testing.assert_allclose(panel.plot.curves["loss, train"].values, expected)
    assert not panel.pause.isVisible()
    assert not panel.cancel.isVisible()
    assert panel.plot._best == run.history.best_epoch
    assert "Test set:" in panel.banner.text
    assert panel.progress_text.text().startswith("3 epochs in ")


def test_another_run_shows_its_own_history(controller: Controller, sines: Dataset, qtbot: QtBot) -> None:
    panel = make_panel(controller, qtbot)
    controller.workspace.add_data(sines)
    for epochs in (3, 2):
        controller.trainer.start("autoencoder", {"epochs": epochs, "hidden": "8"}, None)
    first = controller.workspace.runs[-1]
    controller.workspace.activate_run(first.id)
    panel._redraw.flush()
    assert panel.headline.text() == first.name
    assert len(panel.plot.curves["loss, train"].values) == 3


def ended(status: str, **history: object) -> Run:
    epochs = [epoch(n) for n in range(1, 6)]
    done = History(epochs=epochs, best_epoch=3, **history)
    return Run(id=1, name="run", data=1, recipe="vae", status=status, history=done)


def test_how_a_run_ended() -> None:
    cases = [
        (ended("diverged", stopped="diverged"), "bad", "smaller learning rate"),
        (ended("done", stopped="early"), "info", "Stopped early at epoch 5"),
        (ended("cancelled", stopped="cancelled"), "info", "weights of epoch 3 are kept"),
        (ended("interrupted"), "warn", "last snapshot is kept"),
        (msgspec.structs.replace(ended("failed"), error="Out of memory."), "bad", "Out of memory."),
        (
            msgspec.structs.replace(ended("done", stopped="finished"), metrics={"test": {"snr_gain_db": -6.3}}),
            "warn",
            "−6.3 dB, worse than its input",
        ),
        (ended("done", stopped="finished"), "info", ""),
    ]
    for run, level, words in cases:
        found, text, notes = outcome(run)
        assert found == level
        assert words in text
        assert notes == []


def test_notes_are_shown(begun: tuple[Controller, TrainingPanel, Run]) -> None:
    controller, panel, run = begun
    note = "No memory was left on the GPU; trained on the CPU."
    history = History(epochs=[epoch(1)], notes=[note])
    controller.workspace._set_run(msgspec.structs.replace(run, history=history, status="training"))
    panel._redraw.flush()
    assert panel.notes.text == note
