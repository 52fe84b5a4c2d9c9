"""The warning of a collapse, while and after a training, and its remedy at one press."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from explorer.data.dataset import Dataset
from explorer.gui.controller import Controller
from explorer.gui.panels.collapse import CollapseBox
from explorer.gui.panels.model import ModelPanel
from explorer.gui.panels.training import TrainingPanel
from explorer.training.history import Epoch, History
from explorer.workspace.run import Run


def epochs(kl: float, n: int = 20) -> list[Epoch]:
    return [Epoch(i + 1, {"kl": kl, "loss": 1.0}, {"kl": kl, "loss": 1.0}, 0.1) for i in range(n)]


@pytest.fixture
def box(qtbot: QtBot) -> CollapseBox:
    made = CollapseBox()
    qtbot.addWidget(made)
    return made


def run_of(controller: Controller, sines: Dataset, recipe: str = "vae", **params: float) -> Run:
    controller.workspace.add_data(sines)
    return controller.workspace.begin_run(recipe, params, None)


def test_it_warns_while_it_trains_and_offers_remedies_after(
    box: CollapseBox, controller: Controller, sines: Dataset, qtbot: QtBot
) -> None:
    run = run_of(controller, sines, beta=10.0)
    box.show_of(run, epochs(5.0), busy=True)
    assert box.isHidden()
    box.show_of(run, epochs(0.01), busy=True)
    assert not box.isHidden() and "near zero" in box.banner.text and box.button.isHidden()
    done = msgspec.structs.replace(run, status="done")
    box.show_of(done, epochs(0.01), busy=False)
    assert not box.button.isHidden() and box.button.isEnabled() and box.button.text() == "Train again with free bits"
    assert box.button.accessibleName() and "free_bits 0.25" in box.button.toolTip()
    with qtbot.waitSignal(box.chosen) as told:
        qtbot.mouseClick(box.button, Qt.MouseButton.LeftButton)
    assert told.args == [{"free_bits": 0.25}]
    titles = [action.text() for action in box.button.menu().actions()]
    assert titles == [f"Train again with {each}" for each in ("free bits", "a longer warm-up", "a lower β")]
    with qtbot.waitSignal(box.chosen) as told:
        box.button.menu().actions()[2].trigger()
    assert told.args == [{"beta": 0.25}]


def test_what_the_notes_tell_is_not_told_twice(box: CollapseBox, controller: Controller, sines: Dataset) -> None:
    run = run_of(controller, sines)
    history = History(epochs=epochs(0.01), notes=["The code says nothing (posterior collapse): …"])
    box.show_of(msgspec.structs.replace(run, status="done", history=history), history.epochs, busy=False)
    assert box.banner.text == "" and not box.button.isHidden()
    box.show_of(None, [], busy=False)
    assert box.isHidden()


def test_the_remedy_trains_a_new_run_with_the_form_changed(
    controller: Controller, sines: Dataset, qtbot: QtBot
) -> None:
    training, model = TrainingPanel(controller), ModelPanel(controller)
    for panel in (training, model):
        qtbot.addWidget(panel)
        panel.resize(620, 400)
        panel.show()
    training.remedy_requested.connect(model.train_again)
    workspace = controller.workspace
    workspace.add_data(sines)
    controller.trainer.start(
        "vae", {"epochs": 40, "beta": 1e3, "hidden": (4,), "warm_up": 0, "batch_size": 8, "learning_rate": 0.02}, None
    )
    run = workspace.run
    assert run is not None and any("posterior collapse" in note for note in run.history.notes)
    button = training.collapse.button
    qtbot.waitUntil(button.isVisible, timeout=5_000)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, button.height() // 2))
    again = max(workspace.runs, key=lambda each: each.id)
    assert len(workspace.runs) == 2 and again.recipe == "vae"
    assert again.params["free_bits"] == 0.25 and again.params["beta"] == 1e3
    assert model.form is not None and model.form.values()["free_bits"] == 0.25
