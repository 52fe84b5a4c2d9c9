"""The runs as cards: choosing, renaming, deleting, copying."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.gui.controller import Controller
from explorer.gui.panels.runs import RunsPanel
from explorer.gui.theme import theme
from explorer.training.history import Epoch, History
from explorer.workspace.messages import EpochUpdate
from explorer.workspace.run import Run


@pytest.fixture
def panel(qtbot: QtBot, controller: Controller) -> RunsPanel:
    made = RunsPanel(controller)
    qtbot.addWidget(made)
    made.resize(300, 400)
    made.show()
    return made


@pytest.fixture
def two_runs(controller: Controller) -> list[Run]:
    """Return the runs of an autoencoder and of a PCA, the newest first."""
    controller.librarian.open_builtin("sines", {"n": 40})
    controller.trainer.start("pca", {}, None)
    controller.trainer.start("autoencoder", {"epochs": 2, "hidden": (4,)}, "gaussian:0.1")
    return controller.workspace.runs


def click(qtbot: QtBot, panel: RunsPanel, row: int) -> None:
    at = panel.list.visualRect(panel.model.index(row)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_without_runs_it_says_what_to_do(qtbot: QtBot, panel: RunsPanel) -> None:
    button = panel.findChild(QPushButton, "empty_train")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    pressed: list[int] = []
    panel.train_requested.connect(lambda: pressed.append(1))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert pressed == [1]


def test_a_click_or_a_key_goes_back_to_a_run(
    qtbot: QtBot, panel: RunsPanel, controller: Controller, two_runs: list[Run]
) -> None:
    workspace = controller.workspace
    assert panel.current == workspace.run == two_runs[0]
    click(qtbot, panel, 1)
    assert workspace.run == two_runs[1]
    assert workspace.codes is not None
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    assert workspace.run == two_runs[0]
    workspace.activate_run(two_runs[1].id)
    assert panel.current == two_runs[1]


def test_a_run_is_renamed_in_place(qtbot: QtBot, panel: RunsPanel, controller: Controller, two_runs: list[Run]) -> None:
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.list.findChild(QLineEdit, "rename_run")
    assert isinstance(editor, QLineEdit)
    assert editor.text() == two_runs[0].name
    editor.selectAll()
    qtbot.keyClicks(editor, "small net")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: controller.workspace.runs[0].name == "small net")
    assert panel.model.index(0).data() == "small net"
    controller.workspace.undo()
    assert panel.model.index(0).data() == two_runs[0].name


def test_an_empty_name_is_not_taken(panel: RunsPanel, controller: Controller, two_runs: list[Run]) -> None:
    assert not panel.model.setData(panel.model.index(0), "  ")
    assert controller.workspace.runs[0].name == two_runs[0].name


def test_a_run_is_deleted_and_brought_back(
    qtbot: QtBot, panel: RunsPanel, controller: Controller, two_runs: list[Run]
) -> None:
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [run.id for run in controller.workspace.runs] == [two_runs[1].id]
    assert panel.current == two_runs[1]
    assert panel.count.text() == "1 run"
    controller.workspace.undo()
    assert panel.current == two_runs[0]
    assert panel.model.rowCount() == 2


def test_settings_are_copied_as_json(panel: RunsPanel, two_runs: list[Run]) -> None:
    panel.copy_settings()
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied["model"] == "autoencoder"
    assert copied["params"] == {"epochs": 2, "hidden": [4]}
    assert copied["corruption"] == "gaussian:0.1"
    assert copied["metrics"]["test"]["mse"] > 0


def test_codes_are_exported(
    panel: RunsPanel, two_runs: list[Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "codes"), ""))
    panel.export_codes()
    lines = (tmp_path / "codes.csv").read_text().splitlines()
    assert len(lines) == 41


def test_the_menu_knows_what_can_be_done(panel: RunsPanel, two_runs: list[Run]) -> None:
    panel.menu.aboutToShow.emit()
    assert all(action.isEnabled() for action in panel.menu.actions())
    assert panel.menu.actions()[0].shortcut().toString() == "F2"
    shown: list[QPoint] = []
    panel.menu.popup = shown.append
    panel.list.customContextMenuRequested.emit(panel.list.visualRect(panel.model.index(0)).center())
    assert len(shown) == 1


def test_a_run_can_be_set_beside_another(panel: RunsPanel, two_runs: list[Run]) -> None:
    asked: list[tuple[int, bool]] = []
    panel.compare_requested.connect(lambda run, pca: asked.append((run, pca)))
    for name in ("run_compare", "run_compare_pca"):
        panel.findChild(QAction, name).trigger()
    assert asked == [(panel.current.id, False), (panel.current.id, True)]


def test_a_card_says_how_it_went(panel: RunsPanel, two_runs: list[Run]) -> None:
    run = two_runs[0]
    model = panel.model
    assert model.title(run) == "Autoencoder"
    assert model.subtitle(run) == "Autoencoder"
    assert model.course(run).startswith("2 epochs")
    assert model.metrics(run)[0][0].startswith("MSE 0.")
    assert "Settings: epochs = 2" in model.description(run)
    assert "gaussian:0.1" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize(
    ("gain", "role", "warning"),
    [(16.8, "good", ""), (-1e-7, "warn", "No better than its input"), (-1.25, "warn", "Worse than its input")],
)
def test_a_loss_against_the_input_is_not_hidden(panel: RunsPanel, gain: float, role: str, warning: str) -> None:
    run = Run(id=9, name="x", data=1, recipe="pca", status="done", metrics={"test": {"mse": 0.01, "snr_gain_db": gain}})
    assert panel.model.metrics(run)[1][1] == role
    assert panel.model.warning(run) == warning
    assert (warning in panel.model.description(run)) is True


def test_a_failed_run_says_why(panel: RunsPanel) -> None:
    run = Run(id=9, name="x", data=1, recipe="nowhere", status="failed", error="the loss was no number.\nTry less.")
    assert panel.model.metrics(run) == [("the loss was no number.", "bad")]
    assert panel.model.title(run) == "nowhere (not installed)"
    assert panel.model.warning(run) == ""


def test_a_training_shows_how_far_it_is(panel: RunsPanel, controller: Controller) -> None:
    controller.librarian.open_builtin("sines", {"n": 40})
    run = controller.workspace.begin_run("autoencoder", {"epochs": 10}, None)
    assert panel.model.course(panel.model.run(0)) == "starting"
    update = EpochUpdate(run.id, Epoch(1, {"loss": 1.0}, {}, 0.1), 10, 0)
    controller.workspace.note_epoch(update)
    controller.trainer.progress.emit(update, 27.0)
    shown = panel.model.run(0)
    assert panel.model.fraction(shown) == pytest.approx(0.1)
    assert panel.model.course(shown) == "epoch 1 of 10 · 27 s left"
    assert panel.model.metrics(shown) == [("train loss 1.00", "text")]
    panel._refresh_actions()
    assert not next(action for action in panel.menu.actions() if action.objectName() == "run_delete").isEnabled()
    controller.workspace.fail_run(run.id, "stopped by the test")


@pytest.mark.parametrize("width", [280, 360])
@pytest.mark.parametrize("name", ["light", "dark"])
def test_cards_are_painted_in_every_state(
    qtbot: QtBot, panel: RunsPanel, controller: Controller, two_runs: list[Run], width: int, name: str
) -> None:
    theme().choose(name)
    panel.resize(width, 900)
    states = ("queued", "training", "paused", "done", "cancelled", "diverged", "failed", "interrupted")
    history = History(epochs=[Epoch(1, {}, {}, 0.1)], stopped="early")
    panel.model._runs = [
        msgspec.structs.replace(two_runs[0], status=state, history=history, seconds=4.0) for state in states
    ]
    panel.model.layoutChanged.emit()
    image = panel.list.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert theme().palette.text.lower() in colors
    theme().choose("system")


def test_the_map_in_small_is_drawn(qtbot: QtBot, panel: RunsPanel, two_runs: list[Run]) -> None:
    qtbot.waitUntil(lambda: panel._maps.get(two_runs[1], 64) is not None, timeout=5000)
    pixmap = panel._maps.get(two_runs[1], 64)
    assert pixmap is not None
    image = pixmap.toImage()
    assert any(image.pixelColor(x, y).alpha() for x in range(64) for y in range(64))


def test_every_control_says_what_it_is(panel: RunsPanel) -> None:
    for widget in (panel.list, panel.more):
        assert isinstance(widget, QWidget)
        assert widget.objectName()
        assert widget.accessibleName()
    assert all(action.toolTip() for action in panel.menu.actions())
    assert panel.minimumSizeHint().width() <= 280
    assert isinstance(QApplication.instance(), QApplication)
